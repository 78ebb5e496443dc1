//! The server dies: a session's process, the postmaster, or all processes at once as in a power cut.

use std::time::Duration;

use onward_pg::{Cluster, Database};
use tokio_postgres::Client;

use crate::Outcome;
use crate::sessions::{building, builds};
use crate::support::command_stop::Scene;
use crate::support::sampling::in_turn;
use crate::support::starter::signal;
use crate::support::wire_stop::{Held, after, before};
use crate::support::witness::{mortal, recovers, rows};

/// All of the server's processes end at the same moment, without a message to any client.
pub(crate) async fn cut_the_power(cluster: &mut Cluster, watcher: &Client) -> Outcome {
    let postmaster = cluster.postmaster().ok_or("no postmaster")?;
    let all = rows(watcher, "SELECT pid FROM pg_stat_activity").await?;
    // Stopped first: otherwise it would clean up after the first process that is killed.
    signal("STOP", postmaster)?;
    signal("KILL", all.join(" ").as_str())?;
    Ok(cluster.kill()?)
}

/// Waits until the server takes connections.
pub(crate) async fn is_up(database: &Database) -> Outcome {
    for _ in 0..600 {
        if database.connect().await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("the server did not come back".into())
}

#[tokio::test]
async fn the_postmaster_killed_in_a_command() -> Outcome {
    let mut cluster = mortal().await?;
    in_turn(
        "kill -9 of the postmaster in a command",
        27,
        async |way, n| {
            let scene = Scene::at(&cluster, way, n).await?;
            cluster.kill()?;
            cluster.restart().await?;
            scene.recovers().await.map(drop)
        },
    )
    .await
}

#[tokio::test]
async fn the_power_cut_in_a_command() -> Outcome {
    let mut cluster = mortal().await?;
    in_turn("a power cut in a command", 27, async |way, n| {
        let scene = Scene::at(&cluster, way, n).await?;
        cut_the_power(&mut cluster, &scene.watcher).await?;
        cluster.restart().await?;
        scene.recovers().await.map(drop)
    })
    .await
}

#[tokio::test]
async fn the_power_cut_before_a_message() -> Outcome {
    let mut cluster = mortal().await?;
    in_turn("a power cut before a message", 13, async |way, k| {
        let held = Held::at(&cluster, way, before(k)).await?;
        cut_and_recover(&mut cluster, held).await
    })
    .await
}

/// The server is executing the message, or has just executed it.
#[tokio::test]
async fn the_power_cut_behind_a_message() -> Outcome {
    let mut cluster = mortal().await?;
    in_turn("a power cut behind a message", 13, async |way, k| {
        let held = Held::at(&cluster, way, after(k)).await?;
        cut_and_recover(&mut cluster, held).await
    })
    .await
}

async fn cut_and_recover(cluster: &mut Cluster, held: Held) -> Outcome {
    let watcher = held.database.connect().await?;
    cut_the_power(cluster, &watcher).await?;
    held.proxy.release();
    cluster.restart().await?;
    let ended = held.starter.end().await?;
    recovers(&held.database, &ended.acknowledged).await?;
    Ok(())
}

#[tokio::test]
async fn shut_down_in_a_command() -> Outcome {
    let mut cluster = mortal().await?;
    in_turn("a fast shutdown in a command", 39, async |way, n| {
        let scene = Scene::at(&cluster, way, n).await?;
        cluster.restart().await?;
        scene.recovers().await.map(drop)
    })
    .await
}

#[tokio::test]
async fn shut_down_at_once_in_a_command() -> Outcome {
    let mut cluster = mortal().await?;
    in_turn("an immediate shutdown in a command", 39, async |way, n| {
        let scene = Scene::at(&cluster, way, n).await?;
        signal("QUIT", cluster.postmaster().ok_or("no postmaster")?)?;
        cluster.restart().await?;
        scene.recovers().await.map(drop)
    })
    .await
}

/// One session's process is killed: the server ends all others, and recovers itself.
#[tokio::test]
async fn a_session_killed_in_a_command() -> Outcome {
    let cluster = mortal().await?;
    in_turn("kill -9 of the session in a command", 27, async |way, n| {
        let scene = Scene::at(&cluster, way, n).await?;
        signal("KILL", scene.session)?;
        // The server ends the watcher's session too.
        while rows(&scene.watcher, "SELECT 1").await.is_ok() {}
        is_up(&scene.database).await?;
        scene.recovers().await.map(drop)
    })
    .await
}

#[tokio::test]
async fn the_power_cut_while_an_index_is_built() -> Outcome {
    let mut cluster = mortal().await?;
    for &(way, index) in builds() {
        let database = cluster.database().await?;
        let (_reader, watcher, starter, _) = building(&database, way, index).await?;
        cut_the_power(&mut cluster, &watcher).await?;
        cluster.restart().await?;
        let ended = starter.end().await?;
        recovers(&database, &ended.acknowledged).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_session_killed_while_it_builds_an_index() -> Outcome {
    let cluster = mortal().await?;
    for &(way, index) in builds() {
        let database = cluster.database().await?;
        let (_reader, watcher, starter, session) = building(&database, way, index).await?;
        signal("KILL", session)?;
        while rows(&watcher, "SELECT 1").await.is_ok() {}
        let ended = starter.end().await?;
        is_up(&database).await?;
        recovers(&database, &ended.acknowledged).await?;
    }
    Ok(())
}
