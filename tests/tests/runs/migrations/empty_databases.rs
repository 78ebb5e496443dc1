//! An empty database is brought up whole when the caller wants that, and no other one.

use onward::{Error, Plan, Report, Startup, Up};
use onward_analyzer::source::Module;
use onward_pg::{Database, database};
use tokio::task::JoinSet;
use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, row};
use crate::{Outcome, SHOP, applied, connector, start};

const WHOLE: [&str; 7] = [
    "001_products.sql",
    "002_categories.sql",
    "003_products_name_idx.sql",
    "004_stock.sql",
    "S001_categories.sql",
    "100_drop_products_legacy_code.sql",
    "DM001_products_slug.sql",
];

async fn whole(plan: &Plan, client: &mut Client) -> Result<Report, Error> {
    Startup::new(plan).everything_when_empty().run(client).await
}

#[tokio::test]
async fn an_empty_database_is_brought_up_whole_on_request() -> Outcome {
    for in_one_transaction in [false, true] {
        let database = database().await?;
        let mut client = database.connect().await?;
        let mut startup = Startup::new(&SHOP).everything_when_empty();
        if in_one_transaction {
            startup = startup.in_one_transaction();
        }
        assert_eq!(applied(&startup.clone().run(&mut client).await?), WHOLE);
        assert_eq!(
            events(&client).await?.last().map(String::as_str),
            Some("data_done DM001 1")
        );
        assert_eq!(startup.run(&mut client).await?.applied(), []);
        let report = Startup::new(&SHOP).run(&mut client).await?;
        assert!(report.pending_data().is_empty(), "{report}");
        is_sound(&client).await?;
    }
    Ok(())
}

/// A database that is in use keeps waiting for its operator.
#[tokio::test]
async fn any_other_database_is_treated_as_without_the_setting() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    let before = events(&client).await?;
    let refused = whole(&SHOP, &mut client).await;
    assert!(
        matches!(refused, Err(Error::PendingRelease { .. })),
        "{refused:?}"
    );
    assert_eq!(events(&client).await?, before);

    let foreign = onward_pg::database().await?;
    let mut client = foreign.connect().await?;
    client
        .batch_execute("CREATE SCHEMA shop CREATE TABLE things (id int)")
        .await?;
    let refused = whole(&SHOP, &mut client).await;
    assert!(
        matches!(refused, Err(Error::ForeignSchema { .. })),
        "{refused:?}"
    );
    Ok(())
}

/// A release migration that was half done by an operator is not finished by a start.
#[tokio::test]
async fn a_release_in_the_middle_is_not_an_empty_database() -> Outcome {
    let broken = Folder::shop().with("101_nope.sql", "DROP TABLE shop.nope;");
    let broken = broken.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    assert!(crate::release(&broken, &mut client).await.is_err());
    let before = events(&client).await?;
    let refused = whole(&broken, &mut client).await;
    assert!(
        matches!(refused, Err(Error::PendingRelease { .. })),
        "{refused:?}"
    );
    assert_eq!(events(&client).await?, before);
    Ok(())
}

/// The second start continues, also with the mended file; the third has an ordinary database.
#[tokio::test]
async fn a_database_that_was_half_brought_up_is_finished() -> Outcome {
    for broken in ["004_stock.sql", "100_drop_products_legacy_code.sql"] {
        let half = Folder::shop()
            .with(broken, "DROP TABLE shop.nope;")
            .plan()?;
        let database = database().await?;
        let mut client = database.connect().await?;
        let failed = whole(&half, &mut client).await;
        assert!(matches!(failed, Err(Error::Failed { .. })), "{failed:?}");
        let done = events(&client).await?.len();
        let report = whole(&SHOP, &mut client).await?;
        assert_eq!(applied(&report).last(), WHOLE.last(), "{done}");
        let next = Folder::shop().with("101_drop_stock.sql", "DROP TABLE shop.stock;");
        let refused = whole(&next.plan()?, &mut client).await;
        assert!(
            matches!(refused, Err(Error::PendingRelease { .. })),
            "{refused:?}"
        );
        is_sound(&client).await?;
    }
    Ok(())
}

async fn starts(plan: Plan, database: &Database, count: usize) -> Outcome {
    let mut runs = JoinSet::new();
    for _ in 0..count {
        let (mut client, connector) = (database.connect().await?, connector(database)?);
        let startup = Startup::new(&plan).everything_when_empty();
        let lent = startup.clone();
        runs.spawn(async move { lent.run(&mut client).await });
        runs.spawn(async move { startup.run_with(&connector).await });
    }
    for report in runs.join_all().await {
        let report = report?;
        assert!(report.pending_release().is_empty(), "{report}");
    }
    Ok(())
}

#[tokio::test]
async fn many_pods_at_once_bring_it_up_once() -> Outcome {
    let database = database().await?;
    starts(SHOP, &database, 4).await?;
    let client = database.connect().await?;
    assert_eq!(
        row(
            &client,
            "SELECT count(*) FROM shop.schema_migration_log WHERE event <> 'started'"
        )
        .await?,
        "7"
    );
    is_sound(&client).await
}

/// The release requires the data migration, which copies what the seed has written before the release drops it.
#[tokio::test]
async fn a_data_migration_runs_before_the_release_that_requires_it() -> Outcome {
    let folder = Folder::shop()
        .with(
            "S002_products.sql",
            "INSERT INTO shop.products (name, legacy_code) VALUES ('Tea', 'T1') ON CONFLICT DO NOTHING;",
        )
        .with(
            "DM001_products_slug.sql",
            "-- onward: batch 500 by id\nUPDATE shop.products SET slug = legacy_code WHERE slug IS NULL;",
        )
        .edited("100_drop_products_legacy_code.sql", |text| {
            format!("-- onward: requires DM001\n{text}")
        });
    let plan = folder.plan()?;
    for up in [false, true] {
        let database = database().await?;
        let mut client = database.connect().await?;
        let report = match up {
            true => Up::new(&plan).run(&mut client).await?,
            false => whole(&plan, &mut client).await?,
        };
        let last = [
            "DM001_products_slug.sql",
            "100_drop_products_legacy_code.sql",
        ];
        assert_eq!(applied(&report)[6..], last);
        let slug = "SELECT slug FROM shop.products";
        assert_eq!(row(&client, slug).await?, "T1");
        is_sound(&client).await?;
    }
    // A release alone says the truth about what it waits for.
    let database = database().await?;
    let refused = crate::release(&plan, &mut database.connect().await?).await;
    let error = refused.err().ok_or("it ran")?.to_string();
    assert!(
        error.contains("DM001_products_slug.sql: has not begun"),
        "{error}"
    );
    assert!(error.contains("onward data finish"), "{error}");
    assert!(!error.contains("run again"), "{error}");
    Ok(())
}

#[tokio::test]
async fn up_applies_everything_to_a_database_of_development() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    let report = Up::new(&SHOP).run(&mut client).await?;
    assert_eq!(applied(&report), WHOLE[5..]);
    let report = Up::new(&SHOP).run_with(&connector(&database)?).await?;
    assert_eq!(report.applied(), []);
    assert!(report.to_string().contains("nothing to apply"), "{report}");
    is_sound(&client).await
}

/// An operator could not apply it either.
#[tokio::test]
async fn a_start_does_not_send_an_operator_to_a_release_that_is_blocked() -> Outcome {
    let folder = Folder::shop().edited("100_drop_products_legacy_code.sql", |text| {
        format!("-- onward: requires DM001\n{text}")
    });
    let database = database().await?;
    let refused = Startup::new(&folder.plan()?)
        .run(&mut database.connect().await?)
        .await;
    let error = refused.err().ok_or("it ran")?;
    assert!(matches!(error, Error::Requires { .. }), "{error}");
    assert_eq!(error.progress().applied.len(), 5);
    Ok(())
}

/// With startup, data and release migrations that require others.
#[tokio::test]
async fn the_order_is_the_one_in_which_the_build_checked_the_files() -> Outcome {
    let files = [
        (
            "001_a.sql",
            "CREATE TABLE shop.a (id bigint PRIMARY KEY, b bigint);",
        ),
        (
            "002_c.sql",
            "-- onward: requires DM002\nCREATE TABLE shop.c (id bigint PRIMARY KEY);",
        ),
        ("003_d.sql", "CREATE TABLE shop.d (id bigint PRIMARY KEY);"),
        (
            "100_e.sql",
            "-- onward: requires DM003\nCREATE TABLE shop.e (id bigint PRIMARY KEY);",
        ),
        (
            "DM001_f.sql",
            "-- onward: batch 10 by id\nUPDATE shop.a SET b = 1 WHERE b IS NULL;",
        ),
        (
            "DM002_g.sql",
            "-- onward: requires DM001\nUPDATE shop.a SET b = 2 WHERE id = 1;",
        ),
        ("DM003_h.sql", "UPDATE shop.a SET b = 3 WHERE id = 1;"),
        ("DM004_i.sql", "UPDATE shop.a SET b = 4 WHERE id = 1;"),
        (
            "S001_j.sql",
            "INSERT INTO shop.d VALUES (1) ON CONFLICT DO NOTHING;",
        ),
    ];
    let checked = onward_analyzer::analyze(Module::in_memory("shop", files)).module;
    let checked: Vec<String> = checked.sources.into_iter().map(|one| one.name).collect();
    assert_eq!(checked[1..4], ["DM001_f.sql", "DM002_g.sql", "002_c.sql"]);
    let folder = Folder::empty("shop");
    let folder = files
        .iter()
        .fold(folder, |folder, (name, text)| folder.with(name, text));
    let plan = folder.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    assert_eq!(applied(&whole(&plan, &mut client).await?), checked);
    Ok(())
}
