//! The primary is lost, and a standby that followed it takes its place.

use std::time::Duration;

use onward::{Error, Report};
use onward_pg::{Cluster, connect};

use crate::servers::cut_the_power;
use crate::sessions::building;
use crate::support::command_stop::Scene;
use crate::support::sampling::in_turn;
use crate::support::witness::{durable, recovers_at, row, until};
use crate::{HARBOR, Outcome, Way, start, startup};

/// A primary and a standby that follows it.
async fn pair() -> crate::Answer<(Cluster, Cluster)> {
    let mut primary = durable().await?;
    let standby = primary.standby().await?;
    let client = connect(&primary.url()).await?;
    until(
        &client,
        "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'",
    )
    .await?;
    Ok((primary, standby))
}

async fn promote(standby: &Cluster) -> Outcome {
    let client = connect(&standby.url()).await?;
    assert_eq!(row(&client, "SELECT pg_promote()").await?, "t");
    Ok(())
}

fn url(standby: &Cluster, database: &str) -> String {
    format!(
        "postgres://postgres@127.0.0.1:{}/{database}",
        standby.port()
    )
}

/// A start with little budget.
async fn soon(url: &str) -> crate::Answer<Result<Report, Error>> {
    let startup = startup(&HARBOR).budget(Duration::from_secs(1));
    Ok(startup.run(&mut connect(url).await?).await)
}

/// Waits until the standby has the database.
async fn arrives(standby: &Cluster, database: &str) -> Outcome {
    let known = format!("SELECT count(*) = 1 FROM pg_database WHERE datname = '{database}'");
    until(&connect(&standby.url()).await?, &known).await
}

/// The standby has a prefix of the history; the next start goes on from it.
#[tokio::test]
async fn promoted_after_a_power_cut_in_a_command() -> Outcome {
    in_turn("a failover in a command", 37, async |way, n| {
        let (mut primary, standby) = pair().await?;
        let scene = Scene::at(&primary, way, n).await?;
        let caught_up = "SELECT count(*) = 1 FROM pg_stat_replication
            WHERE replay_lsn >= (SELECT max(flushed) FROM (SELECT pg_current_wal_flush_lsn() AS flushed) now)";
        until(&scene.watcher, caught_up).await?;
        cut_the_power(&mut primary, &scene.watcher).await?;
        promote(&standby).await?;
        let url = url(&standby, scene.database.name());
        recovers_at(&url, &[]).await?;
        drop(scene);
        Ok(())
    })
    .await
}

/// No commit waits for the standby, so it may have any prefix of the history.
#[tokio::test]
async fn promoted_after_a_power_cut_behind_a_run() -> Outcome {
    let (mut primary, standby) = pair().await?;
    let database = primary.database().await?;
    let mut client = database.connect().await?;
    arrives(&standby, database.name()).await?;
    start(&mut client).await?;
    cut_the_power(&mut primary, &client).await?;
    promote(&standby).await?;
    recovers_at(&url(&standby, database.name()), &[]).await
}

#[tokio::test]
async fn promoted_while_an_index_is_built() -> Outcome {
    let (mut primary, standby) = pair().await?;
    let database = primary.database().await?;
    let (_reader, watcher, starter, _) =
        building(&database, Way::Borrowed, "ships_name_idx").await?;
    let there = url(&standby, database.name());
    arrives(&standby, database.name()).await?;
    let broken = "SELECT count(*) = 1 FROM pg_index WHERE NOT indisvalid";
    until(&connect(&there).await?, broken).await?;
    cut_the_power(&mut primary, &watcher).await?;
    assert!(!starter.end().await?.is_well);
    promote(&standby).await?;
    recovers_at(&there, &[]).await
}

/// A start has budget left, and the standby is promoted meanwhile.
#[tokio::test]
async fn a_standby_that_is_promoted_is_waited_for() -> Outcome {
    for way in [Way::Borrowed, Way::Own] {
        let (mut primary, standby) = pair().await?;
        let database = primary.database().await?;
        let there = url(&standby, database.name());
        arrives(&standby, database.name()).await?;
        let client = connect(&primary.url()).await?;
        cut_the_power(&mut primary, &client).await?;
        let starting = tokio::spawn({
            let there = there.clone();
            async move {
                crate::run(way, &there, startup(&HARBOR))
                    .await
                    .map_err(|error| error.to_string())
            }
        });
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(!starting.is_finished());
        promote(&standby).await?;
        starting.await???;
        recovers_at(&there, &[]).await?;
    }
    Ok(())
}

/// Without a promotion within its budget a start on the standby is refused, whether or not something is pending.
#[tokio::test]
async fn a_standby_is_refused_and_a_promoted_one_is_not() -> Outcome {
    let (mut primary, standby) = pair().await?;
    let database = primary.database().await?;
    let there = url(&standby, database.name());
    arrives(&standby, database.name()).await?;
    let refused = soon(&there).await?;
    assert!(matches!(refused, Err(Error::Standby { .. })), "{refused:?}");
    let mut client = database.connect().await?;
    start(&mut client).await?;
    let arrived = "SELECT to_regclass('harbor.schema_migration_head') IS NOT NULL";
    until(&connect(&there).await?, arrived).await?;
    let refused = soon(&there).await?;
    assert!(matches!(refused, Err(Error::Standby { .. })), "{refused:?}");
    cut_the_power(&mut primary, &client).await?;
    promote(&standby).await?;
    recovers_at(&there, &[]).await
}
