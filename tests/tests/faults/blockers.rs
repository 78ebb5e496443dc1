//! Another session waits for, or holds, the lock that a run needs.

use std::time::Duration;

use crate::support::command_stop::Scene;
use crate::support::sampling::at_every_place;
use crate::support::starter::{Starter, signal};
use crate::support::witness::{acknowledged, mortal, pid, recovers, shared, until};
use crate::{HARBOR, Outcome, Way, start, startup};

fn keys() -> [String; 2] {
    let (high, low) = HARBOR.lock();
    ["hashtext('harbor')".to_owned(), format!("{high}, {low}")]
}

/// The lock is held before the run begins, and released while the run waits.
#[tokio::test]
async fn a_lock_that_is_given_back() -> Outcome {
    for key in keys() {
        let database = shared().await?.database().await?;
        let holder = database.connect().await?;
        holder
            .batch_execute(&format!("SELECT pg_advisory_lock({key})"))
            .await?;
        let mut starter = Starter::connect(Way::Borrowed, database.url()).await?;
        starter.go().await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        holder
            .batch_execute("SELECT pg_advisory_unlock_all()")
            .await?;
        let ended = starter.end().await?;
        assert!(ended.is_well, "{ended:?}");
        recovers(&database, &ended.acknowledged).await?;
    }
    Ok(())
}

/// The lock is never released: the run names the blocking session, and succeeds once that session has
/// ended.
#[tokio::test]
async fn a_lock_whose_holder_dies() -> Outcome {
    let cluster = mortal().await?;
    for key in keys() {
        let database = cluster.database().await?;
        let (holder, mut client) = tokio::try_join!(database.connect(), database.connect())?;
        holder
            .batch_execute(&format!("SELECT pg_advisory_lock({key})"))
            .await?;
        let short = startup(&HARBOR).budget(Duration::from_secs(2));
        let outcome = short.run(&mut client).await;
        assert!(
            matches!(outcome, Err(onward::Error::Locked { .. })),
            "{outcome:?}"
        );
        signal("KILL", pid(&holder).await?)?;
        while holder.simple_query("SELECT 1").await.is_ok() {}
        // Until then the server accepts a session and ends it again.
        while client.simple_query("SELECT 1").await.is_ok() {}
        while database.connect().await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        recovers(&database, &[]).await?;
    }
    Ok(())
}

/// Another session waits for the lock with the plain, blocking function, as other tools do, and keeps it
/// for a short time: in the middle of every command, also while an index is being built.
#[tokio::test]
async fn a_lock_that_another_session_waits_for_and_gets() -> Outcome {
    for key in keys() {
        let what = format!("pg_advisory_lock({key}) in a command");
        at_every_place(&what, 17, 4, move |way, n| {
            let key = key.clone();
            async move {
                let scene = Scene::at(shared().await?, way, n).await?;
                let other = scene.database.connect().await?;
                let session = pid(&other).await?;
                let keeping = tokio::spawn(async move {
                    other
                        .batch_execute(&format!("SELECT pg_advisory_lock({key})"))
                        .await?;
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    other.batch_execute("SELECT pg_advisory_unlock_all()").await
                });
                // It waits, or holds the lock already because an index build does not hold it.
                let asked = format!(
                    "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND pid = {session}"
                );
                until(&scene.watcher, &asked).await?;
                scene.lift().await?;
                let ended = scene.recovers().await?;
                // A session that waits like this holds a snapshot, and an index build waits for that
                // snapshot: the server ends one of them. The run starts its build again; the other
                // session may fail.
                if let Err(error) = keeping.await? {
                    let code = error.code().map(|code| code.code());
                    assert_eq!(code, Some("40P01"), "{error:?}");
                }
                assert!(ended.is_well, "{ended:?}");
                Ok(())
            }
        })
        .await?;
    }
    Ok(())
}

/// Many instances, and one session that takes the plain lock again and again.
#[tokio::test]
async fn a_lock_that_is_taken_again_and_again() -> Outcome {
    let database = shared().await?.database().await?;
    let pest = database.connect().await?;
    let nagging = tokio::spawn(async move {
        for _ in 0..50 {
            pest.batch_execute("SELECT pg_advisory_lock(hashtext('harbor'))")
                .await?;
            tokio::time::sleep(Duration::from_millis(5)).await;
            pest.batch_execute("SELECT pg_advisory_unlock_all()")
                .await?;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok::<_, tokio_postgres::Error>(())
    });
    let mut runs = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let mut client = database.connect().await?;
        runs.spawn(async move { start(&mut client).await });
    }
    let mut all = Vec::new();
    while let Some(outcome) = runs.join_next().await {
        let outcome = outcome?;
        all.extend(acknowledged(&outcome));
        outcome.map_err(|error| format!("{error:?}"))?;
    }
    nagging.await??;
    assert_eq!(all.len(), 8, "{all:?}");
    recovers(&database, &all).await
}
