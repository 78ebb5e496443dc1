//! `onward roles`: the SQL is pasted, and what differs from it is found.

use onward_pg::{Database, database};

use crate::Outcome;
use crate::support::page::shows;
use crate::support::{FOLDER, onward, onward_on};

/// Names of its own, because roles belong to the whole server.
fn names(database: &Database) -> [String; 3] {
    ["owner", "app", "auditor"].map(|part| format!("{part}_{}", database.name()))
}

#[tokio::test]
async fn what_is_printed_can_be_pasted_and_is_what_is_checked() -> Outcome {
    let database = database().await?;
    let admin = database.connect().await?;
    let [owner, application, auditor] = &names(&database);
    let roles = [
        "roles",
        FOLDER,
        "--owner",
        owner,
        "--application",
        application,
        "--auditor",
        auditor,
    ];
    let check = [&roles[..], &["--check"]].concat();
    let missing = onward_on(&database, &check).await?;
    missing.with(1).says(&["does not exist"]);

    let sql = onward(&roles).await?;
    admin.batch_execute(&sql.with(0).out).await?;
    admin.batch_execute(&sql.out).await?;
    let right = onward_on(&database, &check).await?;
    right.with(0).says(&["no more"]);

    admin
        .batch_execute(&format!("GRANT {owner} TO {application}"))
        .await?;
    let wrong = onward_on(&database, &check).await?;
    let fix = format!("REVOKE {owner} FROM {application};");
    wrong.with(1).says(&["can become", &fix]);
    let printed = wrong.out.replace(owner.as_str(), "app_owner");
    let printed = printed.replace(application.as_str(), "app");
    let at = printed.find("app can become").unwrap_or_default();
    let lines: Vec<_> = printed[at..].lines().take(2).map(str::trim_end).collect();
    shows("roles.md", "app can become", &lines.join("\n"));
    let json = [&check[..], &["--format", "json"]].concat();
    let document = onward_on(&database, &json).await?.with(1).json()?;
    assert_eq!(document["problems"][0]["role"], application.as_str());
    assert_eq!(document["problems"][0]["fix"], fix.trim_end_matches(';'));
    for role in [owner, application, auditor] {
        let drop = format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}");
        admin.batch_execute(&drop).await?;
    }
    Ok(())
}

#[tokio::test]
async fn two_parts_are_not_one_role() -> Outcome {
    let same = onward(&["roles", FOLDER, "--owner", "app"]).await?;
    same.with(2).says(&["three roles, and two of them are app"]);
    let without_url = onward(&["roles", FOLDER, "--check"]).await?;
    without_url.with(2).says(&["--url"]);
    let plain = onward(&["roles", FOLDER]).await?;
    plain
        .with(0)
        .says(&["CREATE ROLE \"app_owner\" LOGIN", "\"shop\""]);
    Ok(())
}
