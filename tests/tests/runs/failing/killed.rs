//! The server ends the run's session in the middle of its work.

use onward::{Error, Plan};
use onward_pg::{Database, database};
use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{
    events, is_sound, pid, read_products, row, rows, until, until_it_queues,
};
use crate::{Outcome, SHOP, applied, release, start};

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

/// Starts a run on a connection of its own, waits until it queues, and ends its session.
pub(crate) async fn killed(
    database: &Database,
    plan: Plan,
    queues_for: &str,
    is_release: bool,
) -> Answer<Error> {
    let (mut client, killer) = tokio::try_join!(database.connect(), database.connect())?;
    let victim = pid(&client).await?;
    let running = tokio::spawn(async move {
        match is_release {
            true => release(&plan, &mut client).await,
            false => start(&plan, &mut client).await,
        }
    });
    // Seen and ended by one statement: between two, the run may have stopped queueing for a moment.
    let ended = format!(
        "SELECT coalesce((SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = {victim}
           AND wait_event_type = 'Lock' AND wait_event = '{queues_for}'), false)"
    );
    until(&killer, &ended).await?;
    let error = running.await?.err().ok_or("it ended well")?;
    let gone = format!("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {victim})");
    until(&killer, &gone).await?;
    Ok(error)
}

async fn holding_a_snapshot(database: &Database) -> Answer<Client> {
    let reader = database.connect().await?;
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        .await?;
    Ok(reader)
}

const PRIVATE: &str = "SELECT relname, indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid
    WHERE relname LIKE '%onward%' ORDER BY 1";

pub(crate) fn lost(error: &Error) -> String {
    match error {
        Error::Connection {
            doing, progress, ..
        } => format!("{doing}; {progress}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_session_that_is_ended_in_a_transaction_leaves_nothing_of_its_file() -> Outcome {
    let plan = Folder::shop()
        .with(
            "005_busy.sql",
            "CREATE TABLE shop.before (id bigint PRIMARY KEY);\nALTER TABLE shop.products ADD COLUMN weight integer;",
        )
        .plan()?;
    let database = database().await?;
    let (mut client, reader) = tokio::try_join!(database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    read_products(&reader).await?;
    let error = killed(&database, plan, "relation", false).await?;
    assert_eq!(
        lost(&error),
        "applying 005_busy.sql; this run applied nothing"
    );
    reader.batch_execute("ROLLBACK").await?;
    assert_eq!(
        row(&client, "SELECT to_regclass('shop.before') IS NULL").await?,
        "t"
    );
    assert_eq!(events(&client).await?.len(), 6);
    is_sound(&client).await?;
    assert_eq!(applied(&start(&plan, &mut client).await?), ["005_busy.sql"]);
    is_sound(&client).await
}

#[tokio::test]
async fn an_index_whose_builder_was_ended_is_cleaned_up_and_built_again() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let reader = holding_a_snapshot(&database).await?;
    let error = killed(&database, SHOP, "virtualxid", false).await?;
    assert!(
        lost(&error).starts_with("applying 003_products_name_idx.sql"),
        "{error}"
    );
    assert_eq!(
        rows(&client, PRIVATE).await?,
        ["products_name_idx__onward_003_1|f"]
    );
    assert_eq!(
        row(
            &client,
            "SELECT to_regclass('shop.products_name_idx') IS NULL"
        )
        .await?,
        "t"
    );

    let status = onward::status(&client, &[&SHOP]).await?;
    let states: Vec<_> = status[0]
        .migrations()
        .iter()
        .map(|one| one.state.as_str())
        .collect();
    assert_eq!(states[..4], ["applied", "applied", "in-doubt", "pending"]);

    // Ended a second time, now with another private name.
    let error = killed(&database, SHOP, "virtualxid", false).await?;
    assert!(
        lost(&error).starts_with("applying 003_products_name_idx.sql"),
        "{error}"
    );
    reader.batch_execute("ROLLBACK").await?;

    let report = start(&SHOP, &mut client).await?;
    assert_eq!(applied(&report)[0], "003_products_name_idx.sql");
    assert_eq!(
        events(&client).await?[2..8],
        [
            "started 003 1",
            "abandoned 003 1",
            "started 003 2",
            "abandoned 003 2",
            "started 003 3",
            "applied 003 3"
        ]
    );
    is_sound(&client).await
}

#[tokio::test]
async fn a_cancelled_build_is_tried_again_by_the_same_run() -> Outcome {
    let database = database().await?;
    let (mut client, watcher) = tokio::try_join!(database.connect(), database.connect())?;
    let reader = holding_a_snapshot(&database).await?;
    let victim = pid(&client).await?;
    let running = tokio::spawn(async move { start(&SHOP, &mut client).await });
    until_it_queues(&watcher, victim, "virtualxid").await?;
    watcher
        .batch_execute(&format!("SELECT pg_cancel_backend({victim})"))
        .await?;
    until(
        &watcher,
        "SELECT count(*) > 0 FROM shop.schema_migration_log WHERE event = 'abandoned'",
    )
    .await?;
    reader.batch_execute("ROLLBACK").await?;
    assert_eq!(running.await??.applied().len(), 5);
    assert_eq!(
        events(&watcher).await?[2..6],
        [
            "started 003 1",
            "abandoned 003 1",
            "started 003 2",
            "applied 003 2"
        ]
    );
    is_sound(&watcher).await
}

#[tokio::test]
async fn a_build_that_is_cancelled_twice_fails_and_leaves_no_index() -> Outcome {
    let database = database().await?;
    let (mut client, watcher) = tokio::try_join!(database.connect(), database.connect())?;
    let reader = holding_a_snapshot(&database).await?;
    let victim = pid(&client).await?;
    let running = tokio::spawn(async move {
        let error = start(&SHOP, &mut client).await.err();
        (error, client)
    });
    for attempt in ["1", "2"] {
        let queues = format!(
            "SELECT wait_event = 'virtualxid' AND query LIKE '%onward_003_{attempt}%'
             FROM pg_stat_activity WHERE pid = {victim}"
        );
        until(&watcher, &queues).await?;
        watcher
            .batch_execute(&format!("SELECT pg_cancel_backend({victim})"))
            .await?;
    }
    // Here DROP INDEX CONCURRENTLY waits only for transactions that use the table.
    let (error, mut client) = running.await?;
    let error = error.ok_or("it ended well")?;
    assert_eq!(error.sqlstate(), Some("57014"), "{error}");
    assert!(
        error.to_string().contains("003_products_name_idx.sql:1:1"),
        "{error}"
    );
    reader.batch_execute("ROLLBACK").await?;
    assert_eq!(rows(&watcher, PRIVATE).await?, [""; 0]);
    is_sound(&watcher).await?;
    assert_eq!(start(&SHOP, &mut client).await?.applied().len(), 3);
    is_sound(&watcher).await
}
