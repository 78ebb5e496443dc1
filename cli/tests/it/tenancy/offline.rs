//! `onward tenancy`: what the page shows, what each format says, and the exit status.

use std::error::Error;

use crate::Outcome;
use crate::support::page::shows;
use crate::support::{Ended, Folder, MODULES, command, onward, run};

const PAGE: &str = include_str!("../../../../docs/tenancy.md");

/// The text of the block below a line of the page.
fn block(below: &str) -> Result<&'static str, Box<dyn Error>> {
    let (_, rest) = PAGE.split_once(&format!("\n`{below}`\n")).ok_or(below)?;
    let (_, rest) = rest.split_once("```").ok_or(below)?;
    let (_, rest) = rest.split_once('\n').ok_or(below)?;
    Ok(rest.split_once("```").ok_or(below)?.0)
}

async fn tenancy(folder: &Folder, arguments: &[&str]) -> Result<Ended, Box<dyn Error>> {
    let mut command = command(&[&["tenancy"], arguments].concat());
    command.current_dir(folder.root());
    run(command).await
}

fn shop() -> Result<Folder, Box<dyn Error>> {
    let files = ["shop/onward.toml", "shop/001_orders.sql"];
    Folder::new(&[(files[0], block(files[0])?), (files[1], block(files[1])?)])
}

#[tokio::test]
async fn the_page_shows_what_the_command_prints() -> Outcome {
    let ended = tenancy(&shop()?, &["shop"]).await?;
    assert_eq!(ended.out, block("onward tenancy shop")?);
    shows("tenancy.md", "shop: a row's tenant is", &ended.out);
    assert_eq!(ended.status, Some(1));
    Ok(())
}

#[tokio::test]
async fn programs_get_each_verdict_with_its_reason() -> Outcome {
    let ended = tenancy(&shop()?, &["shop", "--format", "json"]).await?;
    let json = ended.with(1).json()?;
    let module = &json["modules"][0];
    assert_eq!(module["tenancy"]["setting"], "app.tenant_id");
    let orders = &module["tables"][0];
    assert_eq!(orders["table"], "shop.orders");
    assert_eq!(orders["commands"][0]["verdict"], "LEAK");
    assert_eq!(orders["commands"][0]["policy"], "orders_sample");
    assert_eq!(
        orders["commands"][0]["because"],
        "tenant 1 reads rows of tenant 2, where `is_sample`"
    );
    assert_eq!(module["tables"][1]["commands"][1]["closed"], true);
    let sarif = tenancy(&shop()?, &["shop", "--format", "sarif"]).await?;
    let sarif = sarif.with(1).json()?;
    let results = sarif["runs"][0]["results"].as_array().ok_or("results")?;
    let rules: Vec<_> = results.iter().map(|one| &one["ruleId"]).collect();
    assert_eq!(
        rules,
        [
            "multiple-permissive-policies",
            "policy-leaks-tenants",
            "unproved-policy"
        ]
    );
    Ok(())
}

#[tokio::test]
async fn a_module_without_tenants_is_no_error_and_a_missing_one_is() -> Outcome {
    let plain = Folder::new(&[(
        "auth/001_a.sql",
        "CREATE TABLE auth.a (id bigint PRIMARY KEY);\n",
    )])?;
    let ended = tenancy(&plain, &["auth"]).await?;
    assert!(
        ended
            .with(0)
            .out
            .starts_with("auth: tenancy is not required"),
        "{}",
        ended.out
    );
    let ended = tenancy(&plain, &["nowhere", "--format", "json"]).await?;
    assert_eq!(
        (ended.status, &ended.json()?["kind"]),
        (Some(2), &"file".into())
    );
    Ok(())
}

#[tokio::test]
async fn everything_is_proved_in_the_seven_modules() -> Outcome {
    let ended = onward(&[&["tenancy"], MODULES].concat()).await?;
    let ended = ended.with(0);
    assert!(
        !ended.out.contains("LEAK") && !ended.out.contains("UNVERIFIED"),
        "{}",
        ended.out
    );
    assert_eq!(
        ended.out.matches("0 leaks, 0 not verified").count(),
        MODULES.len()
    );
    Ok(())
}
