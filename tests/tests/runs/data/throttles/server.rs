//! Indicators about the server.

use std::time::Duration;

use onward::data::Throttles;
use onward_pg::database;
use tokio_postgres::Client;

use super::{said, says, server, write};
use crate::Outcome;
use crate::support::witness::until;

const MB: u64 = 1 << 20;
const MS: Duration = Duration::from_millis(1);
const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_slot_that_was_left_behind() -> Outcome {
    let cluster = server(&[("max_replication_slots", "4")]).await?;
    let database = cluster.database().await?;
    let client = database.connect().await?;
    let throttles = Throttles::none().replication_slots(4 * MB, 12 * MB);
    assert_eq!(
        said(&client, &throttles).await?,
        "normal: there is no replication slot"
    );
    // One that keeps nothing.
    client
        .batch_execute("SELECT pg_create_physical_replication_slot('new')")
        .await?;
    assert_eq!(
        said(&client, &throttles).await?,
        "normal: there is no replication slot"
    );
    client
        .batch_execute("SELECT pg_create_physical_replication_slot('left_behind', true)")
        .await?;
    write(&client, 6 * 1024).await?;
    let said_slow = said(&client, &throttles).await?;
    assert!(
        said_slow.starts_with("slow: slot left_behind (not in use) keeps ")
            && said_slow.ends_with(" MB of WAL (limit 4 MB)"),
        "{said_slow}"
    );
    write(&client, 8 * 1024).await?;
    assert!(said(&client, &throttles).await?.starts_with("stop"));
    // The server gives slots up beyond this: a half of it is less than the limit.
    client
        .batch_execute("ALTER SYSTEM SET max_slot_wal_keep_size = '20MB'")
        .await?;
    client.batch_execute("SELECT pg_reload_conf()").await?;
    let generous = Throttles::none().replication_slots(1 << 40, 1 << 50);
    let said = says(&client, &generous, "stop").await?;
    assert!(said.ends_with("(limit 10 MB)"), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rate_of_the_wal() -> Outcome {
    let cluster = server(&[]).await?;
    let database = cluster.database().await?;
    let client = database.connect().await?;
    let noise = database.connect().await?;
    let throttles = |slow, stop| Throttles::none().wal_rate(slow, stop);
    assert!(
        said(&client, &throttles(MB, MB))
            .await?
            .starts_with("normal")
    );
    let noise = tokio::spawn(async move {
        loop {
            if write(&noise, 64).await.is_err() {
                break;
            }
        }
    });
    for (throttles, expected) in [
        (throttles(1024, 1 << 50), "slow: the server writes "),
        (throttles(1, 1024), "stop: the server writes "),
    ] {
        let said = said(&client, &throttles).await?;
        assert!(
            said.starts_with(expected) && said.contains("/s of WAL"),
            "{said}"
        );
    }
    noise.abort();
    Ok(())
}

#[tokio::test]
async fn an_archiver_that_fails_and_one_that_does_not() -> Outcome {
    let cluster = server(&[("archive_mode", "on")]).await?;
    let database = cluster.database().await?;
    let client = database.connect().await?;
    archive_with(&client, "true").await?;
    let throttles = Throttles::none().archive_queue(2, 4);
    let switch = "SELECT pg_switch_wal()";
    write(&client, 1).await?;
    client.simple_query(switch).await?;
    until(&client, "SELECT archived_count > 0 FROM pg_stat_archiver").await?;
    assert_eq!(
        says(&client, &throttles, "normal").await?,
        "normal: 0 files of WAL wait for the archiver (limit 2)"
    );
    archive_with(&client, "false").await?;
    write(&client, 1).await?;
    client.simple_query(switch).await?;
    let said = says(&client, &throttles, "slow: the archiver fails at 0000000").await?;
    assert!(said.ends_with(", 1 files wait (limit 2)"), "{said}");
    for _ in 0..3 {
        write(&client, 1).await?;
        client.simple_query(switch).await?;
    }
    let said = says(&client, &throttles, "stop: the archiver fails at 0000000").await?;
    assert!(said.ends_with(", 4 files wait (limit 4)"), "{said}");
    // Nothing is known of what was archived before. Without a command it is not tried again behind the reset, but a
    // try in progress may still end: the next reset forgets that.
    archive_with(&client, "").await?;
    let reset = "SELECT pg_stat_reset_shared('archiver')";
    client.batch_execute(reset).await?;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    client.batch_execute(reset).await?;
    let said = says(&client, &throttles, "unknown").await?;
    assert_eq!(said, "unknown: nothing is archived yet");
    Ok(())
}

async fn archive_with(client: &Client, command: &str) -> Outcome {
    let set = format!("ALTER SYSTEM SET archive_command = '{command}'");
    client.batch_execute(&set).await?;
    client.batch_execute("SELECT pg_reload_conf()").await?;
    let is_set = format!("SELECT current_setting('archive_command') = '{command}'");
    until(client, &is_set).await
}

#[tokio::test]
async fn a_server_that_archives_nothing() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    let throttles = Throttles::none().archive_queue(2, 4);
    assert_eq!(
        said(&client, &throttles).await?,
        "normal: WAL is not archived"
    );
    Ok(())
}

#[tokio::test]
async fn transactions_that_are_open_for_long() -> Outcome {
    let cluster = server(&[("max_prepared_transactions", "2")]).await?;
    let database = cluster.database().await?;
    let (client, session) = (database.connect().await?, database.connect().await?);
    let slow = Throttles::none().long_transactions(50 * MS, HOUR);
    assert_eq!(
        said(&client, &slow).await?,
        "normal: no other transaction is open"
    );
    session.batch_execute("BEGIN; SELECT 1").await?;
    let said_slow = says(&client, &slow, "slow").await?;
    assert!(
        said_slow.starts_with("slow: the transaction of session ")
            && said_slow.contains("(role postgres, idle in transaction) is open for 0"),
        "{said_slow}"
    );
    let stop = Throttles::none().long_transactions(MS, 50 * MS);
    says(&client, &stop, "stop").await?;
    session
        .batch_execute("ROLLBACK; BEGIN; CREATE TABLE t (); PREPARE TRANSACTION 'forgotten'")
        .await?;
    let said = says(&client, &slow, "slow").await?;
    assert!(
        said.starts_with("slow: the prepared transaction forgotten (role postgres) is open for "),
        "{said}"
    );
    session
        .batch_execute("ROLLBACK PREPARED 'forgotten'")
        .await?;
    says(&client, &slow, "normal").await?;
    // What is open in another database keeps no dead row of this one.
    let other = cluster.database().await?;
    let elsewhere = other.connect().await?;
    elsewhere.batch_execute("BEGIN; SELECT 1").await?;
    tokio::time::sleep(60 * MS).await;
    says(&client, &slow, "normal").await?;
    Ok(())
}

#[tokio::test]
async fn connections_that_are_left() -> Outcome {
    let cluster = server(&[
        ("max_connections", "24"),
        ("superuser_reserved_connections", "3"),
    ])
    .await?;
    let database = cluster.database().await?;
    let client = database.connect().await?;
    let throttles = Throttles::none().connections(5);
    let name = database.name();
    let first = says(&client, &throttles, "normal").await?;
    assert!(
        first.ends_with(" of 21 connections of the server are free (limit 3)"),
        "{first}"
    );
    client
        .batch_execute(&format!("ALTER DATABASE \"{name}\" CONNECTION LIMIT 10"))
        .await?;
    let mut sessions = Vec::new();
    for _ in 0..9 {
        sessions.push(database.connect().await?);
    }
    assert_eq!(
        said(&client, &throttles).await?,
        format!("stop: 0 of 10 connections of the database {name} are free (limit 1)")
    );
    client
        .batch_execute(&format!("ALTER DATABASE \"{name}\" CONNECTION LIMIT -1"))
        .await?;
    says(&client, &throttles, "normal").await?;
    for _ in 0..9 {
        sessions.push(database.connect().await?);
    }
    assert_eq!(
        said(&client, &throttles).await?,
        "stop: 2 of 21 connections of the server are free (limit 3)"
    );
    drop(sessions);
    says(&client, &throttles, "normal").await?;
    Ok(())
}
