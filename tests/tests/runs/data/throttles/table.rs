//! Indicators about the table that is walked.

use std::time::Duration;

use onward::data::{Indicator, Throttles};
use onward_pg::database;
use tokio_postgres::Client;

use super::{Answer, counted, flush_statistics, said, says, server};
use crate::Outcome;
use crate::support::witness::{pid, until, until_it_queues};

const UPDATE: &str = "BEGIN; UPDATE shop.counted SET n = 1 WHERE id = 1";

#[tokio::test]
async fn sessions_that_wait_for_a_row_or_the_table() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    counted(&client, 10, "").await?;
    let throttles = Throttles::none().lock_waits(1, 3);
    assert_eq!(
        said(&client, &throttles).await?,
        "normal: 0 sessions wait for locks on the table (limit 1)"
    );
    let holder = database.connect().await?;
    holder.batch_execute(UPDATE).await?;
    let mut waiting = Vec::new();
    for (number, expected) in [
        (
            1,
            "slow: 1 of the sessions wait for locks on shop.counted (limit 1)",
        ),
        (
            2,
            "slow: 2 of the sessions wait for locks on shop.counted (limit 1)",
        ),
        (
            3,
            "stop: 3 of the sessions wait for locks on shop.counted (limit 3)",
        ),
    ] {
        let session = database.connect().await?;
        let session_pid = pid(&session).await?;
        // The first one waits for the transaction, the second one for its place, the third one for the table.
        let (sql, event) = match number {
            1 => (UPDATE, "transactionid"),
            2 => (UPDATE, "tuple"),
            _ => ("BEGIN; LOCK TABLE shop.counted", "relation"),
        };
        waiting.push(tokio::spawn(
            async move { session.batch_execute(sql).await },
        ));
        until_it_queues(&client, session_pid, event).await?;
        assert_eq!(said(&client, &throttles).await?, expected);
    }
    let others = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    client.simple_query(others).await?;
    says(&client, &throttles, "normal").await?;
    Ok(())
}

#[tokio::test]
async fn dead_rows_of_a_table_without_autovacuum_and_with_it() -> Outcome {
    // One that would come, and does not come while the test runs.
    let cluster = server(&[("autovacuum_naptime", "2000000")]).await?;
    let database = cluster.database().await?;
    let client = database.connect().await?;
    counted(&client, 50_000, "WITH (autovacuum_enabled = off)").await?;
    client.batch_execute("VACUUM ANALYZE shop.counted").await?;
    client
        .batch_execute("UPDATE shop.counted SET n = 1 WHERE id <= 12000")
        .await?;
    flush_statistics(&client).await?;
    let throttles = Throttles::none().dead_tuples(0.2);
    let dead = "shop.counted has 12000 dead rows beside 50000 live ones (limit 20 %)";
    let off = format!("slow: {dead}; autovacuum is switched off for it: VACUUM it");
    assert_eq!(says(&client, &throttles, "slow").await?, off);
    let set = |options: &str| format!("ALTER TABLE shop.counted SET ({options})");
    client
        .batch_execute(&set("autovacuum_enabled = on"))
        .await?;
    assert_eq!(
        said(&client, &throttles).await?,
        format!("stop: {dead}; waits for autovacuum")
    );
    client
        .batch_execute(&set("autovacuum_vacuum_scale_factor = 0.5"))
        .await?;
    assert_eq!(
        said(&client, &throttles).await?,
        format!("slow: {dead}; autovacuum comes at 25050 dead rows: VACUUM it")
    );
    client.batch_execute("VACUUM shop.counted").await?;
    says(&client, &throttles, "normal").await?;
    Ok(())
}

/// The partition counts, not the table that it belongs to.
#[tokio::test]
async fn dead_rows_of_one_partition() -> Outcome {
    let cluster = server(&[("autovacuum_naptime", "2000000")]).await?;
    let database = cluster.database().await?;
    let client = database.connect().await?;
    client
        .batch_execute(
            "CREATE SCHEMA shop; CREATE TABLE shop.counted (id bigint PRIMARY KEY, n int) PARTITION BY RANGE (id);
             CREATE TABLE shop.\"First Part\" PARTITION OF shop.counted FOR VALUES FROM (0) TO (20001);
             CREATE TABLE shop.rest PARTITION OF shop.counted DEFAULT;
             INSERT INTO shop.counted SELECT g, 0 FROM generate_series(1, 200000) g",
        )
        .await?;
    flush_statistics(&client).await?;
    client.batch_execute("VACUUM ANALYZE shop.counted").await?;
    client
        .batch_execute("UPDATE shop.counted SET n = 1 WHERE id <= 11000")
        .await?;
    flush_statistics(&client).await?;
    let said = says(&client, &Throttles::none().dead_tuples(0.2), "stop").await?;
    assert!(
        said.contains("shop.\"First Part\" has 11000 dead rows"),
        "{said}"
    );
    Ok(())
}

/// A vacuum that takes minutes.
async fn vacuum(client: &Client, session: Client) -> Answer<tokio::task::JoinHandle<()>> {
    session
        .batch_execute("SET vacuum_cost_delay = '100ms'; SET vacuum_cost_limit = 1")
        .await?;
    let vacuum = tokio::spawn(async move {
        let _ended = session.batch_execute("VACUUM (FREEZE) shop.counted").await;
    });
    let runs = "SELECT count(*) = 1 FROM pg_stat_progress_vacuum WHERE datname = current_database()
        AND pid IN (SELECT pid FROM pg_locks WHERE relation = 'shop.counted'::regclass)";
    until(client, runs).await?;
    Ok(vacuum)
}

#[tokio::test]
async fn a_vacuum_of_the_table_and_one_against_wraparound() -> Outcome {
    let cluster = server(&[("autovacuum", "off")]).await?;
    let database = cluster.database().await?;
    let client = database.connect().await?;
    counted(&client, 50_000, "").await?;
    client
        .batch_execute("CREATE ROLE weak LOGIN; GRANT USAGE ON SCHEMA shop TO weak; UPDATE shop.counted SET n = 1")
        .await?;
    let others = Indicator::ALL
        .into_iter()
        .filter(|one| *one != Indicator::Autovacuum);
    let throttles = others.fold(Throttles::new(), Throttles::off);
    assert_eq!(
        said(&client, &throttles).await?,
        "normal: no vacuum of the table is running"
    );
    let first = vacuum(&client, database.connect().await?).await?;
    let slow = "slow: a vacuum of shop.counted is running";
    assert_eq!(said(&client, &throttles).await?, slow);
    // A role without rights sees the locks too.
    client.batch_execute("SET ROLE weak").await?;
    assert_eq!(said(&client, &throttles).await?, slow);
    client.batch_execute("RESET ROLE").await?;
    end(&client).await?;
    first.await?;
    client
        .batch_execute("ALTER TABLE shop.counted SET (autovacuum_freeze_max_age = 100000)")
        .await?;
    client
        .batch_execute("DO $$ BEGIN FOR i IN 1..100100 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$")
        .await?;
    let second = vacuum(&client, database.connect().await?).await?;
    assert_eq!(
        said(&client, &throttles).await?,
        "stop: a vacuum of shop.counted is running that prevents a wraparound of transaction IDs"
    );
    end(&client).await?;
    second.await?;
    says(&client, &throttles, "normal").await?;
    Ok(())
}

async fn end(client: &Client) -> Outcome {
    let vacuums = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_progress_vacuum";
    client.simple_query(vacuums).await?;
    tokio::time::sleep(Duration::from_millis(100)).await;
    Ok(())
}
