//! A standby that is behind, and roles that may not see it.

use onward::Role;
use onward::data::{Signal, Throttles, readings};
use onward_pg::connect;

use super::{counted, said, says, server, walk, write};
use crate::Outcome;
use crate::support::witness::{row, until};

const MB: u64 = 1 << 20;

#[tokio::test]
async fn a_standby_that_replays_no_more_and_one_that_receives_no_more() -> Outcome {
    let mut primary = server(&[]).await?;
    let standby = primary.standby().await?;
    let database = primary.database().await?;
    let client = database.connect().await?;
    let there = connect(&standby.url()).await?;
    until(
        &client,
        "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'",
    )
    .await?;
    let lag = Throttles::none().replication_lag(4 * MB, 12 * MB);
    let receivers = Throttles::none().wal_receivers(4 * MB, 12 * MB);
    assert!(
        says(&client, &lag, "normal")
            .await?
            .contains("standby walreceiver is ")
    );
    says(&client, &receivers, "normal").await?;

    there.simple_query("SELECT pg_wal_replay_pause()").await?;
    until(&there, "SELECT pg_get_wal_replay_pause_state() = 'paused'").await?;
    write(&client, 6 * 1024).await?;
    let behind = says(&client, &lag, "slow: standby walreceiver is ").await?;
    assert!(behind.ends_with(" MB behind (limit 4 MB)"), "{behind}");
    write(&client, 8 * 1024).await?;
    says(&client, &lag, "stop").await?;
    // It is received, and only not replayed.
    says(&client, &receivers, "normal").await?;

    let receiver = row(&there, "SELECT pid FROM pg_stat_wal_receiver").await?;
    let signal = |name: &str| {
        std::process::Command::new("kill")
            .args([name, &receiver])
            .status()
    };
    assert!(signal("-STOP")?.success());
    write(&client, 30 * 1024).await?;
    let unreceived = says(&client, &receivers, "stop").await?;
    assert!(
        unreceived.contains("standby walreceiver has still to receive "),
        "{unreceived}"
    );
    assert!(signal("-CONT")?.success());
    says(&client, &receivers, "normal").await?;
    there.simple_query("SELECT pg_wal_replay_resume()").await?;
    says(&client, &lag, "normal").await?;
    Ok(())
}

#[tokio::test]
async fn what_a_role_may_not_see_is_unknown_and_holds_up_nothing() -> Outcome {
    let mut primary = server(&[]).await?;
    let _standby = primary.standby().await?;
    let database = primary.database().await?;
    let client = database.connect().await?;
    counted(&client, 10, "").await?;
    client
        .batch_execute("CREATE ROLE weak LOGIN; GRANT USAGE ON SCHEMA shop TO weak")
        .await?;
    until(
        &client,
        "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'",
    )
    .await?;
    let other = database.connect().await?;
    other.batch_execute("BEGIN; SELECT 1").await?;
    let weak = connect(&database.url().replace("postgres@", "weak@")).await?;
    let role = Role::new("weak")?;
    for (client, role) in [(&weak, None), (&client, Some(&role))] {
        let all = readings(client, &walk(&[]), role, &Throttles::new()).await?;
        let unknown: Vec<_> = all
            .iter()
            .filter(|one| one.signal == Signal::Unknown)
            .map(|one| one.indicator)
            .collect();
        let hidden = ["replication-lag", "wal-receivers", "long-transactions"];
        assert_eq!(unknown, hidden, "{all:?}");
        assert!(
            all.iter().all(|one| one.signal <= Signal::Unknown),
            "{all:?}"
        );
        assert!(
            all[0].detail.ends_with("GRANT pg_monitor to it"),
            "{}",
            all[0]
        );
    }
    client.batch_execute("GRANT pg_monitor TO weak").await?;
    let all = readings(&weak, &walk(&[]), None, &Throttles::new()).await?;
    assert!(
        all.iter().all(|one| one.signal == Signal::Normal),
        "{all:?}"
    );
    Ok(())
}

/// On a standby nothing is written, and `onward data show` may be asked there.
#[tokio::test]
async fn a_standby_that_is_asked_itself() -> Outcome {
    let mut primary = server(&[]).await?;
    let standby = primary.standby().await?;
    let client = connect(&standby.url()).await?;
    assert_eq!(
        said(&client, &Throttles::none().wal_rate(1, 1)).await?,
        "unknown: the server writes no WAL: it is a standby"
    );
    Ok(())
}
