//! The plan of a binary and the ledger of a database disagree.

use onward::{Drift, Error, Plan};
use onward_pg::database;

use crate::support::data_worker::finish;
use crate::support::folder::Folder;
use crate::support::witness::{is_sound, ledger, row};
use crate::{Outcome, SHOP, applied, release, start};

/// Releases the shop, then starts another version of it, which must change nothing.
async fn refused(plan: &Plan) -> Result<Error, Box<dyn std::error::Error>> {
    refused_after(&SHOP, plan).await
}

async fn refused_after(first: &Plan, plan: &Plan) -> Result<Error, Box<dyn std::error::Error>> {
    let database = database().await?;
    let mut client = database.connect().await?;
    release(first, &mut client).await?;
    let before = ledger(&client).await?;
    let refused = start(plan, &mut client).await;
    let error = refused.err().ok_or("the start was not refused")?;
    assert_eq!(error.progress().applied, []);
    let refused = release(plan, &mut client).await;
    let again = refused.err().ok_or("the release was not refused")?;
    assert_eq!(again.to_string(), error.to_string());
    assert_eq!(ledger(&client).await?, before);
    let next = "SELECT to_regclass('shop.next') IS NULL";
    assert_eq!(row(&client, next).await?, "t", "something ran");
    is_sound(&client).await?;
    Ok(error)
}

/// Every plan below also has this pending file.
fn shop_with_a_next_file() -> Folder {
    Folder::shop().with(
        "005_next.sql",
        "CREATE TABLE shop.next (id bigint PRIMARY KEY);",
    )
}

fn kinds(drift: &[Drift]) -> Vec<String> {
    drift
        .iter()
        .map(|one| format!("{} {}", one.as_str(), one.name()))
        .collect()
}

#[tokio::test]
async fn an_edited_file_is_refused_with_both_checksums() -> Outcome {
    let folder = shop_with_a_next_file().edited("002_categories.sql", |text| {
        text.replace("DEFAULT 0", "DEFAULT 1")
    });
    let plan = folder.plan()?;
    let error = refused(&plan).await?;
    let Error::Modified { drift, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(kinds(drift), ["modified 002_categories.sql"]);
    let (applied, now) = (SHOP.startup()[1].checksum(), plan.startup()[1].checksum());
    assert_ne!(applied, now);
    let text = error.to_string();
    assert!(text.contains(&applied.to_string()), "{text}");
    assert!(text.contains(&now.to_string()), "{text}");
    Ok(())
}

#[tokio::test]
async fn an_edited_release_is_refused() -> Outcome {
    let folder = shop_with_a_next_file().edited("100_drop_products_legacy_code.sql", |text| {
        format!("-- No service reads it.\n{text}")
    });
    let error = refused(&folder.plan()?).await?;
    assert!(matches!(error, Error::Modified { .. }), "{error}");
    Ok(())
}

#[tokio::test]
async fn another_editors_line_endings_and_byte_order_mark_are_not_an_edit() -> Outcome {
    let mut folder = Folder::shop();
    for migration in SHOP.startup() {
        folder = folder.edited(migration.name(), |text| {
            format!("\u{feff}{}", text.replace('\n', "\r\n"))
        });
    }
    let plan = folder.plan()?;
    assert_eq!(plan.digest(), SHOP.digest());
    let database = database().await?;
    let mut client = database.connect().await?;
    release(&SHOP, &mut client).await?;
    assert_eq!(start(&plan, &mut client).await?.applied(), []);
    Ok(())
}

#[tokio::test]
async fn a_folder_with_other_line_endings_can_be_run() -> Outcome {
    let mut folder = Folder::shop();
    for name in ["001_products.sql", "003_products_name_idx.sql"] {
        folder = folder.edited(name, |text| {
            format!("\u{feff}{}", text.replace('\n', "\r\n"))
        });
    }
    let database = database().await?;
    let mut client = database.connect().await?;
    assert_eq!(
        applied(&start(&folder.plan()?, &mut client).await?).len(),
        5
    );
    assert_eq!(start(&SHOP, &mut client).await?.applied(), []);
    is_sound(&client).await
}

#[tokio::test]
async fn a_file_that_comes_late_is_refused() -> Outcome {
    let without = Folder::shop()
        .without("002_categories.sql")
        .without("S001_categories.sql");
    let without = without.without("DM001_products_slug.sql");
    let error = refused_after(&without.plan()?, &shop_with_a_next_file().plan()?).await?;
    let Error::OutOfOrder { drift, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(kinds(drift), ["out-of-order 002_categories.sql"]);
    assert!(error.to_string().contains("but 004 was"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_deleted_file_is_refused() -> Outcome {
    let folder = shop_with_a_next_file().without("003_products_name_idx.sql");
    let error = refused(&folder.plan()?).await?;
    let Error::Unknown { drift, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(kinds(drift), ["unknown 003_products_name_idx.sql"]);
    Ok(())
}

#[tokio::test]
async fn a_release_beyond_the_binarys_last_is_refused() -> Outcome {
    let newer = Folder::shop().with("101_drop_stock.sql", "DROP TABLE shop.stock;");
    let older = shop_with_a_next_file();
    let error = refused_after(&newer.plan()?, &older.plan()?).await?;
    let Error::ReleaseAhead { drift, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(kinds(drift), ["release-ahead 101_drop_stock.sql"]);
    Ok(())
}

#[tokio::test]
async fn a_release_is_refused_by_a_binary_that_has_none() -> Outcome {
    let older = shop_with_a_next_file().without("100_drop_products_legacy_code.sql");
    let error = refused(&older.plan()?).await?;
    assert!(matches!(error, Error::ReleaseAhead { .. }), "{error}");
    Ok(())
}

#[tokio::test]
async fn newer_startup_seed_and_data_files_do_not_hinder_an_old_binary() -> Outcome {
    let newer = shop_with_a_next_file()
        .with(
            "S002_more_categories.sql",
            "INSERT INTO shop.categories (code, title) VALUES ('pot', 'Pots') ON CONFLICT DO NOTHING;",
        )
        .with(
            "DM002_products_price.sql",
            "-- onward: batch 500 by id\nUPDATE shop.products SET price = 1 WHERE price = 0;",
        );
    let newer = newer.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    release(&newer, &mut client).await?;
    for data in newer.data() {
        finish(&client, data).await?;
    }
    let before = ledger(&client).await?;
    assert_eq!(start(&SHOP, &mut client).await?.applied(), []);
    assert_eq!(release(&SHOP, &mut client).await?.applied(), []);
    assert!(onward::status(&client, &[&SHOP]).await?[0].is_current());
    assert_eq!(ledger(&client).await?, before);
    Ok(())
}

#[tokio::test]
async fn a_new_file_is_applied_to_an_old_database() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    release(&SHOP, &mut client).await?;
    let report = start(&shop_with_a_next_file().plan()?, &mut client).await?;
    assert_eq!(applied(&report), ["005_next.sql"]);
    is_sound(&client).await
}

/// A hotfix went to production as 003, and the main branch has its own 003 and the hotfix as 004.
#[tokio::test]
async fn two_branches_with_one_number_are_not_called_an_edit() -> Outcome {
    let hotfix = "CREATE INDEX CONCURRENTLY products_price_idx ON shop.products (price);";
    let production = Folder::shop()
        .without("003_products_name_idx.sql")
        .without("004_stock.sql")
        .with("003_hotfix.sql", hotfix);
    let main = shop_with_a_next_file()
        .without("004_stock.sql")
        .with("004_hotfix.sql", hotfix);
    let plan = main.plan()?;
    let error = refused_after(&production.plan()?, &plan).await?;
    let Error::OtherFile { drift, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(kinds(drift), ["other-file 003_products_name_idx.sql"]);
    let text = error.to_string();
    for part in [
        "003 was applied as `003_hotfix.sql`, another file; this binary's 003 is `003_products_name_idx.sql`",
        "the applied text is here as `004_hotfix.sql`",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("edited"), "{text}");

    let database = database().await?;
    let mut client = database.connect().await?;
    release(&production.plan()?, &mut client).await?;
    let status = &onward::status(&client, &[&plan]).await?[0];
    let state = |name| {
        let mut all = status.migrations().iter();
        all.find(|one| one.name == name)
            .map(|one| one.state.as_str())
    };
    assert_eq!(state("003_products_name_idx.sql"), Some("pending"));
    assert_eq!(state("002_categories.sql"), Some("applied"));
    Ok(())
}

/// No start refuses: a newer release may have applied them. Status names them.
#[tokio::test]
async fn a_deleted_last_file_and_a_reverted_seed_are_shown() -> Outcome {
    let first = Folder::shop();
    let seed = "S001_categories.sql";
    let later = shop_with_a_next_file().edited(seed, |text| text.replace("'Tea'", "'Teas'"));
    let database = database().await?;
    let mut client = database.connect().await?;
    for plan in [&first.plan()?, &later.plan()?] {
        release(plan, &mut client).await?;
        start(plan, &mut client).await?;
    }
    let status = &onward::status(&client, &[&first.plan()?]).await?[0];
    assert_eq!(status.superseded_seeds(), [seed]);
    let beyond: Vec<_> = status.beyond().map(|(_, name)| name).collect();
    assert_eq!(beyond, ["005_next.sql"]);
    assert!(status.is_current());
    let text = status.to_string();
    for part in [
        "S001_categories.sql: another text of this seed is in force, a later one (#9)",
        "005_next.sql: in the ledger and not in this folder",
        "only binaries that know 100 start",
    ] {
        assert!(text.contains(part), "{text}");
    }
    for last in ["004_stock.sql", "005_next.sql"] {
        assert!(
            !onward::status(&client, &[&later.plan()?]).await?[0]
                .to_string()
                .contains(&format!("{last}: "))
        );
    }
    // Also a seed and a data migration.
    let without = first
        .without(seed)
        .without("DM001_products_slug.sql")
        .plan()?;
    let status = &onward::status(&client, &[&without]).await?[0];
    let beyond: Vec<_> = status.beyond().map(|(_, name)| name).collect();
    assert_eq!(beyond, ["005_next.sql", seed]);
    Ok(())
}

#[tokio::test]
async fn an_edit_names_what_to_do_in_a_database_of_development() -> Outcome {
    let folder = shop_with_a_next_file().edited("002_categories.sql", |text| format!("{text}\n"));
    let text = refused(&folder.plan()?).await?.to_string();
    assert!(
        text.contains("Only in a database of development: `DROP SCHEMA shop CASCADE`"),
        "{text}"
    );
    Ok(())
}
