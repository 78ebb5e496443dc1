//! Many instances start at once.

use onward_pg::database;
use tokio::task::JoinSet;

use crate::support::folder::Folder;
use crate::support::starters::{all_at_once, was_done_once};
use crate::support::witness::{events, is_sound, pid, row, until, until_it_queues};
use crate::{Outcome, SHOP, applied, start};

#[tokio::test]
async fn two_starters_apply_every_migration_once() -> Outcome {
    let database = database().await?;
    let reports = all_at_once(&database, SHOP, 2).await?;
    was_done_once(&database, &reports).await
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_starters_apply_every_migration_once() -> Outcome {
    let database = database().await?;
    let reports = all_at_once(&database, SHOP, 8).await?;
    was_done_once(&database, &reports).await
}

/// Each file increments a counter that the ledger does not know.
#[tokio::test(flavor = "multi_thread")]
async fn eight_starters_have_every_effect_once() -> Outcome {
    let mut folder =
        Folder::empty("shop").with("001_effects.sql", "CREATE TABLE shop.effects (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, file text);");
    for file in 2..=20 {
        folder = folder.with(
            &format!("{file:03}_effect.sql"),
            &format!(
                "-- onward: allow dml-in-schema-migration because \"its effect is counted\"\n\
                 INSERT INTO shop.effects (file) VALUES ('{file:03}');"
            ),
        );
    }
    let database = database().await?;
    let reports = all_at_once(&database, folder.plan()?, 8).await?;
    assert_eq!(reports.iter().flat_map(applied).count(), 20);
    let client = database.connect().await?;
    let effects = "SELECT count(*), count(DISTINCT file) FROM shop.effects";
    assert_eq!(row(&client, effects).await?, "19|19");
    is_sound(&client).await
}

#[tokio::test]
async fn starters_of_different_modules_do_not_wait_for_each_other() -> Outcome {
    let database = database().await?;
    let (mut client, holder) = tokio::try_join!(database.connect(), database.connect())?;
    let (high, low) = SHOP.lock();
    holder
        .batch_execute(&format!(
            "SELECT pg_advisory_lock({high}, {low}), pg_advisory_lock(hashtext('shop'))"
        ))
        .await?;
    let depot = Folder::empty("depot").with(
        "001_shelves.sql",
        "CREATE TABLE depot.shelves (id bigint PRIMARY KEY);",
    );
    let report = start(&depot.plan()?, &mut client).await?;
    assert!(report.waited().is_zero());
    assert_eq!(applied(&report), ["001_shelves.sql"]);
    Ok(())
}

/// A module's lock does not cover objects of the whole database, and IF NOT EXISTS does not help the
/// session that is a moment later.
#[tokio::test(flavor = "multi_thread")]
async fn modules_that_create_the_same_extension_at_once_do_not_fail() -> Outcome {
    let database = database().await?;
    let mut runs = JoinSet::new();
    for number in 0..12 {
        let schema = format!("m{number}");
        let folder = Folder::empty(&schema).with(
            "001_extension.sql",
            "-- onward: allow extension-in-module because \"what the server does with it is the question\"\n\
             CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;",
        );
        let plan = folder.plan()?;
        let mut client = database.connect().await?;
        runs.spawn(async move {
            start(&plan, &mut client)
                .await
                .map(|report| report.applied().len())
        });
    }
    for applied in runs.join_all().await {
        assert_eq!(applied?, 1);
    }
    Ok(())
}

/// An index build waits for every older snapshot, so a starter that waited with one would never start.
#[tokio::test]
async fn starters_wait_for_a_build_without_holding_a_snapshot() -> Outcome {
    let database = database().await?;
    let (mut one, mut two) = tokio::try_join!(database.connect(), database.connect())?;
    let (reader, watcher) = tokio::try_join!(database.connect(), database.connect())?;
    let (builder, waiter) = (pid(&one).await?, pid(&two).await?);
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        .await?;
    let building = tokio::spawn(async move { start(&SHOP, &mut one).await });
    until_it_queues(&watcher, builder, "virtualxid").await?;

    let waiting = tokio::spawn(async move { start(&SHOP, &mut two).await });
    // It polls, and holds nothing in between.
    let asked = format!("SELECT query_start::text FROM pg_stat_activity WHERE pid = {waiter}");
    for _ in 0..4 {
        let before = row(&watcher, &asked).await?;
        until(
            &watcher,
            &format!(
                "SELECT query_start > '{before}' AND state = 'idle' AND backend_xmin IS NULL
                 FROM pg_stat_activity WHERE pid = {waiter}"
            ),
        )
        .await?;
    }
    assert!(!building.is_finished() && !waiting.is_finished());

    reader.batch_execute("ROLLBACK").await?;
    let (built, waited) = (building.await??, waiting.await??);
    // The run that first sees the finished index publishes it.
    let published =
        [&built, &waited].map(|report| applied(report).contains(&"003_products_name_idx.sql"));
    assert!(published[0] != published[1], "{published:?}");
    assert!(!waited.waited().is_zero());
    assert_eq!(
        events(&watcher).await?[2..4],
        ["started 003 1", "applied 003 1"]
    );
    was_done_once(&database, &[built, waited]).await
}
