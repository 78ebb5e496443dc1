//! Release migrations: a start fails while they are pending, and an operator runs them.

use onward::{Error, Release, Startup, Up};
use onward_pg::database;

use crate::support::data_worker::finish;
use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, row, rows};
use crate::{Outcome, SHOP, applied, connector, release, start};

const LEGACY_CODE: &str = "SELECT count(*) FROM pg_attribute
    WHERE attrelid = 'shop.products'::regclass AND attname = 'legacy_code'";

#[tokio::test]
async fn a_start_with_pending_releases_is_refused_with_the_list_and_the_command() -> Outcome {
    let folder = Folder::shop().with("101_drop_stock.sql", "DROP TABLE shop.stock;");
    let plan = folder.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let refused = Startup::new(&plan).run(&mut client).await;
    let error = refused.err().ok_or("the start was not refused")?;
    let Error::PendingRelease { pending, .. } = &error else {
        return Err(error.into());
    };
    let names: Vec<_> = pending.iter().map(|one| one.name).collect();
    let releases = ["100_drop_products_legacy_code.sql", "101_drop_stock.sql"];
    assert_eq!(names, releases);
    let text = error.to_string();
    for part in [
        &format!("`onward release {} --url <url>`", plan.folder()),
        releases[0],
        releases[1],
    ] {
        assert!(text.contains(part), "{text}");
    }
    // The start has applied what it may, and reports it.
    assert_eq!(error.progress().applied.len(), 5);
    assert!(text.contains("S001"), "{text}");
    assert_eq!(events(&client).await?.len(), 6);
    assert_eq!(row(&client, LEGACY_CODE).await?, "1");
    is_sound(&client).await
}

#[tokio::test]
async fn a_start_can_be_set_to_report_pending_releases_only() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let report = start(&SHOP, &mut client).await?;
    let pending: Vec<_> = report
        .pending_release()
        .iter()
        .map(|one| one.name)
        .collect();
    assert_eq!(pending, ["100_drop_products_legacy_code.sql"]);
    assert!(report.to_string().contains(pending[0]), "{report}");
    assert_eq!(row(&client, LEGACY_CODE).await?, "1");
    Ok(())
}

#[tokio::test]
async fn after_a_release_a_refused_start_succeeds() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    assert!(Startup::new(&SHOP).run(&mut client).await.is_err());
    let report = release(&SHOP, &mut client).await?;
    assert_eq!(applied(&report), ["100_drop_products_legacy_code.sql"]);
    assert_eq!(row(&client, LEGACY_CODE).await?, "0");
    let report = Startup::new(&SHOP).run(&mut client).await?;
    assert_eq!(report.applied(), []);
    is_sound(&client).await
}

#[tokio::test]
async fn a_release_on_a_fresh_database_runs_what_it_builds_on_first() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let report = release(&SHOP, &mut client).await?;
    assert_eq!(applied(&report).len(), 6);
    assert_eq!(
        applied(&report).last(),
        Some(&"100_drop_products_legacy_code.sql")
    );
    assert_eq!(
        events(&client).await?.last().map(String::as_str),
        Some("applied 100 1")
    );
    is_sound(&client).await
}

/// A run that fails in the middle of an empty database goes on there: no start came before it.
#[tokio::test]
async fn a_release_that_failed_on_an_empty_database_is_repeated() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let broken = Folder::shop().edited("004_stock.sql", |text| format!("{text}\nSELECT 1 / 0;"));
    let error = release(&broken.plan()?, &mut client).await.err();
    assert_eq!(error.as_ref().and_then(Error::sqlstate), Some("22012"));
    let report = release(&SHOP, &mut client).await?;
    assert_eq!(
        applied(&report),
        [
            "004_stock.sql",
            "S001_categories.sql",
            "100_drop_products_legacy_code.sql"
        ]
    );
    assert_eq!(report.oldest_binary(), Some("100".parse()?));
    is_sound(&client).await
}

/// What startup migrations add is there, and used, before a release takes away what it replaces.
#[tokio::test]
async fn a_release_is_refused_until_a_start_has_applied_what_comes_before_it() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    let next = Folder::shop()
        .with("005_next.sql", "CREATE TABLE shop.next (id bigint PRIMARY KEY);")
        .with("S002_more.sql", "INSERT INTO shop.categories (code, title) VALUES ('pot', 'Pots') ON CONFLICT (code) DO NOTHING;");
    let plan = next.plan()?;
    let before = events(&client).await?;
    for own in [false, true] {
        let refused = match own {
            true => Release::new(&plan).run_with(&connector(&database)?).await,
            false => release(&plan, &mut client).await,
        };
        let error = refused.err().ok_or("it was not refused")?;
        let Error::PendingStartup { pending, .. } = &error else {
            return Err(error.into());
        };
        let names: Vec<_> = pending.iter().map(|one| one.name).collect();
        assert_eq!(names, ["005_next.sql", "S002_more.sql"]);
        let text = error.to_string();
        let command = format!("`onward up {} --startup --url <url>`", plan.folder());
        for part in ["this run applied nothing", &command, "005_next.sql"] {
            assert!(text.contains(part), "{text}");
        }
    }
    assert_eq!(events(&client).await?, before);
    assert_eq!(row(&client, LEGACY_CODE).await?, "1");

    // A start applies it, also one that is refused because of the release; so does an operator.
    let report = Up::new(&plan).startup_only().run(&mut client).await?;
    assert_eq!(applied(&report), ["005_next.sql", "S002_more.sql"]);
    let pending = report.pending_release();
    assert_eq!(pending.len(), 1, "a release stays an operator's decision");
    assert!(Startup::new(&plan).run(&mut client).await.is_err());
    let report = release(&plan, &mut client).await?;
    assert_eq!(applied(&report), ["100_drop_products_legacy_code.sql"]);

    // Where no release is pending there is nothing to refuse.
    let later = next.with(
        "006_later.sql",
        "CREATE TABLE shop.later (id bigint PRIMARY KEY);",
    );
    let report = release(&later.plan()?, &mut client).await?;
    assert_eq!(applied(&report), [""; 0]);
    assert_eq!(
        row(&client, "SELECT to_regclass('shop.later') IS NULL").await?,
        "t"
    );
    is_sound(&client).await
}

#[tokio::test]
async fn a_release_waits_for_the_data_migration_that_it_requires() -> Outcome {
    let folder = Folder::shop().edited("100_drop_products_legacy_code.sql", |text| {
        format!("-- onward: requires DM001\n{text}")
    });
    let plan = folder.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let error = release(&plan, &mut client)
        .await
        .err()
        .ok_or("it did not wait")?;
    let Error::Requires { name, missing, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(*name, "100_drop_products_legacy_code.sql");
    assert_eq!(missing[0].to_string(), "DM001");
    assert!(error.to_string().contains("DM001"), "{error}");
    assert_eq!(row(&client, LEGACY_CODE).await?, "1");

    finish(&client, &plan.data()[0]).await?;
    let report = release(&plan, &mut client).await?;
    assert_eq!(applied(&report), [*name]);
    assert_eq!(report.pending_data(), []);
    assert_eq!(row(&client, LEGACY_CODE).await?, "0");
    is_sound(&client).await
}

#[tokio::test]
async fn a_release_drops_an_index_concurrently() -> Outcome {
    let folder = Folder::shop().with(
        "101_drop_products_name_idx.sql",
        "DROP INDEX CONCURRENTLY shop.products_name_idx;",
    );
    let database = database().await?;
    let mut client = database.connect().await?;
    release(&folder.plan()?, &mut client).await?;
    let gone = "SELECT to_regclass('shop.products_name_idx') IS NULL";
    assert_eq!(row(&client, gone).await?, "t");
    assert_eq!(
        events(&client).await?[7..],
        ["started 101 1", "applied 101 1"]
    );
    is_sound(&client).await
}

/// The server refuses VACUUM in a transaction, and records when it ran last.
#[tokio::test]
async fn a_release_can_vacuum() -> Outcome {
    let folder = Folder::shop().with("101_vacuum_products.sql", "VACUUM (FREEZE) shop.products;");
    let database = database().await?;
    let mut client = database.connect().await?;
    let frozen = "SELECT relfrozenxid FROM pg_class WHERE oid = 'shop.products'::regclass";
    start(&SHOP, &mut client).await?;
    let before = rows(&client, frozen).await?;
    Release::new(&folder.plan()?)
        .run_with(&connector(&database)?)
        .await?;
    assert_ne!(rows(&client, frozen).await?, before);
    assert_eq!(
        events(&client).await?[7..],
        ["started 101 1", "applied 101 1"]
    );
    is_sound(&client).await
}
