//! Partitions that are detached concurrently: the server does this in two transactions, and the session
//! can end in between.

use std::path::Path;

use onward::plan::Step;
use onward::{Plan, Release, Report};
use onward_pg::{Database, database};
use tokio::task::JoinHandle;
use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, row, until};
use crate::{Outcome, applied, connector, release};

const ORDERS: &str = "CREATE TABLE shop.orders (id bigint, year bigint, PRIMARY KEY (id, year)) PARTITION BY RANGE (year);
    CREATE TABLE shop.\"Orders 2023\" PARTITION OF shop.orders FOR VALUES FROM (2023) TO (2024);
    CREATE TABLE shop.orders_2024 PARTITION OF shop.orders FOR VALUES FROM (2024) TO (2025);";
const DETACH: &str = "ALTER TABLE shop.orders DETACH PARTITION shop.\"Orders 2023\" CONCURRENTLY;";
const PARTITIONS: &str =
    "SELECT string_agg(inhrelid::regclass::text || inhdetachpending::text, ' ' ORDER BY inhrelid)
    FROM pg_inherits WHERE inhparent = 'shop.orders'::regclass";

fn plans() -> Result<(Plan, Plan), onward_cli::FolderError> {
    plans_with(DETACH)
}

fn plans_with(detach: &str) -> Result<(Plan, Plan), onward_cli::FolderError> {
    let orders = Folder::empty("shop").with("001_orders.sql", ORDERS);
    let before = orders.plan()?;
    Ok((before, orders.with("100_detach.sql", detach).plan()?))
}

/// Stops where the server has marked the partition and waits for a session that may still see it.
async fn half_done(
    database: &Database,
    plan: Plan,
) -> Result<(Client, JoinHandle<Result<Report, onward::Error>>), Box<dyn std::error::Error>> {
    let (watcher, reader) = tokio::try_join!(database.connect(), database.connect())?;
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM shop.orders")
        .await?;
    let connector = connector(database)?;
    let running = tokio::spawn(async move { Release::new(&plan).run_with(&connector).await });
    let marked = "SELECT count(*) = 1 FROM pg_inherits
        WHERE inhrelid = 'shop.\"Orders 2023\"'::regclass AND inhdetachpending";
    until(&watcher, marked).await?;
    until(
        &watcher,
        &format!("SELECT wait_event_type = 'Lock' {BUILDER}"),
    )
    .await?;
    Ok((reader, running))
}

/// A `DETACH PARTITION` that the compiler has read.
const EVENTS: Plan = onward::embed_migrations!("tests/fixtures/events");

#[test]
fn the_compiler_and_the_command_line_plan_the_same_detachment() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/events");
    let read = onward_cli::plan(&folder).expect("the fixture is clean");
    let [embedded, read] = [EVENTS, read].map(|plan| format!("{:?}", plan.release()[0].step()));
    assert_eq!(embedded, read);
    assert!(
        embedded.starts_with("DetachPartition") && embedded.contains("entries_2025"),
        "{embedded}"
    );
}

const BUILDER: &str = "FROM pg_stat_activity WHERE application_name LIKE 'onward/shop/%'
    AND datname = current_database()";

#[tokio::test]
async fn a_partition_is_detached() -> Outcome {
    let (_, plan) = plans()?;
    let database = database().await?;
    let client = database.connect().await?;
    let report = Release::new(&plan).run_with(&connector(&database)?).await?;
    assert_eq!(applied(&report), ["001_orders.sql", "100_detach.sql"]);
    assert_eq!(row(&client, PARTITIONS).await?, "shop.orders_2024false");
    assert_eq!(
        events(&client).await?[1..],
        ["started 100 1", "applied 100 1"]
    );
    is_sound(&client).await
}

#[tokio::test]
async fn a_detachment_whose_session_was_ended_is_finalised() -> Outcome {
    let (before, plan) = plans()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    release(&before, &mut client).await?;
    let (reader, running) = half_done(&database, plan).await?;
    client
        .batch_execute(&format!("SELECT pg_terminate_backend(pid) {BUILDER}"))
        .await?;
    reader.batch_execute("ROLLBACK").await?;
    assert_eq!(applied(&running.await??), ["100_detach.sql"]);
    assert_eq!(row(&client, PARTITIONS).await?, "shop.orders_2024false");
    assert_eq!(
        events(&client).await?[1..],
        ["started 100 1", "applied 100 1"]
    );
    is_sound(&client).await
}

#[tokio::test]
async fn a_detachment_that_was_cancelled_is_finalised() -> Outcome {
    let (before, plan) = plans()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    release(&before, &mut client).await?;
    let (reader, running) = half_done(&database, plan).await?;
    client
        .batch_execute(&format!("SELECT pg_cancel_backend(pid) {BUILDER}"))
        .await?;
    reader.batch_execute("ROLLBACK").await?;
    assert_eq!(applied(&running.await??), ["100_detach.sql"]);
    assert_eq!(row(&client, PARTITIONS).await?, "shop.orders_2024false");
    is_sound(&client).await
}

/// The plan has both names, so that no code has to read the statement's text again.
#[tokio::test]
async fn a_comment_between_the_words_of_a_detachment_changes_nothing() -> Outcome {
    let (before, plan) = plans_with(
        "ALTER TABLE orders /* the old year */ DETACH PARTITION -- as it was
         \"Orders 2023\" /* without a lock */ CONCURRENTLY;",
    )?;
    let Step::DetachPartition {
        parent, partition, ..
    } = plan.release()[0].step()
    else {
        return Err("another step".into());
    };
    assert_eq!(parent.to_string(), "shop.orders");
    assert_eq!((partition.schema, partition.name), ("shop", "Orders 2023"));
    let database = database().await?;
    let mut client = database.connect().await?;
    release(&before, &mut client).await?;
    let (reader, running) = half_done(&database, plan).await?;
    client
        .batch_execute(&format!("SELECT pg_cancel_backend(pid) {BUILDER}"))
        .await?;
    reader.batch_execute("ROLLBACK").await?;
    assert_eq!(applied(&running.await??), ["100_detach.sql"]);
    assert_eq!(row(&client, PARTITIONS).await?, "shop.orders_2024false");
    is_sound(&client).await
}

/// The run is gone, and the next one finds the unfinished detachment.
#[tokio::test]
async fn a_detachment_that_outlives_its_run_is_finalised_by_the_next() -> Outcome {
    let (before, plan) = plans()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    release(&before, &mut client).await?;
    let (reader, running) = half_done(&database, plan).await?;
    running.abort();
    client
        .batch_execute(&format!("SELECT pg_terminate_backend(pid) {BUILDER}"))
        .await?;
    until(&client, &format!("SELECT count(*) = 0 {BUILDER}")).await?;
    assert_eq!(
        row(&client, PARTITIONS).await?,
        "shop.\"Orders 2023\"true shop.orders_2024false"
    );
    reader.batch_execute("ROLLBACK").await?;
    let report = Release::new(&plan).run_with(&connector(&database)?).await?;
    assert_eq!(applied(&report), ["100_detach.sql"]);
    assert_eq!(row(&client, PARTITIONS).await?, "shop.orders_2024false");
    assert_eq!(
        events(&client).await?[1..],
        ["started 100 1", "applied 100 1"]
    );
    is_sound(&client).await
}
