//! The client's process is killed or stopped.

use onward_pg::Database;

use crate::support::command_stop::Scene;
use crate::support::sampling::at_every_place;
use crate::support::starter::Starter;
use crate::support::wire_stop::{Held, after, before};
use crate::support::witness::{recovers, shared};
use crate::{Outcome, Way, start};

#[tokio::test]
async fn killed_in_a_command() -> Outcome {
    at_every_place(
        "kill -9 of the client in a command",
        17,
        4,
        async |way, n| killed_by("KILL", way, n).await,
    )
    .await
}

#[tokio::test]
async fn asked_to_end_in_a_command() -> Outcome {
    at_every_place(
        "kill -TERM of the client in a command",
        29,
        4,
        async |way, n| killed_by("TERM", way, n).await,
    )
    .await
}

/// The server goes on with the statement that it has received.
async fn killed_by(name: &str, way: Way, n: usize) -> Outcome {
    let scene = Scene::at(shared().await?, way, n).await?;
    scene.starter.signal(name)?;
    let ended = scene.recovers().await?;
    assert!(!ended.is_well, "{ended:?}");
    Ok(())
}

/// The next instance starts while the statement of the killed one still runs.
#[tokio::test]
async fn killed_in_a_command_that_goes_on() -> Outcome {
    at_every_place(
        "kill -9 of the client, and a start beside its orphan",
        13,
        4,
        async |way, n| {
            let scene = Scene::at(shared().await?, way, n).await?;
            scene.starter.signal("KILL")?;
            let mut client = scene.database.connect().await?;
            let next = tokio::spawn(async move { start(&mut client).await });
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            // The server notices the end of a run's own connection, and ends its session.
            assert!(way == Way::Own || !next.is_finished());
            scene.lift().await?;
            next.await??;
            scene.recovers().await?;
            Ok(())
        },
    )
    .await
}

/// Nothing of message k was sent.
#[tokio::test]
async fn killed_before_a_message() -> Outcome {
    at_every_place(
        "kill -9 of the client before a message",
        11,
        4,
        async |way, k| {
            let held = Held::at(shared().await?, way, before(k)).await?;
            held.starter.kill().await?;
            drop(held.proxy);
            recovers(&held.database, &[]).await
        },
    )
    .await
}

/// Message k is in flight and arrives after its sender was killed.
#[tokio::test]
async fn killed_behind_a_message() -> Outcome {
    at_every_place(
        "kill -9 of the client behind a message",
        11,
        4,
        async |way, k| {
            let held = Held::at(shared().await?, way, before(k)).await?;
            held.starter.kill().await?;
            held.proxy.release();
            recovers(&held.database, &[]).await
        },
    )
    .await
}

/// A leader that is stopped while another run finishes goes on, and sees that all is done.
#[tokio::test]
async fn frozen_before_a_message() -> Outcome {
    at_every_place(
        "SIGSTOP of the client before a message",
        11,
        4,
        async |way, k| {
            let held = Held::at(shared().await?, way, before(k)).await?;
            held.starter.signal("STOP")?;
            recovers(&held.database, &[]).await?;
            held.proxy.release();
            held.starter.signal("CONT")?;
            wakes_up(&held.database, held.starter).await
        },
    )
    .await
}

/// The same, and the server has answered in the meantime.
#[tokio::test]
async fn frozen_behind_a_message() -> Outcome {
    at_every_place(
        "SIGSTOP of the client behind a message",
        11,
        4,
        async |way, k| {
            let held = Held::at(shared().await?, way, after(k)).await?;
            held.starter.signal("STOP")?;
            held.proxy.release();
            recovers(&held.database, &[]).await?;
            held.starter.signal("CONT")?;
            wakes_up(&held.database, held.starter).await
        },
    )
    .await
}

/// In a command, which goes on when its client is stopped.
#[tokio::test]
async fn frozen_in_a_command() -> Outcome {
    at_every_place(
        "SIGSTOP of the client in a command",
        25,
        4,
        async |way, n| {
            let scene = Scene::at(shared().await?, way, n).await?;
            scene.starter.signal("STOP")?;
            scene.lift().await?;
            recovers(&scene.database, &[]).await?;
            scene.starter.signal("CONT")?;
            wakes_up(&scene.database, scene.starter).await
        },
    )
    .await
}

async fn wakes_up(database: &Database, starter: Starter) -> Outcome {
    let ended = starter.end().await?;
    if !ended.is_well {
        return Err(format!("it went on and failed: {}", ended.said).into());
    }
    recovers(database, &ended.acknowledged).await?;
    Ok(())
}
