//! The server's side of the session ends, is cancelled, or stands still.

use std::time::Duration;

use onward_tests::postgres::{Cluster, Database, connect};
use onward_tests::proxy::Proxy;
use tokio_postgres::Client;

use crate::harbor::{fast, is_whole, pid, recovers, row, shared, until};
use crate::held::{Held, before, hold};
use crate::pace::{at_every_place, in_turn};
use crate::starter::{Starter, signal};
use crate::stops::Scene;
use crate::{Answer, HARBOR, Outcome, start, startup};

#[tokio::test]
async fn terminated_in_a_command() -> Outcome {
    at_every_place("pg_terminate_backend in a command", 9, 4, async |n| {
        let Some(scene) = Scene::at(shared().await?, n).await? else {
            return Ok(false);
        };
        let sql = format!("SELECT pg_terminate_backend({})", scene.starter.backend);
        scene.watcher.batch_execute(&sql).await?;
        scene.is_alone().await?;
        let ended = scene.recovers().await?;
        assert!(!ended.is_well, "{ended:?}");
        Ok(true)
    })
    .await
}

/// A cancelled command is tried once more, by the same run.
#[tokio::test]
async fn cancelled_in_a_command() -> Outcome {
    at_every_place("pg_cancel_backend in a command", 9, 4, async |n| {
        let Some(scene) = Scene::at(shared().await?, n).await? else {
            return Ok(false);
        };
        let sql = format!("SELECT pg_cancel_backend({})", scene.starter.backend);
        scene.watcher.batch_execute(&sql).await?;
        scene.recovers().await?;
        Ok(true)
    })
    .await
}

/// Between two messages, when the session is idle.
#[tokio::test]
async fn terminated_between_messages() -> Outcome {
    at_every_place("pg_terminate_backend between messages", 6, 4, async |k| {
        let cluster = shared().await?;
        let database = cluster.database().await?;
        let watcher = database.connect().await?;
        let proxy = Proxy::start(cluster.port()).await?;
        let mut client = connect(&proxy.url(database.name())).await?;
        let victim = pid(&client).await?;
        proxy.arm(hold(before(k)));
        let running = start(&mut client);
        let outcome = tokio::select! {
            outcome = running => Some(outcome),
            () = proxy.struck() => None,
        };
        if let Some(outcome) = outcome {
            outcome?;
            return Ok(false);
        }
        let sql = format!("SELECT pg_terminate_backend({victim})");
        watcher.batch_execute(&sql).await?;
        proxy.release();
        recovers(&database, &[]).await?;
        Ok(true)
    })
    .await
}

/// Starts, and waits until the first or the second index waits for an old snapshot.
pub(crate) async fn building(
    database: &Database,
    index: &str,
) -> Answer<(Client, Client, Starter)> {
    let (reader, watcher) = tokio::try_join!(database.connect(), database.connect())?;
    let mut starter = Starter::connect(database.url()).await?;
    if index == "ships_berth_once" {
        // The first index is there already.
        let mut client = database.connect().await?;
        let before = ["005", "006"];
        first_files(&mut client, &before).await?;
    }
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        .await?;
    starter.go().await?;
    let queues = format!(
        "SELECT wait_event = 'virtualxid' FROM pg_stat_activity WHERE pid = {}",
        starter.backend
    );
    until(&watcher, &queues).await?;
    Ok((reader, watcher, starter))
}

/// Applies what comes before a file that fails.
async fn first_files(client: &mut Client, before: &[&str]) -> Outcome {
    client
        .batch_execute(&format!(
            "CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
             BEGIN IF position('ships_berth_once' in current_query()) > 0 THEN RAISE EXCEPTION '{}'; END IF; END $$;
             CREATE EVENT TRIGGER refuse ON ddl_command_start EXECUTE FUNCTION public.refuse()",
            before.join(" ")
        ))
        .await?;
    let failed = startup(&HARBOR).run(client).await.err();
    client.batch_execute("DROP EVENT TRIGGER refuse").await?;
    match failed {
        Some(onward::Error::Failed { .. }) => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

/// Ends the builder of each index while it waits for an old snapshot.
async fn ended_while_it_builds(how: &str) -> Outcome {
    let cluster = shared().await?;
    for index in ["ships_name_idx", "ships_berth_once"] {
        let database = cluster.database().await?;
        let (reader, watcher, starter) = building(&database, index).await?;
        let sql = format!("SELECT {how}({})", starter.backend);
        watcher.batch_execute(&sql).await?;
        let broken = "SELECT count(*) > 0 FROM pg_index WHERE NOT indisvalid";
        until(&watcher, broken).await?;
        reader.batch_execute("ROLLBACK").await?;
        let ended = starter.end().await?;
        recovers(&database, &ended.acknowledged)
            .await
            .map_err(|error| format!("{index}: {error}; {}", ended.said))?;
    }
    Ok(())
}

#[tokio::test]
async fn terminated_while_it_builds_an_index() -> Outcome {
    ended_while_it_builds("pg_terminate_backend").await
}

#[tokio::test]
async fn cancelled_while_it_builds_an_index() -> Outcome {
    ended_while_it_builds("pg_cancel_backend").await
}

/// The client is gone and its session stands still in the middle of a transaction, with its locks:
/// the next start waits for it, and nothing is guessed.
#[tokio::test]
async fn a_frozen_session_whose_client_is_gone() -> Outcome {
    // DROP DATABASE waits for every session of the server, so a frozen one needs a server of its own.
    let cluster = fast().await?;
    in_turn("SIGSTOP of the session in a command", 13, async |n| {
        frozen_in_a_command(&cluster, n).await
    })
    .await
}

async fn frozen_in_a_command(cluster: &Cluster, n: usize) -> Answer<bool> {
    let Some(scene) = Scene::at(cluster, n).await? else {
        return Ok(false);
    };
    let backend = u32::try_from(scene.starter.backend)?;
    signal("STOP", backend)?;
    scene.starter.signal("KILL")?;
    scene.lift().await?;
    let mut client = scene.database.connect().await?;
    let next = tokio::spawn(async move { start(&mut client).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    signal("CONT", backend)?;
    next.await??;
    scene.recovers().await?;
    Ok(true)
}

/// A message lies in the socket of a session that stands still, and its client is gone. The next
/// start does everything; then the session wakes up and reads the message.
#[tokio::test]
async fn a_message_that_is_read_long_after() -> Outcome {
    let cluster = fast().await?;
    in_turn("a message that is read long after", 5, async |k| {
        read_long_after(&cluster, k).await
    })
    .await
}

async fn read_long_after(cluster: &Cluster, k: usize) -> Answer<bool> {
    let held = Held::at(cluster, before(k)).await?;
    let Some(Held {
        database,
        proxy,
        starter,
    }) = held
    else {
        return Ok(false);
    };
    let watcher = database.connect().await?;
    let session = u32::try_from(starter.backend)?;
    let gone = format!("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {session})");
    signal("STOP", session)?;
    proxy.release();
    starter.kill().await?;
    let recovered = recovers(&database, &[]).await;
    signal("CONT", session)?;
    until(&watcher, &gone).await?;
    recovered?;
    // What it may have left belongs to nobody, and the next start removes it.
    recovers(&database, &[]).await?;
    is_whole(&watcher).await?;
    let effects = row(&watcher, "SELECT count(*) FROM harbor.effects").await?;
    assert_eq!(effects, "4");
    Ok(true)
}
