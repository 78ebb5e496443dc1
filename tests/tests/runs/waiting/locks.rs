//! Waiting for other sessions, and giving up.

use std::time::Duration;

use onward::{BlockerKind, Error, PendingRelease, Plan, Startup};
use onward_pg::database;

use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, pid, read_products, row, until, until_it_queues};
use crate::{Outcome, SHOP, applied, start};

fn patient(plan: &Plan, budget: Duration) -> Startup {
    Startup::new(plan)
        .budget(budget)
        .lock_timeout(Duration::from_millis(100))
        .pending_release(PendingRelease::Report)
}

/// The shop with a file that needs a table which another session is reading.
fn shop_with_a_busy_file() -> Folder {
    Folder::shop().with(
        "005_busy.sql",
        "ALTER TABLE shop.products ADD COLUMN weight integer;",
    )
}

const WEIGHT: &str = "SELECT count(*) FROM pg_attribute
    WHERE attrelid = 'shop.products'::regclass AND attname = 'weight'";

#[tokio::test]
async fn a_start_lets_others_pass_at_a_table_in_use_and_tries_again() -> Outcome {
    let plan = shop_with_a_busy_file().plan()?;
    let database = database().await?;
    let (mut client, reader, watcher) =
        tokio::try_join!(database.connect(), database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    read_products(&reader).await?;
    let starter = pid(&client).await?;
    let startup = patient(&plan, Duration::from_secs(60));
    let starting = tokio::spawn(async move { startup.run(&mut client).await });

    // Each attempt queues in another transaction.
    let begun = format!("SELECT xact_start::text FROM pg_stat_activity WHERE pid = {starter}");
    until_it_queues(&watcher, starter, "relation").await?;
    for _ in 0..2 {
        let before = row(&watcher, &begun).await?;
        let again = format!(
            "SELECT wait_event = 'relation' AND xact_start::text <> '{before}'
             FROM pg_stat_activity WHERE pid = {starter}"
        );
        until(&watcher, &again).await?;
    }
    assert!(!starting.is_finished());
    reader.batch_execute("ROLLBACK").await?;

    let report = starting.await??;
    assert_eq!(applied(&report), ["005_busy.sql"]);
    assert!(!report.waited().is_zero());
    assert_eq!(row(&watcher, WEIGHT).await?, "1");
    assert_eq!(events(&watcher).await?.len(), 7);
    is_sound(&watcher).await
}

#[tokio::test]
async fn a_migration_fails_if_its_table_stays_in_use() -> Outcome {
    let plan = shop_with_a_busy_file().plan()?;
    let database = database().await?;
    let (mut client, reader) = tokio::try_join!(database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    read_products(&reader).await?;
    let refused = patient(&plan, Duration::from_secs(3))
        .run(&mut client)
        .await;
    let error = refused.err().ok_or("it was not refused")?;
    // When the budget ends between two tries, the server has not reported an error.
    if !matches!(error, Error::OutOfTime { .. }) {
        assert_eq!(error.sqlstate(), Some("55P03"), "{error}");
    }
    assert!(error.to_string().contains("005_busy.sql"), "{error}");
    reader.batch_execute("ROLLBACK").await?;
    assert_eq!(row(&client, WEIGHT).await?, "0");
    is_sound(&client).await?;
    assert_eq!(applied(&start(&plan, &mut client).await?), ["005_busy.sql"]);
    is_sound(&client).await
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended_by_the_server() -> Outcome {
    let slow = Folder::shop().with(
        "005_slow.sql",
        "CREATE TABLE shop.before (id bigint PRIMARY KEY);\n\
         -- it is there to be slow\n\
         DO $$ BEGIN PERFORM pg_sleep(600); END $$;\n",
    );
    let plan = slow.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    let startup = patient(&plan, Duration::from_secs(60)).statement_timeout(Duration::from_secs(2));
    let error = startup
        .run(&mut client)
        .await
        .err()
        .ok_or("it was not ended")?;
    let Error::Failed { failed, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(
        (failed.name, &*failed.sqlstate, failed.location.line),
        ("005_slow.sql", "57014", 3)
    );
    assert!(error.to_string().contains("statement timeout"), "{error}");
    assert_eq!(
        row(&client, "SELECT to_regclass('shop.before') IS NULL").await?,
        "t"
    );
    is_sound(&client).await
}

#[tokio::test]
async fn the_budget_bounds_what_has_no_timeout_of_its_own() -> Outcome {
    let slow = Folder::shop().with(
        "005_slow.sql",
        "-- it is there to be slow\n\
         DO $$ BEGIN PERFORM pg_sleep(600); END $$;\n",
    );
    let plan = slow.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    let startup =
        patient(&plan, Duration::from_secs(3)).statement_timeout(Duration::from_secs(600));
    let error = startup
        .run(&mut client)
        .await
        .err()
        .ok_or("it was not ended")?;
    assert!(error.to_string().contains("005_slow.sql"), "{error}");
    is_sound(&client).await
}

#[tokio::test]
async fn a_build_that_outlives_the_budget_is_taken_over_by_the_next_start() -> Outcome {
    let database = database().await?;
    let (mut client, mut next, reader) =
        tokio::try_join!(database.connect(), database.connect(), database.connect())?;
    let builder = pid(&client).await?;
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        .await?;
    let refused = patient(&SHOP, Duration::from_secs(3))
        .run(&mut client)
        .await;
    let error = refused.err().ok_or("the budget did not end")?;
    assert!(matches!(error, Error::OutOfTime { .. }), "{error}");
    assert!(
        error.to_string().contains("003_products_name_idx.sql"),
        "{error}"
    );
    // The build was not cancelled.
    until_it_queues(&next, builder, "virtualxid").await?;

    // Another instance finds the build in progress, and names the session that builds: with time to be answered, on a
    // machine that is busy.
    let refused = patient(&SHOP, Duration::from_secs(10)).run(&mut next).await;
    let error = refused.err().ok_or("the build was not in progress")?;
    let Error::Locked { blockers, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(
        (blockers[0].pid, blockers[0].kind),
        (builder, BlockerKind::IndexBuild)
    );

    reader.batch_execute("ROLLBACK").await?;
    let report = start(&SHOP, &mut next).await?;
    assert_eq!(applied(&report)[0], "003_products_name_idx.sql");
    assert_eq!(
        events(&next).await?[2..4],
        ["started 003 1", "applied 003 1"]
    );
    is_sound(&next).await
}

#[tokio::test]
async fn a_start_waits_for_the_session_that_holds_the_hashtext_lock() -> Outcome {
    let database = database().await?;
    let (mut client, holder, watcher) =
        tokio::try_join!(database.connect(), database.connect(), database.connect())?;
    holder
        .batch_execute("SELECT pg_advisory_lock(hashtext('shop'))")
        .await?;
    let starter = pid(&client).await?;
    let starting = tokio::spawn(async move { start(&SHOP, &mut client).await });
    let asked = format!("SELECT query_start::text FROM pg_stat_activity WHERE pid = {starter}");
    for _ in 0..5 {
        let before = row(&watcher, &asked).await?;
        let again = format!(
            "SELECT query_start::text <> '{before}' FROM pg_stat_activity WHERE pid = {starter}"
        );
        until(&watcher, &again).await?;
    }
    assert_eq!(
        row(&watcher, "SELECT to_regnamespace('shop') IS NULL").await?,
        "t"
    );
    holder
        .batch_execute("SELECT pg_advisory_unlock(hashtext('shop'))")
        .await?;
    let report = starting.await??;
    assert_eq!(report.applied().len(), 5);
    assert!(!report.waited().is_zero());
    is_sound(&watcher).await
}

#[tokio::test]
async fn a_session_that_never_releases_the_lock_is_named() -> Outcome {
    let (high, low) = SHOP.lock();
    for (lock, holds) in [
        ("hashtext('shop')".to_owned(), BlockerKind::Hashtext),
        (format!("{high}, {low}"), BlockerKind::Onward),
    ] {
        let database = database().await?;
        let (mut client, holder) = tokio::try_join!(database.connect(), database.connect())?;
        holder
            .batch_execute(&format!(
                "SET application_name = 'squatter'; SELECT pg_advisory_lock({lock})"
            ))
            .await?;
        let refused = patient(&SHOP, Duration::from_secs(2))
            .run(&mut client)
            .await;
        let error = refused.err().ok_or("it was not refused")?;
        let Error::Locked { blockers, .. } = &error else {
            return Err(error.into());
        };
        let squatter = pid(&holder).await?;
        assert_eq!(blockers.len(), 1);
        assert_eq!((blockers[0].pid, blockers[0].kind), (squatter, holds));
        let named = format!("pid {squatter} `squatter`");
        assert!(error.to_string().contains(&named), "{error}");
        assert_eq!(
            row(&client, "SELECT to_regnamespace('shop') IS NULL").await?,
            "t"
        );
        drop(holder);
        // A session ends a moment after its client.
        let free = "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";
        until(&client, free).await?;
        assert_eq!(start(&SHOP, &mut client).await?.applied().len(), 5);
        is_sound(&client).await?;
    }
    Ok(())
}
