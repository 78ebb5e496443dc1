//! Several workers, and workers that die.

use std::time::Duration;

use onward::Connector;
use onward::data::{Event, Pace, Worker};
use onward_pg::PgBouncer;
use tokio_postgres::NoTls;

use crate::support::job::{COUNT, FILL, UNFILLED, filled, heard, listened, plan, ranged};
use crate::support::witness::{is_sound, row, until};
use crate::{Outcome, connector};

const COUNTED: &str = "SELECT min(n), max(n), count(*) FROM shop.counted";
const DONE: &str = "SELECT exists(SELECT FROM shop.schema_migration_log WHERE event = 'data_done')";

/// The statement counts up, so a range that is run twice shows, as does one that is left out.
#[tokio::test(flavor = "multi_thread")]
async fn workers_and_sessions_are_killed_and_each_row_is_still_changed_once() -> Outcome {
    let plan = plan(ranged(COUNT, None), "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 2000).await?;
    let mut kills = 0;
    while row(&client, DONE).await? == "f" {
        let connector = connector(&database)?;
        let (worker, mut events) = listened(&plan);
        let worker = worker.pace(Pace::new().share(0.6));
        let working =
            tokio::spawn(async move { worker.run(&connector, std::future::pending()).await });
        let _heard = tokio::time::timeout(
            Duration::from_secs(10),
            heard(&mut events, |event| matches!(event, Event::Batch { .. })),
        )
        .await;
        if kills % 2 == 0 {
            working.abort();
            let _ = working.await;
        } else {
            let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name LIKE 'onward/shop/%'";
            row(&client, kill).await?;
            let _more = tokio::time::timeout(
                Duration::from_secs(10),
                heard(&mut events, |event| {
                    matches!(event, Event::Batch { .. } | Event::Done { .. })
                }),
            )
            .await;
            working.abort();
            let _ = working.await;
        }
        kills += 1;
        assert!(kills < 500, "it never ends");
    }
    assert!(kills > 3, "{kills}");
    assert_eq!(row(&client, COUNTED).await?, "1|1|2000");
    is_sound(&client).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_works_and_the_other_takes_over() -> Outcome {
    let plan = plan(ranged(COUNT, None), "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 2000).await?;
    let slow = Pace::new().share(0.05);
    let (first, mut heard_first) = listened(&plan);
    let (one, two) = (connector(&database)?, connector(&database)?);
    let first =
        tokio::spawn(async move { first.pace(slow).run(&one, std::future::pending()).await });
    heard(&mut heard_first, |event| {
        matches!(event, Event::Batch { .. })
    })
    .await?;
    let (second, mut heard_second) = listened(&plan);
    let second = tokio::spawn(async move { second.run(&two, std::future::pending()).await });
    heard(&mut heard_second, |event| {
        matches!(event, Event::StandingBy)
    })
    .await?;
    first.abort();
    let _ = first.await;
    heard(&mut heard_second, |event| {
        matches!(event, Event::Done { .. })
    })
    .await?;
    second.abort();
    let _ = second.await;
    assert_eq!(row(&client, COUNTED).await?, "1|1|2000");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn three_workers_through_a_pooler_change_each_row_once() -> Outcome {
    let plan = plan(ranged(COUNT, None), "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 2000).await?;
    let pooler =
        PgBouncer::start(&database, "pool_mode = transaction\ndefault_pool_size = 3").await?;
    let mut workers = Vec::new();
    for _ in 0..3 {
        let connector = Connector::new(pooler.url().parse()?, NoTls);
        let worker = Worker::new(&plan);
        workers.push(tokio::spawn(async move {
            worker.run(&connector, std::future::pending()).await
        }));
    }
    until(&client, DONE).await?;
    for worker in workers {
        worker.abort();
        let _ = worker.await;
    }
    assert_eq!(row(&client, COUNTED).await?, "1|1|2000");
    Ok(())
}

#[tokio::test]
async fn it_ends_when_it_is_told_to_and_leaves_nothing() -> Outcome {
    let plan = plan(ranged(FILL, UNFILLED), "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 300).await?;
    let connector = connector(&database)?;
    let (worker, mut events) = listened(&plan);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let working = tokio::spawn(async move {
        worker
            .run(&connector, async { stopped.await.unwrap_or_default() })
            .await
    });
    heard(&mut events, |event| matches!(event, Event::Done { .. })).await?;
    heard(
        &mut events,
        |event| matches!(event, Event::Idle { held } if held.is_empty()),
    )
    .await?;
    stop.send(()).map_err(|()| "it has ended")?;
    working.await??;
    until(
        &client,
        "SELECT NOT exists(SELECT FROM pg_stat_activity WHERE datname = current_database()
         AND application_name LIKE 'onward/shop/%')",
    )
    .await?;
    is_sound(&client).await
}

/// A start does not wait for a worker, and a worker without a ledger waits for a start.
#[tokio::test]
async fn a_start_is_not_in_its_way() -> Outcome {
    let plan = plan(ranged(COUNT, None), "UPDATE shop.counted SET n = n + 1")?;
    let database = onward_pg::database().await?;
    let own = connector(&database)?;
    let (worker, mut events) = listened(&plan);
    let working = tokio::spawn(async move { worker.run(&own, std::future::pending()).await });
    heard(&mut events, |event| matches!(event, Event::Idle { .. })).await?;
    let mut client = database.connect().await?;
    crate::start(&plan, &mut client).await?;
    heard(&mut events, |event| matches!(event, Event::Done { .. })).await?;
    crate::start(&plan, &mut client).await?;
    working.abort();
    Ok(())
}
