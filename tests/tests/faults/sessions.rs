//! The server's process of the session is ended, cancelled or stopped.

use std::time::Duration;

use onward_pg::{Cluster, Database};
use tokio_postgres::Client;

use crate::support::command_stop::{Scene, waits_for};
use crate::support::sampling::{at_every_place, in_turn, is_thorough};
use crate::support::starter::{Starter, signal};
use crate::support::wire_stop::{Held, before};
use crate::support::witness::{fast, is_whole, recovers, row, shared, until};
use crate::{Answer, HARBOR, Outcome, Way, run, start, startup};

#[tokio::test]
async fn terminated_in_a_command() -> Outcome {
    at_every_place(
        "pg_terminate_backend in a command",
        17,
        4,
        async |way, n| {
            let scene = Scene::at(shared().await?, way, n).await?;
            let sql = format!("SELECT pg_terminate_backend({})", scene.session);
            scene.watcher.batch_execute(&sql).await?;
            scene.is_alone().await?;
            let ended = scene.recovers().await?;
            // On a connection of its own the run connects again.
            assert_eq!(ended.is_well, way == Way::Own, "{ended:?}");
            Ok(())
        },
    )
    .await
}

/// A cancelled command is tried once more, by the same run.
#[tokio::test]
async fn cancelled_in_a_command() -> Outcome {
    at_every_place("pg_cancel_backend in a command", 17, 4, async |way, n| {
        let scene = Scene::at(shared().await?, way, n).await?;
        let sql = format!("SELECT pg_cancel_backend({})", scene.session);
        scene.watcher.batch_execute(&sql).await?;
        scene.recovers().await?;
        Ok(())
    })
    .await
}

/// Between two messages, when the session is idle.
#[tokio::test]
async fn terminated_between_messages() -> Outcome {
    at_every_place(
        "pg_terminate_backend between messages",
        11,
        4,
        async |way, k| {
            let held = Held::at(shared().await?, way, before(k)).await?;
            let watcher = held.database.connect().await?;
            watcher
                .batch_execute(&format!("SELECT pg_terminate_backend(pid) {OTHERS}"))
                .await?;
            held.proxy.release();
            let ended = held.starter.end().await?;
            recovers(&held.database, &ended.acknowledged).await?;
            Ok(())
        },
    )
    .await
}

/// The one session other than the one that asks.
const OTHERS: &str =
    "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'";

/// Starts, and waits until the first or the second index waits for an old snapshot.
pub(crate) async fn building(
    database: &Database,
    way: Way,
    index: &str,
) -> Answer<(Client, Client, Starter, i32)> {
    let (reader, watcher) = tokio::try_join!(database.connect(), database.connect())?;
    let mut starter = Starter::connect(way, database.url()).await?;
    if index != "ships_name_idx" {
        // The migrations before it are applied already.
        until_it_builds(&mut database.connect().await?, index).await?;
    }
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        .await?;
    starter.go().await?;
    let session = waits_for(&watcher, "virtualxid").await?;
    Ok((reader, watcher, starter, session))
}

/// A start that stops before this index.
async fn until_it_builds(client: &mut Client, index: &str) -> Outcome {
    client
        .batch_execute(&format!(
            "CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
             BEGIN IF position('{index}' in current_query()) > 0 THEN RAISE EXCEPTION 'not yet'; END IF; END $$;
             CREATE EVENT TRIGGER refuse ON ddl_command_start EXECUTE FUNCTION public.refuse()"
        ))
        .await?;
    let failed = start(client).await.err();
    client.batch_execute("DROP EVENT TRIGGER refuse").await?;
    match failed {
        Some(onward::Error::Failed { .. }) => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

/// Each index; with both ways to connect when every place is asked for. The second index of a file
/// resumes behind the first.
pub(crate) fn builds() -> &'static [(Way, &'static str)] {
    static BUILDS: [(Way, &str); 6] = [
        (Way::Borrowed, "ships_name_idx"),
        (Way::Own, "cargo_tons_idx"),
        (Way::Borrowed, "ships_berth_once"),
        (Way::Own, "ships_name_idx"),
        (Way::Borrowed, "cargo_tons_idx"),
        (Way::Own, "ships_berth_once"),
    ];
    match is_thorough() {
        true => &BUILDS,
        false => BUILDS.split_at(3).0,
    }
}

/// Ends the session that builds each index while it waits for an old snapshot.
async fn ended_while_it_builds(how: &str) -> Outcome {
    let cluster = shared().await?;
    for &(way, index) in builds() {
        let database = cluster.database().await?;
        let (reader, watcher, starter, session) = building(&database, way, index).await?;
        let sql = format!("SELECT {how}({session})");
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

/// The client is gone and the server process of its session is stopped in the middle of a transaction,
/// with its locks: the next start waits for it, and does not guess.
#[tokio::test]
async fn a_frozen_session_whose_client_is_gone() -> Outcome {
    // DROP DATABASE waits for every session of the server, so a frozen one needs a server of its own.
    let cluster = fast().await?;
    in_turn("SIGSTOP of the session in a command", 25, async |way, n| {
        frozen_in_a_command(&cluster, way, n).await
    })
    .await
}

async fn frozen_in_a_command(cluster: &Cluster, way: Way, n: usize) -> Outcome {
    let scene = Scene::at(cluster, way, n).await?;
    let backend = u32::try_from(scene.session)?;
    signal("STOP", backend)?;
    scene.starter.signal("KILL")?;
    scene.lift().await?;
    let mut client = scene.database.connect().await?;
    let next = tokio::spawn(async move { start(&mut client).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    signal("CONT", backend)?;
    next.await??;
    scene.recovers().await?;
    Ok(())
}

/// A message is in the socket of a session whose process is stopped, and its client is gone. The next
/// start applies everything; then the process goes on and reads the message.
#[tokio::test]
async fn a_message_that_is_read_long_after() -> Outcome {
    let cluster = fast().await?;
    in_turn("a message that is read long after", 9, async |way, k| {
        read_long_after(&cluster, way, k).await
    })
    .await
}

async fn read_long_after(cluster: &Cluster, way: Way, k: usize) -> Outcome {
    let held = Held::at(cluster, way, before(k)).await?;
    if way == Way::Own && k == 1 {
        // At the first messages the connection is not open yet, so there is no session to stop.
        held.proxy.release();
        let ended = held.starter.end().await?;
        return recovers(&held.database, &ended.acknowledged).await;
    }
    let watcher = held.database.connect().await?;
    // The session that prepared the database may need a moment to end.
    until(&watcher, &format!("SELECT count(*) = 1 {OTHERS}")).await?;
    let session: u32 = row(&watcher, &format!("SELECT pid {OTHERS}"))
        .await?
        .parse()?;
    let gone = format!("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {session})");
    // In the middle of an earlier message it would hold locks that no other session can take from it.
    let idle = format!("SELECT state = 'idle' FROM pg_stat_activity WHERE pid = {session}");
    until(&watcher, &idle).await?;
    signal("STOP", session)?;
    held.proxy.release();
    held.starter.kill().await?;
    let outcome = match way {
        Way::Borrowed => recovers(&held.database, &[]).await,
        // It holds the module's lock, and no other session can take that from a stopped process.
        Way::Own => is_locked_out(&held.database).await,
    };
    signal("CONT", session)?;
    until(&watcher, &gone).await?;
    outcome?;
    // The index that it may have left is no longer in use, and the next start removes it.
    recovers(&held.database, &[]).await?;
    is_whole(&watcher).await?;
    let effects = row(&watcher, "SELECT count(*) FROM harbor.effects").await?;
    assert_eq!(effects, "4");
    Ok(())
}

/// A short start gets an error that names the session with the lock, unless nothing is pending any more,
/// or the lock is not held yet.
async fn is_locked_out(database: &Database) -> Outcome {
    let short = startup(&HARBOR).budget(Duration::from_secs(2));
    match run(Way::Borrowed, database.url(), short).await? {
        // On a busy machine the time may be over while it looks, and not while it waits.
        Err(onward::Error::Locked { .. } | onward::Error::OutOfTime { .. }) | Ok(_) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
