//! Faults while a data migration runs. Its statement counts up: a range that is left out shows, and one that runs twice
//! does too.

use std::time::Duration;

use onward::Connector;
use onward::data::{Event, Pace, Worker};
use onward_pg::{Cluster, Database};
use onward_tests::harbor::COUNTED;
use onward_tests::proxy::{At, Effect, Fault, Place, Proxy, Side};
use tokio::sync::mpsc::unbounded_channel;
use tokio_postgres::{Client, NoTls};

use crate::servers::{cut_the_power, is_up};
use crate::support::sampling::{NoSuchPlace, is_a_place, is_thorough, tell};
use crate::support::starter::signal;
use crate::support::witness::{mortal, rows, shared};
use crate::{Answer, Outcome, startup};

const ROWS: u32 = 120;

async fn prepared(database: &Database) -> Answer<Client> {
    let mut client = database.connect().await?;
    startup(&COUNTED).run(&mut client).await?;
    let sql = format!("INSERT INTO counted.rows (n) SELECT 0 FROM generate_series(1, {ROWS})");
    client.batch_execute(&sql).await?;
    Ok(client)
}

fn connector(url: &str) -> Answer<Connector> {
    Ok(Connector::new(url.parse()?, NoTls).lease(Duration::from_secs(3)))
}

/// Another worker finishes it without help, and every row was changed once.
async fn recovers(database: &Database) -> Outcome {
    let finish = Worker::new(&COUNTED)
        .finish(&connector(database.url())?, None)
        .await;
    finish.map_err(|error| format!("{error:#}"))?;
    let client = database.connect().await?;
    let counted = rows(&client, "SELECT min(n), max(n), count(*) FROM counted.rows").await?;
    if counted != [format!("1|1|{ROWS}")] {
        return Err(format!("the rows are {counted:?}").into());
    }
    let done = "SELECT count(*) FROM counted.schema_migration_log WHERE event = 'data_done'";
    assert_eq!(rows(&client, done).await?, ["1"]);
    Ok(())
}

async fn fault_at(fault: Fault) -> Outcome {
    let cluster = shared().await?;
    let database = cluster.database().await?;
    prepared(&database).await?;
    let proxy = Proxy::start(cluster.port()).await?;
    let connector = connector(&proxy.url(database.name()))?;
    proxy.arm(fault);
    let working = Worker::new(&COUNTED).finish(&connector, None);
    match fault.effect {
        // It waits for an answer that never comes; another one takes over meanwhile.
        Effect::Blackhole => {
            let working = tokio::time::timeout(Duration::from_secs(2), working).await;
            if working.is_ok_and(|ended| ended.is_ok()) {
                return Err(NoSuchPlace.into());
            }
        }
        Effect::Cut | Effect::Reset | Effect::Stall(_) | Effect::Hold | Effect::Drip => {
            let outcome = working.await;
            outcome.map_err(|error| format!("{fault}: {error:#}"))?;
        }
    }
    let struck = proxy.has_struck();
    recovers(&database)
        .await
        .map_err(|error| format!("{fault}: {error}"))?;
    is_a_place(struck)
}

async fn sweep(effect: Effect, side: Side, place: Place, stride: usize) -> Outcome {
    let stride = if is_thorough() { 1 } else { stride };
    let mut tried = 0;
    for message in (1..).step_by(stride) {
        let at = At {
            side,
            message,
            place,
        };
        match fault_at(Fault { at, effect }).await {
            Ok(()) => tried += 1,
            Err(end) if end.is::<NoSuchPlace>() => break,
            Err(error) => return Err(error),
        }
    }
    assert!(tried > 0, "it never struck");
    tell(&format!(
        "a data migration, {effect:?} {place:?} a message of the {side:?}: at {tried} places"
    ));
    Ok(())
}

#[tokio::test]
async fn the_wire_cut_before_a_message_of_the_worker() -> Outcome {
    sweep(Effect::Cut, Side::Client, Place::Before, 5).await
}

#[tokio::test]
async fn the_wire_cut_behind_a_message_of_the_worker() -> Outcome {
    sweep(Effect::Cut, Side::Client, Place::After, 4).await
}

#[tokio::test]
async fn the_wire_reset_before_an_answer_to_the_worker() -> Outcome {
    sweep(Effect::Reset, Side::Server, Place::Before, 67).await
}

#[tokio::test]
async fn a_wire_that_swallows_a_message_of_the_worker() -> Outcome {
    sweep(Effect::Blackhole, Side::Client, Place::After, 13).await
}

/// A worker in the middle of its batches, on a server that the test may kill.
async fn in_batches(cluster: &Cluster) -> Answer<(Database, Client, tokio::task::JoinHandle<()>)> {
    let database = cluster.database().await?;
    let client = prepared(&database).await?;
    let (sender, mut events) = unbounded_channel();
    let worker = Worker::new(&COUNTED)
        .pace(Pace::new().share(0.3))
        .listener(move |event| {
            let _ = sender.send(matches!(event, Event::Batch { .. }));
        });
    let connector = connector(database.url())?;
    let working = tokio::spawn(async move {
        // Whatever ends it, the server's rows are the witness.
        let _ended = worker.run(&connector, std::future::pending()).await;
    });
    while events.recv().await == Some(false) {}
    Ok((database, client, working))
}

/// The worker itself finds the server again.
#[tokio::test]
async fn the_server_killed_while_batches_run() -> Outcome {
    let mut cluster = mortal().await?;
    for power in [false, true] {
        let (database, watcher, working) = in_batches(&cluster).await?;
        match power {
            true => cut_the_power(&mut cluster, &watcher).await?,
            false => cluster.kill()?,
        }
        cluster.restart().await?;
        is_up(&database).await?;
        recovers(&database).await?;
        working.abort();
    }
    Ok(())
}

/// The server ends the session of a worker that is frozen in the middle of a batch, and another one takes over.
#[tokio::test]
async fn a_backend_of_the_worker_killed_while_batches_run() -> Outcome {
    let mut cluster = mortal().await?;
    let (database, watcher, working) = in_batches(&cluster).await?;
    let pid = rows(
        &watcher,
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'onward/%'",
    )
    .await?;
    signal("KILL", pid.join(" ").as_str())?;
    drop(watcher);
    if cluster.postmaster().is_none() {
        cluster.restart().await?;
    }
    is_up(&database).await?;
    recovers(&database).await?;
    working.abort();
    Ok(())
}
