//! What a service notices of the worker: its slowest percent of transactions, on the table that is migrated.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use onward::data::{Pace, Throttles, Worker};
use onward_pg::{Cluster, Database};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tokio_postgres::Client;

use crate::table::{cluster, connector, filled};
use crate::{Answer, WIDE, number};

/// Sessions of the service, and how often each of them sends a transaction.
const SESSIONS: u64 = 8;
const EVERY: Duration = Duration::from_millis(40);

pub(crate) async fn measure() -> Answer<()> {
    let rows = number("rows", 3_000_000);
    let long = Duration::from_secs(number("seconds", 30));
    let cluster = cluster().await?;
    println!("{rows} rows, {SESSIONS} sessions with a transaction each {EVERY:?}, {long:?} each\n");
    let mut quiet = f64::MAX;
    for round in 1..=number("rounds", 2) {
        let alone = latencies(&cluster, rows, long, None).await?;
        let gentle = Worker::new(&WIDE);
        let usual = latencies(&cluster, rows, long, Some(gentle)).await?;
        let rough = Worker::new(&WIDE)
            .pace(Pace::unpaused())
            .throttles(Throttles::none());
        let rough = latencies(&cluster, rows, long, Some(rough)).await?;
        println!("round {round}");
        for (name, found) in [
            ("quiet", &alone),
            ("worker", &usual),
            ("unthrottled", &rough),
        ] {
            println!(
                "  {name:12} p50 {:6.2} ms, p99 {:6.2} ms, {} rows filled",
                found.p50, found.p99, found.filled
            );
        }
        quiet = quiet.min(alone.p99);
        println!(
            "  p99 {:.1} x with the worker, {:.1} x without pauses and throttles",
            usual.p99 / alone.p99,
            rough.p99 / alone.p99
        );
    }
    Ok(())
}

struct Latencies {
    p50: f64,
    p99: f64,
    filled: i64,
}

async fn latencies(
    cluster: &Cluster,
    rows: u64,
    long: Duration,
    worker: Option<Worker>,
) -> Answer<Latencies> {
    let (database, client) = filled(cluster, rows).await?;
    let working = match worker {
        None => None,
        Some(worker) => {
            let connector = connector(database.url())?;
            Some(tokio::spawn(async move {
                worker.run(&connector, std::future::pending()).await
            }))
        }
    };
    let over = Arc::new(AtomicBool::new(false));
    let mut sessions = JoinSet::new();
    for number in 0..SESSIONS {
        let client = database.connect().await?;
        sessions.spawn(serve(client, rows, number, Arc::clone(&over)));
    }
    tokio::time::sleep(long).await;
    over.store(true, Ordering::Relaxed);
    let mut all = Vec::new();
    while let Some(one) = sessions.join_next().await {
        all.extend(one??);
    }
    if let Some(working) = working {
        working.abort();
        let _ = working.await;
    }
    let filled = "SELECT count(*) FROM wide.rows WHERE b IS NOT NULL";
    let filled = client.query_one(filled, &[]).await?.get(0);
    drop(client);
    close(database).await?;
    all.sort_unstable();
    let percent = |part: usize| {
        let at = all.len() * part / 100;
        all.get(at).copied().unwrap_or_default().as_secs_f64() * 1000.0
    };
    Ok(Latencies {
        p50: percent(50),
        p99: percent(99),
        filled,
    })
}

async fn close(database: Database) -> Answer<()> {
    // The worker's session may still be ending.
    tokio::time::sleep(Duration::from_secs(1)).await;
    Ok(database.close().await?)
}

/// Transactions at fixed times, whether or not the last one was slow: what waits is counted.
async fn serve(
    client: Client,
    rows: u64,
    number: u64,
    over: Arc<AtomicBool>,
) -> Answer<Vec<Duration>> {
    let read = client
        .prepare("SELECT a, b FROM wide.rows WHERE id = $1")
        .await?;
    let write = client
        .prepare("UPDATE wide.rows SET seen = seen + 1 WHERE id = $1")
        .await?;
    let mut random = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(number + 1);
    let mut clock = interval(EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut took = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let due = clock.tick().await.into_std();
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let id = i64::try_from(random % rows + 1)?;
        client.query(&read, &[&id]).await?;
        client.execute(&write, &[&id]).await?;
        took.push(Instant::now().saturating_duration_since(due));
    }
    Ok(took)
}
