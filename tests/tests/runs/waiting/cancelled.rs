//! A run whose future is dropped, and the same connection afterwards.

use std::future::Future;

use onward::Report;
use onward_pg::database;
use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, pid, read_products, row, until, until_it_queues};
use crate::{Outcome, SHOP, applied, release, start};

/// Drops the run as soon as the other future has ended.
async fn dropped_when(
    run: impl Future<Output = Result<Report, onward::Error>>,
    over: impl Future<Output = Outcome>,
) -> Outcome {
    tokio::select! {
        report = run => Err(format!("it ended before it was dropped: {report:?}").into()),
        over = over => over,
    }
}

async fn is_usable(client: &Client) -> Outcome {
    assert_eq!(row(client, "SELECT 1").await?, "1");
    // Outside of a transaction each statement has its own time.
    let alone = "SELECT pg_current_xact_id_if_assigned() IS NULL AND now() = statement_timestamp()";
    assert_eq!(row(client, alone).await?, "t");
    Ok(())
}

#[tokio::test]
async fn a_dropped_run_that_queued_for_a_lock_leaves_the_connection_usable() -> Outcome {
    let plan = Folder::shop()
        .with(
            "005_busy.sql",
            "ALTER TABLE shop.products ADD COLUMN weight integer;",
        )
        .plan()?;
    let database = database().await?;
    let (mut client, reader, watcher) =
        tokio::try_join!(database.connect(), database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    read_products(&reader).await?;
    let starter = pid(&client).await?;
    dropped_when(
        start(&plan, &mut client),
        until_it_queues(&watcher, starter, "relation"),
    )
    .await?;
    // The server gives up after lock_timeout, while the table is still in use.
    is_usable(&client).await?;
    reader.batch_execute("ROLLBACK").await?;
    is_sound(&watcher).await?;
    assert_eq!(events(&watcher).await?.len(), 6);
    assert_eq!(applied(&start(&plan, &mut client).await?), ["005_busy.sql"]);
    is_sound(&watcher).await
}

#[tokio::test]
async fn a_dropped_run_whose_message_succeeds_is_recorded() -> Outcome {
    let plan = Folder::shop()
        .with(
            "005_busy.sql",
            "ALTER TABLE shop.products ADD COLUMN weight integer;",
        )
        .plan()?;
    let database = database().await?;
    let (mut client, reader, watcher) =
        tokio::try_join!(database.connect(), database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    read_products(&reader).await?;
    let starter = pid(&client).await?;
    dropped_when(
        onward::Startup::new(&plan)
            .lock_timeout(std::time::Duration::from_secs(30))
            // It queues at once, and not only for the 20 ms of a probe.
            .observe_locks_for(std::time::Duration::ZERO)
            .run(&mut client),
        until_it_queues(&watcher, starter, "relation"),
    )
    .await?;
    reader.batch_execute("ROLLBACK").await?;
    is_usable(&client).await?;
    assert_eq!(events(&watcher).await?[6..], ["applied 005 1"]);
    assert_eq!(start(&plan, &mut client).await?.applied(), []);
    is_sound(&watcher).await
}

#[tokio::test]
async fn a_build_that_outlives_its_run_is_taken_over_on_the_same_connection() -> Outcome {
    let database = database().await?;
    let (mut client, reader, watcher) =
        tokio::try_join!(database.connect(), database.connect(), database.connect())?;
    let starter = pid(&client).await?;
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        .await?;
    dropped_when(
        start(&SHOP, &mut client),
        until_it_queues(&watcher, starter, "virtualxid"),
    )
    .await?;
    assert_eq!(events(&watcher).await?[2..], ["started 003 1"]);
    reader.batch_execute("ROLLBACK").await?;
    let report = start(&SHOP, &mut client).await?;
    assert_eq!(applied(&report)[0], "003_products_name_idx.sql");
    assert_eq!(
        events(&watcher).await?[2..4],
        ["started 003 1", "applied 003 1"]
    );
    is_sound(&watcher).await
}

#[tokio::test]
async fn runs_that_are_dropped_again_and_again_reach_the_same_end() -> Outcome {
    let database = database().await?;
    let (mut client, watcher) = tokio::try_join!(database.connect(), database.connect())?;
    let mut polls = 1;
    // One more poll each time: the run is dropped at each of its waits in turn.
    loop {
        let ended = for_polls(polls, Box::pin(release(&SHOP, &mut client))).await;
        is_usable(&client).await?;
        if let Some(report) = ended {
            report?;
            break;
        }
        polls += 1;
    }
    assert!(polls > 1, "nothing was dropped");
    let counts = "SELECT count(*) FILTER (WHERE event <> 'started' AND event <> 'abandoned'),
        count(DISTINCT version) FROM shop.schema_migration_log";
    assert_eq!(row(&watcher, counts).await?, "6|6");
    assert_eq!(
        row(&watcher, "SELECT max(revision) FROM shop.categories").await?,
        "1"
    );
    until(
        &watcher,
        "SELECT count(*) = 0 FROM pg_class WHERE relname LIKE '%onward%idx%'",
    )
    .await?;
    is_sound(&watcher).await
}

/// The future's output, if it has one after so many polls.
pub(crate) async fn for_polls<F: Future + Unpin>(polls: usize, mut future: F) -> Option<F::Output> {
    let mut left = polls;
    std::future::poll_fn(|context| {
        left -= 1;
        match std::pin::Pin::new(&mut future).poll(context) {
            std::task::Poll::Ready(output) => std::task::Poll::Ready(Some(output)),
            std::task::Poll::Pending if left == 0 => std::task::Poll::Ready(None),
            std::task::Poll::Pending => std::task::Poll::Pending,
        }
    })
    .await
}
