//! What is wrong around a worker: another version of the service, a clock that jumps, a role with a timeout, a hook that
//! hangs.

use std::time::Duration;

use onward::data::{Event, Signal, Throttles, Worker};
use onward::kind::Data;
use onward::plan::{Job, Ranges};
use onward::{Connector, Startup};
use onward_pg::PgBouncer;
use tokio_postgres::NoTls;

use crate::support::folder::Folder;
use crate::support::job::{
    COUNT, FILL, ID, UNFILLED, filled, finish, heard, listened, plan, ranged, ranges,
};
use crate::support::witness::{is_sound, row};
use crate::{Outcome, connector};

const COUNTED: &str = "SELECT min(n), max(n), count(*) FROM shop.counted";

/// During a rollout the version before runs a worker beside the next one, whose data migrations it does not know.
#[tokio::test(flavor = "multi_thread")]
async fn two_versions_of_the_service_run_workers_side_by_side() -> Outcome {
    let table = "CREATE TABLE shop.counted (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, m int NOT NULL DEFAULT 0);";
    let counting = |column: &str| {
        format!("-- onward: batch 50 by id\nUPDATE shop.counted SET {column} = {column} + 1;\n")
    };
    let before = Folder::empty("shop")
        .with("001_counted.sql", table)
        .with("DM001_n.sql", &counting("n"));
    let old = before.plan()?;
    let new = before.with("DM002_m.sql", &counting("m")).plan()?;
    let database = onward_pg::database().await?;
    let mut client = database.connect().await?;
    Startup::new(&new).run(&mut client).await?;
    client
        .batch_execute("INSERT INTO shop.counted (id) SELECT generate_series(1, 1000)")
        .await?;
    let (of_old, _events) = listened(&old);
    let (of_new, mut events) = listened(&new);
    let (one, two) = (connector(&database)?, connector(&database)?);
    let first = tokio::spawn(async move { of_old.run(&one, std::future::pending()).await });
    let second = tokio::spawn(async move { of_new.run(&two, std::future::pending()).await });
    heard(
        &mut events,
        |event| matches!(event, Event::Done { name, .. } if name.starts_with("DM002")),
    )
    .await?;
    assert!(!first.is_finished() && !second.is_finished());
    first.abort();
    second.abort();
    let counted = "SELECT min(n), max(n), min(m), max(m), count(*) FROM shop.counted";
    assert_eq!(row(&client, counted).await?, "1|1|1|1|1000");
    is_sound(&client).await
}

/// The sign of life of a worker that died lies in the future, because the clock was set back; or long ago.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_holds_up_no_takeover() -> Outcome {
    for jump in ["+ interval '1 day'", "- interval '1 day'"] {
        let plan = plan(ranged(FILL, UNFILLED), "UPDATE shop.counted SET n = n + 1")?;
        let (database, client) = filled(&plan, 300).await?;
        let (worker, mut events) = listened(&plan);
        let own = connector(&database)?;
        let working = tokio::spawn(async move { worker.run(&own, std::future::pending()).await });
        heard(&mut events, |event| matches!(event, Event::Batch { .. })).await?;
        working.abort();
        let _ = working.await;
        let jumped = format!(
            "UPDATE shop.schema_migration_progress SET at = at {jump}, started = started {jump}"
        );
        client.batch_execute(&jumped).await?;
        let pooler = PgBouncer::start(&database, "pool_mode = transaction").await?;
        let through = Connector::new(pooler.url().parse()?, NoTls);
        let finishing = finish(&plan, &through);
        tokio::time::timeout(Duration::from_secs(14), finishing).await??;
        assert_eq!(row(&client, COUNTED).await?, "1|1|300", "{jump}");
        is_sound(&client).await?;
    }
    Ok(())
}

/// An administrator's timeouts for the role are not those of a batch.
#[tokio::test]
async fn timeouts_of_the_role_end_no_batch() -> Outcome {
    const SLOW: Ranges = ranges(
        100,
        "counted",
        ID,
        [
            "UPDATE shop.counted SET n = n + 1 WHERE ((SELECT true FROM pg_sleep(0.3))) AND (",
            ")",
        ],
    );
    let plan = plan(ranged(SLOW, None), "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 150).await?;
    let name = database.name();
    client
        .batch_execute(&format!(
            "ALTER DATABASE \"{name}\" SET statement_timeout = '150ms'; ALTER DATABASE \"{name}\" SET lock_timeout = '1ms';
             ALTER DATABASE \"{name}\" SET idle_in_transaction_session_timeout = '1ms'"
        ))
        .await?;
    finish(&plan, &connector(&database)?).await?;
    assert_eq!(row(&client, COUNTED).await?, "1|1|150");
    is_sound(&client).await
}

/// Nothing is done while the service does not answer, and the worker ends when it is asked to.
#[tokio::test]
async fn a_hook_that_hangs_holds_the_worker_and_nothing_else() -> Outcome {
    let kind = Data::__new(Job::Ranges(COUNT), None, 0, false, &[]);
    let plan = plan(kind, "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 10).await?;
    let (worker, mut events) = listened(&plan);
    let throttles = Throttles::none().hook(std::future::pending::<Signal>);
    let own = connector(&database)?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let working = tokio::spawn(async move {
        let until = async { stopped.await.unwrap_or_default() };
        Worker::run(worker.throttles(throttles), &own, until).await
    });
    let throttled = heard(&mut events, |event| {
        matches!(event, Event::Throttled { .. })
    })
    .await?;
    let Event::Throttled { readings, .. } = throttled else {
        return Err("it was not throttled".into());
    };
    assert!(
        readings[0].detail.contains("did not answer within 5 s"),
        "{readings:?}"
    );
    let open = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'idle in transaction'";
    assert_eq!(row(&client, open).await?, "0");
    stop.send(()).map_err(|()| "it has ended")?;
    tokio::time::timeout(Duration::from_secs(10), working).await???;
    assert_eq!(row(&client, COUNTED).await?, "0|0|10");
    Ok(())
}

/// A migration of years does not fill the ledger's schema with its batches.
#[tokio::test]
async fn the_history_keeps_the_newest_thousand_batches() -> Outcome {
    let plan = plan(ranged(FILL, UNFILLED), "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 300).await?;
    let (worker, mut events) = listened(&plan);
    let own = connector(&database)?;
    let working = tokio::spawn(async move { worker.run(&own, std::future::pending()).await });
    heard(&mut events, |event| matches!(event, Event::Batch { .. })).await?;
    working.abort();
    let _ = working.await;
    client
        .batch_execute(
            "INSERT INTO shop.schema_migration_batch (version, batch, after, until, rows, ms, worker, at)
             SELECT 'DM001', n, NULL, NULL, 1, 1, 'w', now() FROM generate_series(100, 1999) AS n;
             UPDATE shop.schema_migration_progress SET batches = 1999",
        )
        .await?;
    finish(&plan, &connector(&database)?).await?;
    let kept = "SELECT count(*), max(batch) - min(batch) FROM shop.schema_migration_batch";
    assert_eq!(row(&client, kept).await?, "1000|999");
    is_sound(&client).await
}
