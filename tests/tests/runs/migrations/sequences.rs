//! Several statements of one file that cannot run in a transaction.

use onward::plan::{IndexBuild, Migration, Statement, Step};
use onward::{Drift, Error, PendingRelease, Plan, Release, Startup, kind};
use onward_pg::{Database, database};

use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, row, rows, until_it_queues};
use crate::{Outcome, SHOP, applied, connector, start};

const fn index(name: &'static str, column: &'static str, line: u32) -> Step {
    let statement = Statement::__new(
        "CREATE INDEX CONCURRENTLY ... ON shop.products ...",
        line,
        1,
    );
    Step::BuildIndex(IndexBuild::__new(
        statement,
        [name, "shop", "products"],
        ["CREATE INDEX CONCURRENTLY ", " ON ", column],
    ))
}

/// 101: an index, a table in a transaction, a vacuum, and another index.
fn plan(last_column: &'static str, table: &'static str) -> Plan {
    let make = Statement::__new(table, 2, 1);
    let vacuum = Statement::__new("VACUUM shop.products", 3, 1);
    let first = index("products_price_idx", " (price)", 1);
    let last = index("products_slug_idx", last_column, 4);
    let in_transaction = Step::Transaction(vec![make].leak());
    let alone = Step::NonTransactional {
        statement: vacuum,
        repeatable: true,
    };
    let steps = vec![first, in_transaction, alone, last];
    let statements: Vec<_> = steps.iter().flat_map(Step::statements).copied().collect();
    let step = Step::Sequence {
        statements: statements.leak(),
        steps: steps.leak(),
    };
    let sum = u8::try_from(last_column.len() + table.len()).unwrap_or_default();
    let file = Migration::__new(101, "101_many.sql", [sum; 32], &[], step, kind::Release);
    let mut release = SHOP.release().to_vec();
    release.push(file);
    Plan::__new(
        "shop",
        "tests/fixtures/shop",
        "test/0",
        [sum; 32],
        SHOP.lock(),
        SHOP.startup(),
        SHOP.seed(),
        release.leak(),
        SHOP.data(),
    )
}

const SLUG: &str = " (slug)";
const BAGS: &str = "CREATE TABLE shop.bags (id bigint PRIMARY KEY)";

async fn shop(database: &Database) -> Outcome {
    let startup = Startup::new(&SHOP).pending_release(PendingRelease::Report);
    startup.run_with(&connector(database)?).await?;
    Release::new(&SHOP).run_with(&connector(database)?).await?;
    Ok(())
}

#[tokio::test]
async fn each_statement_is_recorded_and_the_last_one_ends_the_file() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    shop(&database).await?;
    let plan = plan(SLUG, BAGS);
    let report = Release::new(&plan).run_with(&connector(&database)?).await?;
    assert_eq!(applied(&report), ["101_many.sql"]);
    let expected = [
        "started 101 1",
        "finished 101 1",
        "finished 101 2",
        "started 101 2",
        "finished 101 2",
        "started 101 3",
        "applied 101 3",
    ];
    assert_eq!(events(&client).await?[7..], expected);
    let view =
        "SELECT count(*) FROM shop.schema_migration_history WHERE migration_name = '101_many.sql'";
    assert_eq!(row(&client, view).await?, "1");
    let again = Release::new(&plan).run_with(&connector(&database)?).await?;
    assert_eq!(again.applied(), []);
    is_sound(&client).await
}

/// The last statement fails, is edited, and the file goes on behind the last finished one.
#[tokio::test]
async fn a_file_is_resumed_behind_its_last_finished_statement() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    shop(&database).await?;
    let broken = plan(" (nope)", BAGS);
    let failed = Release::new(&broken).run_with(&connector(&database)?).await;
    let error = failed.err().ok_or("it ran")?;
    let Error::Failed { failed, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!((failed.name, failed.location.line), ("101_many.sql", 4));
    let status = onward::status(&client, &[&broken]).await?;
    assert_eq!(status[0].drift(), []);
    let before =
        "SELECT indexrelid FROM pg_index WHERE indexrelid = 'shop.products_price_idx'::regclass";
    let first = row(&client, before).await?;
    let cured = plan(SLUG, BAGS);
    let report = Release::new(&cured)
        .run_with(&connector(&database)?)
        .await?;
    assert_eq!(applied(&report), ["101_many.sql"]);
    // Finished statements were not repeated.
    assert_eq!(row(&client, before).await?, first);
    assert_eq!(
        events(&client).await?[12..],
        [
            "started 101 3",
            "abandoned 101 3",
            "started 101 4",
            "applied 101 4"
        ]
    );
    is_sound(&client).await
}

#[tokio::test]
async fn a_statement_that_is_finished_may_not_be_edited() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    shop(&database).await?;
    let broken = plan(" (nope)", BAGS);
    assert!(
        Release::new(&broken)
            .run_with(&connector(&database)?)
            .await
            .is_err()
    );
    let edited = plan(SLUG, "CREATE TABLE shop.sacks (id bigint PRIMARY KEY)");
    let refused = Release::new(&edited).run_with(&connector(&database)?).await;
    let Some(Error::Modified { drift, .. }) = refused.as_ref().err() else {
        return Err(format!("{refused:?}").into());
    };
    assert!(matches!(&drift[..], [Drift::Modified { name, .. }] if name == "101_many.sql"));
    is_sound(&client).await
}

/// The session ends while the second index is being built.
#[tokio::test]
async fn a_session_that_ends_in_the_middle_of_a_file_loses_one_statement() -> Outcome {
    let database = database().await?;
    let (client, reader) = tokio::try_join!(database.connect(), database.connect())?;
    shop(&database).await?;
    let plan = plan(SLUG, "CREATE TABLE shop.bags (id bigint PRIMARY KEY)");
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        .await?;
    let run = connector(&database)?;
    let running = tokio::spawn(async move { Release::new(&plan).run_with(&run).await });
    let mut pid = 0;
    for _ in 0..2 {
        // The earlier session may still be listed for a moment.
        let victim = format!(
            "FROM pg_stat_activity WHERE application_name LIKE 'onward/shop/%'
             AND datname = current_database() AND pid <> {pid}"
        );
        crate::support::witness::until(
            &client,
            &format!("SELECT count(*) = 1 {victim} AND wait_event = 'virtualxid'"),
        )
        .await?;
        pid = row(&client, &format!("SELECT pid {victim}"))
            .await?
            .parse()?;
        until_it_queues(&client, pid, "virtualxid").await?;
        client
            .batch_execute(&format!("SELECT pg_terminate_backend({pid})"))
            .await?;
    }
    reader.batch_execute("ROLLBACK").await?;
    assert_eq!(applied(&running.await??), ["101_many.sql"]);
    assert_eq!(
        rows(
            &client,
            "SELECT DISTINCT event FROM shop.schema_migration_log WHERE version = '101' ORDER BY 1"
        )
        .await?,
        ["abandoned", "applied", "finished", "started"]
    );
    is_sound(&client).await
}

/// On an empty database they run in one transaction, except the vacuum.
#[tokio::test]
async fn a_sequence_without_a_session_is_refused_at_the_statement_that_needs_one() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    shop(&database).await?;
    let plan = plan(SLUG, BAGS);
    let refused = Release::new(&plan).run(&mut client).await.err();
    assert!(
        matches!(refused, Some(Error::NeedsSession { .. })),
        "{refused:?}"
    );
    assert_eq!(events(&client).await?[7..].len(), 3);
    let report = Release::new(&plan).run_with(&connector(&database)?).await?;
    assert_eq!(applied(&report), ["101_many.sql"]);
    is_sound(&client).await
}

/// A file that the compiler has checked: two indexes, on a borrowed connection.
#[tokio::test]
async fn two_indexes_of_a_startup_file_are_built_one_by_one() -> Outcome {
    let plan = crate::support::folder::Folder::shop()
        .with(
            "005_indexes.sql",
            "CREATE INDEX CONCURRENTLY products_price_idx ON shop.products (price);\n\
             CREATE INDEX CONCURRENTLY products_slug_idx ON shop.products (slug);\n",
        )
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let startup = || Startup::new(&plan).pending_release(PendingRelease::Report);
    startup().run(&mut client).await?;
    let valid = "SELECT relname FROM pg_class JOIN pg_index ON oid = indexrelid
        WHERE indisvalid AND relname IN ('products_price_idx', 'products_slug_idx') ORDER BY 1";
    assert_eq!(
        rows(&client, valid).await?,
        ["products_price_idx", "products_slug_idx"]
    );
    let mut told = events(&client).await?;
    told.retain(|event| event.contains(" 005 "));
    let expected = [
        "started 005 1",
        "finished 005 1",
        "started 005 2",
        "applied 005 2",
    ];
    assert_eq!(told, expected);
    is_sound(&client).await?;
    let again = startup().run(&mut client).await?;
    assert_eq!(applied(&again), [""; 0]);
    Ok(())
}

/// The first index is there and recorded, so its text must stay as it is.
#[tokio::test]
async fn a_failed_statement_behind_finished_ones_says_what_is_applied() -> Outcome {
    let plan = Folder::shop()
        .with(
            "005_indexes.sql",
            "CREATE INDEX CONCURRENTLY products_one_idx ON shop.products (name);\n\
             CREATE INDEX CONCURRENTLY products_two_idx ON shop.products (nope);",
        )
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let error = start(&plan, &mut client)
        .await
        .err()
        .ok_or("it did not fail")?
        .to_string();
    assert!(!error.contains("nothing of this file"), "{error}");
    assert!(
        error.contains("the first statement of this file is applied and recorded"),
        "{error}"
    );
    let there = "SELECT to_regclass('shop.products_one_idx') IS NOT NULL, to_regclass('shop.products_two_idx') IS NULL";
    assert_eq!(row(&client, there).await?, "t|t");
    // Without a finished one it is as ever.
    let plan = Folder::shop()
        .with(
            "005_indexes.sql",
            "CREATE INDEX CONCURRENTLY products_one_idx ON shop.products (nope);",
        )
        .plan()?;
    let fresh = onward_pg::database().await?;
    let error = start(&plan, &mut fresh.connect().await?)
        .await
        .err()
        .ok_or("it did not fail")?
        .to_string();
    assert!(
        error.contains("nothing of this file was applied"),
        "{error}"
    );
    // A statement that was not in a transaction may have had a part of its effect.
    let plan = Folder::shop()
        .with("101_vacuum.sql", "VACUUM shop.products, shop.nope;")
        .plan()?;
    let own = crate::connector(&database)?;
    start(&Folder::shop().plan()?, &mut fresh.connect().await?).await?;
    let own = crate::connector(&fresh).unwrap_or(own);
    let error = onward::Release::new(&plan)
        .run_with(&own)
        .await
        .err()
        .ok_or("it did not fail")?
        .to_string();
    assert!(
        error.contains("a part of its effect may be there"),
        "{error}"
    );
    Ok(())
}
