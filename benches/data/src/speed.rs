//! How fast the worker is beside a loop by hand of the same batch size.

use std::process::Stdio;
use std::time::{Duration, Instant};

use onward::data::{Throttles, Worker};
use onward_pg::{Cluster, Database};
use tokio::process::Command;

use crate::table::{cluster, connector, filled, is_filled};
use crate::{Answer, WIDE, number, processes};

const BATCH: u64 = 10_000;

pub(crate) async fn measure() -> Answer<()> {
    let rows = number("rows", 10_000_000);
    let cluster = cluster().await?;
    println!("{rows} rows in batches of {BATCH}, fsync on\n");
    let mut best = [Duration::MAX; 2];
    for _ in 0..number("rounds", 2) {
        let by_hand = by_hand(&cluster, rows).await?;
        let worker = worker(&cluster, rows).await?;
        println!("psql {by_hand:.1?}, worker {worker:.1?}");
        best = [best[0].min(by_hand), best[1].min(worker)];
    }
    let share = best[0].as_secs_f64() / best[1].as_secs_f64();
    println!(
        "\nthe worker has {:.0} % of the loop's speed",
        share * 100.0
    );
    let peak = processes::peak(std::process::id())?;
    println!("it took {peak} KiB of memory at most, this program included");
    Ok(())
}

/// One UPDATE a transaction, its range known beforehand: the key has no gaps, and psql sends nothing else.
async fn by_hand(cluster: &Cluster, rows: u64) -> Answer<Duration> {
    let (database, client) = filled(cluster, rows).await?;
    let script = format!(
        "SELECT format('UPDATE wide.rows SET b = a * 2 WHERE b IS NULL AND id > %s AND id <= %s', n, n + {BATCH})
         FROM generate_series(0, {rows} - 1, {BATCH}) AS n \\gexec"
    );
    let began = Instant::now();
    psql(&database, &script).await?;
    let took = began.elapsed();
    is_filled(&client).await?;
    drop(client);
    database.close().await?;
    Ok(took)
}

async fn psql(database: &Database, script: &str) -> Answer<()> {
    let mut child = Command::new("psql")
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", database.url()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("no input")?;
    tokio::io::AsyncWriteExt::write_all(&mut stdin, script.as_bytes()).await?;
    drop(stdin);
    match child.wait().await?.success() {
        true => Ok(()),
        false => Err("psql failed".into()),
    }
}

/// As `onward data finish` has it: no pauses. Without throttles, because the loop has none.
async fn worker(cluster: &Cluster, rows: u64) -> Answer<Duration> {
    let (database, client) = filled(cluster, rows).await?;
    let connector = connector(database.url())?;
    let worker = Worker::new(&WIDE).throttles(Throttles::none());
    let began = Instant::now();
    worker.finish(&connector, None).await?;
    let took = began.elapsed();
    is_filled(&client).await?;
    drop(client);
    database.close().await?;
    Ok(took)
}
