//! What a migration and a service say themselves, and that a worker waits for it.

use onward::Connector;
use onward::data::{Event, Indicator, Reading, Signal, Throttles, Worker, readings};
use onward::kind::Data;
use onward::plan::Job;
use onward_pg::{PgBouncer, database};
use tokio_postgres::NoTls;

use super::{counted, walk};
use crate::support::job::{COUNT, filled, heard, listened, plan};
use crate::support::witness::row;
use crate::{Outcome, connector};

const QUERIES: &[&str] = &[
    "SELECT true",
    "SELECT count(*) < 100 FROM counted -- of the module's own schema",
    "WITH one AS (SELECT 1 AS a) SELECT a = 1 FROM one ORDER BY a LIMIT 1",
    "SELECT false",
    "SELECT NULL::boolean",
    "SELECT true FROM shop.counted WHERE id < 0",
    "SELECT n = 0 FROM shop.counted",
    "SELECT 1",
    "SELECT nope FROM shop.counted",
    "SELECT pg_sleep(30) IS NOT NULL",
    "SELECT nextval('shop.numbers') > 0",
    "SELECT 1 / n = 1 FROM shop.counted WHERE id = 1",
];

#[tokio::test]
async fn a_query_of_the_migrations_own() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    counted(&client, 10, "").await?;
    client.batch_execute("CREATE SEQUENCE shop.numbers").await?;
    let all = readings(&client, &walk(QUERIES), None, &Throttles::none()).await?;
    let expected = [
        (Signal::Normal, "returned true"),
        (Signal::Normal, "returned true"),
        (Signal::Normal, "returned true"),
        (Signal::Stop, "returned false"),
        (Signal::Stop, "returned NULL"),
        (Signal::Stop, "returned no row"),
        (Signal::Stop, "returned more than one row"),
        (Signal::Stop, "did not return a boolean"),
        (Signal::Stop, "column \"nope\" does not exist"),
        (Signal::Stop, "canceling statement due to statement timeout"),
        (Signal::Stop, "read-only transaction"),
        (Signal::Stop, "division by zero"),
    ];
    assert_eq!(all.len(), expected.len());
    for ((reading, query), (signal, says)) in all.iter().zip(QUERIES).zip(expected) {
        assert_eq!(reading.indicator, "healthy");
        assert_eq!(reading.signal, signal, "{reading}");
        assert!(
            reading.detail.starts_with(&format!("`{query}` ")),
            "{reading}"
        );
        assert!(reading.detail.contains(says), "{reading}");
    }
    Ok(())
}

/// A schema full of objects with the names of PostgreSQL's own, and first in the path.
#[tokio::test]
async fn a_hostile_search_path_changes_nothing() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    counted(&client, 10, "").await?;
    let name = database.name();
    client
        .batch_execute(&format!(
            "CREATE SCHEMA evil;
             CREATE TABLE evil.pg_locks (pid int); CREATE TABLE evil.pg_stat_activity (pid int);
             CREATE TABLE evil.pg_stat_all_tables (relid oid); CREATE TABLE evil.readings (indicator text);
             CREATE FUNCTION evil.raise() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE 'caught'; END $$;
             CREATE FUNCTION evil.equals(name, name) RETURNS bool LANGUAGE sql AS 'SELECT evil.raise()';
             CREATE OPERATOR evil.= (FUNCTION = evil.equals, LEFTARG = name, RIGHTARG = name);
             CREATE FUNCTION evil.concat(text, int, text, name, text, text, text) RETURNS text LANGUAGE sql AS 'SELECT evil.raise()::text';
             CREATE FUNCTION evil.pg_backend_pid() RETURNS int LANGUAGE sql AS 'SELECT evil.raise()::int';
             CREATE TABLE pg_temp.pg_class (oid oid); CREATE TABLE pg_temp.pg_inherits (inhrelid oid);
             ALTER DATABASE \"{name}\" SET search_path = evil, pg_catalog"
        ))
        .await?;
    for client in [&client, &database.connect().await?] {
        client
            .batch_execute("SET search_path = evil, pg_temp, pg_catalog")
            .await?;
        let all = readings(client, &walk(&["SELECT true"]), None, &Throttles::new()).await?;
        assert_eq!(all.len(), 11);
        let off =
            |one: &&Reading| one.signal > Signal::Normal && one.indicator != "long-transactions";
        assert!(all.iter().find(off).is_none(), "{all:?}");
        assert_eq!(
            row(client, "SHOW search_path").await?,
            "evil, pg_temp, pg_catalog"
        );
    }
    Ok(())
}

#[tokio::test]
async fn through_a_pooler_in_transaction_mode() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    counted(&client, 10, "").await?;
    let pooler =
        PgBouncer::start(&database, "pool_mode = transaction\ndefault_pool_size = 2").await?;
    let pooled = pooler.connect().await?;
    let throttles = Throttles::new().off(Indicator::LongTransactions);
    let all = readings(&pooled, &walk(&["SELECT true"]), None, &throttles).await?;
    assert!(
        all.iter().all(|one| one.signal == Signal::Normal),
        "{all:?}"
    );
    let left = "SELECT count(*) FROM pg_settings WHERE source = 'session' AND name IN ('search_path', 'statement_timeout', 'row_security')";
    assert_eq!(row(&pooled, left).await?, "0");
    Ok(())
}

async fn gone() -> Signal {
    panic!("the gauge is gone")
}

#[tokio::test]
async fn a_hook_that_panics() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    let throttles = Throttles::none().hook(gone);
    let all = readings(&client, &walk(&[]), None, &throttles).await?;
    let said: Vec<_> = all.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["hook: the service's hook panicked: the gauge is gone"]
    );
    assert_eq!(all[0].signal, Signal::Stop);
    Ok(())
}

async fn waits_for_a_gate(
    through: impl AsyncFnOnce(&onward_pg::Database) -> super::Answer<(Connector, Option<PgBouncer>)>,
) -> Outcome {
    let kind = Data::__new(
        Job::Ranges(COUNT),
        None,
        0,
        false,
        &["SELECT is_open FROM gate"],
    );
    let plan = plan(kind, "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 300).await?;
    client
        .batch_execute("CREATE TABLE shop.gate AS SELECT false AS is_open")
        .await?;
    let (connector, _pooler) = through(&database).await?;
    let (worker, mut events) = listened(&plan);
    let working = tokio::spawn(async move { worker.finish(&connector, None).await });
    let is_throttled =
        |event: &Event| matches!(event, Event::Throttled { .. } | Event::Batch { .. });
    let Event::Throttled { readings, .. } = heard(&mut events, is_throttled).await? else {
        return Err("it did not wait".into());
    };
    let said: Vec<_> = readings.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["healthy: `SELECT is_open FROM gate` returned false"]);
    // No transaction is open while it waits.
    let open = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'idle in transaction'";
    assert_eq!(row(&client, open).await?, "0");
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert_eq!(row(&client, "SELECT max(n) FROM shop.counted").await?, "0");
    client
        .batch_execute("UPDATE shop.gate SET is_open = true")
        .await?;
    working.await??;
    assert_eq!(
        row(&client, "SELECT min(n), max(n) FROM shop.counted").await?,
        "1|1"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_waits_until_the_gate_is_open() -> Outcome {
    waits_for_a_gate(async |database| Ok((connector(database)?, None))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_behind_a_pooler_waits_until_the_gate_is_open() -> Outcome {
    waits_for_a_gate(async |database| {
        let settings = "pool_mode = transaction\ndefault_pool_size = 2";
        let pooler = PgBouncer::start(database, settings).await?;
        Ok((Connector::new(pooler.url().parse()?, NoTls), Some(pooler)))
    })
    .await
}

/// The service says no twice; the worker asks again.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_asks_the_hook_again() -> Outcome {
    let kind = Data::__new(Job::Ranges(COUNT), None, 0, false, &[]);
    let plan = plan(kind, "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 300).await?;
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let throttles = Throttles::new().hook({
        let asked = asked.clone();
        move || {
            let times = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            async move {
                match times {
                    0 | 1 => Reading::of_hook(Signal::Stop, format!("busy {times}")),
                    _ => Signal::Normal.into(),
                }
            }
        }
    });
    let (worker, mut events) = listened(&plan);
    Worker::finish(worker.throttles(throttles), &connector(&database)?, None).await?;
    let mut said = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Throttled { readings, .. } = event {
            said.extend(readings.iter().map(ToString::to_string));
        }
    }
    assert_eq!(said, ["hook: busy 0", "hook: busy 1"]);
    assert_eq!(
        row(&client, "SELECT min(n), max(n) FROM shop.counted").await?,
        "1|1"
    );
    Ok(())
}
