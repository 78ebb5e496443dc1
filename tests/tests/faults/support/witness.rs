//! The witness: what the server's catalogs show about a harbor after a fault and the start that follows.

use std::time::Duration;

use onward::Report;
use onward_pg::{Binaries, Cluster, Database, Settings, connect};
use tokio::sync::{Mutex, MutexGuard, OnceCell};
use tokio_postgres::Client;

use crate::{Answer, HARBOR, Outcome, start};

/// The server that all tests share which do not kill it.
pub(crate) async fn shared() -> Answer<&'static Cluster> {
    static SHARED: OnceCell<Cluster> = OnceCell::const_new();
    SHARED.get_or_try_init(fast).await
}

/// A server of the test's own, which the test may not kill.
pub(crate) async fn fast() -> Answer<Cluster> {
    Ok(Cluster::start(&Binaries::find().await?, Settings::fast()).await?)
}

/// A server of the test's own that the test may kill: what it has acknowledged is on the disk.
pub(crate) async fn durable() -> Answer<Cluster> {
    Ok(Cluster::start(&Binaries::find().await?, Settings::durable()).await?)
}

/// The server that tests kill and start again, one test at a time.
pub(crate) async fn mortal() -> Answer<MutexGuard<'static, Cluster>> {
    static MORTAL: OnceCell<Mutex<Cluster>> = OnceCell::const_new();
    let mortal = MORTAL
        .get_or_try_init(|| async { durable().await.map(Mutex::new) })
        .await?;
    let mut cluster = mortal.lock().await;
    if cluster.postmaster().is_none() {
        // A test failed while the server was dead.
        cluster.restart().await?;
    }
    Ok(cluster)
}

/// One text a row, its columns separated by `|`; NULL is `-`.
pub(crate) async fn rows(client: &Client, sql: &str) -> Answer<Vec<String>> {
    let rows = onward_tests::rows(client, sql).await;
    let rows = rows.map_err(|error| match error.as_db_error() {
        Some(said) => format!("{sql}: {said}"),
        None => format!("{sql}: {error}"),
    })?;
    Ok(rows)
}

/// The only row.
pub(crate) async fn row(client: &Client, sql: &str) -> Answer<String> {
    let mut rows = rows(client, sql).await?;
    match (rows.pop(), rows.is_empty()) {
        (Some(row), true) => Ok(row),
        other => Err(format!("{sql}: {other:?}").into()),
    }
}

pub(crate) async fn pid(client: &Client) -> Answer<i32> {
    Ok(row(client, "SELECT pg_backend_pid()").await?.parse()?)
}

/// Waits until the query's only value is true. The deadline only keeps a broken test from hanging.
pub(crate) async fn until(client: &Client, sql: &str) -> Outcome {
    for _ in 0..6000 {
        if rows(client, sql).await? == ["t"] {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Err(format!("this query never returned true: {sql}").into())
}

/// The versions that the ledger calls applied or seeded; none where there is no ledger.
pub(crate) async fn done(client: &Client) -> Answer<Vec<String>> {
    let exists = "SELECT to_regclass('harbor.schema_migration_log') IS NOT NULL";
    if row(client, exists).await? == "f" {
        return Ok(Vec::new());
    }
    let sql = "SELECT version FROM harbor.schema_migration_log
        WHERE event IN ('applied', 'seeded') ORDER BY seq";
    rows(client, sql).await
}

/// What a run reported as applied, however it ended.
pub(crate) fn acknowledged(outcome: &Result<Report, onward::Error>) -> Vec<String> {
    let applied = match outcome {
        Ok(report) => report.applied(),
        Err(error) => &error.progress().applied,
    };
    applied.iter().map(|one| one.version.to_string()).collect()
}

/// Starts once more, as the next instance would, and checks that everything is as if nothing had
/// happened.
pub(crate) async fn recovers(database: &Database, acknowledged: &[String]) -> Outcome {
    recovers_at(database.url(), acknowledged).await
}

/// The same when the database is on another server now.
pub(crate) async fn recovers_at(url: &str, acknowledged: &[String]) -> Outcome {
    let mut client = connect(url).await?;
    let kept = done(&client).await?;
    for version in acknowledged {
        // An acknowledged migration is applied before any other session does anything.
        if !kept.contains(version) {
            return Err(format!("{version} was acknowledged, and is lost: {kept:?}").into());
        }
    }
    let report = start(&mut client).await?;
    if report.pending_release().len() != HARBOR.release().len() {
        return Err(format!("{report}").into());
    }
    is_whole(&client).await?;
    // Now nothing is pending, and the first message shows it.
    let again = start(&mut client).await?;
    match again.applied() {
        [] => Ok(()),
        applied => Err(format!("applied once more: {applied:?}").into()),
    }
}

/// Every migration is applied once, and nothing else is left.
pub(crate) async fn is_whole(client: &Client) -> Outcome {
    let idle = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
          AND backend_type = 'client backend')";
    // A session that ended a moment ago may still be listed.
    until(client, idle).await?;
    // A session that is frozen or cut off keeps its locks for as long as its lease.
    let unlocked = "SELECT count(*) = 0 FROM pg_locks WHERE pid <> pg_backend_pid() AND locktype <> 'virtualxid'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND pid IN (SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend')";
    until(client, unlocked).await?;
    for (what, sql, expected) in [
        (
            "done, in order",
            "SELECT string_agg(version, ' ' ORDER BY seq) FROM harbor.schema_migration_log
             WHERE event IN ('applied', 'seeded')",
            "001 002 003 004 005 006 S001 S002",
        ),
        (
            "effects",
            "SELECT string_agg(file, ' ' ORDER BY file) FROM harbor.effects",
            "001 002 004 006",
        ),
        (
            "runs of the first seed",
            "SELECT string_agg(code || revision, ' ' ORDER BY code) FROM harbor.berths",
            "north1 south1",
        ),
        (
            "runs of the second seed",
            "SELECT string_agg(name || coalesce(draught, 0), ' ') FROM harbor.ships",
            "Ada0",
        ),
        (
            "relations, and whether an index is valid",
            "SELECT string_agg(relname || coalesce(' ' || nullif(indisvalid, true), ''), ', ' ORDER BY relname)
             FROM pg_class LEFT JOIN pg_index ON indexrelid = oid
             WHERE relnamespace = 'harbor'::regnamespace AND relname NOT LIKE 'schema_migration%'",
            "arrivals, berths, berths_pkey, cargo, cargo_id_seq, cargo_pkey, cargo_ship_idx, cargo_tons_idx, \
             effects, ships, ships_berth_once, ships_name_idx, ships_pkey",
        ),
        // A function's row and the ledger's line about its file were written by one transaction.
        (
            "files whose effects and line are of one transaction",
            "SELECT string_agg(log.version, ' ' ORDER BY log.version)
             FROM harbor.schema_migration_log log JOIN pg_proc made ON made.proname = 'made_by_' || log.version
             WHERE made.pronamespace = 'harbor'::regnamespace AND log.event = 'applied' AND made.xmin = log.xmin",
            "001 002 004 006",
        ),
        (
            "broken links",
            "WITH log AS (SELECT *, row_number() OVER (ORDER BY seq) AS n FROM harbor.schema_migration_log)
             SELECT count(*) FROM log LEFT JOIN log before ON before.seq = log.seq - 1
             WHERE log.seq <> log.n
                OR log.prev <> coalesce(before.chain, sha256('onward/v1/harbor'))
                OR log.chain <> sha256(log.prev || convert_to(concat_ws('|', log.seq, log.event, log.category,
                     log.version, log.name, log.attempt, encode(log.checksum, 'hex'), encode(log.plan, 'hex'),
                     (extract(epoch FROM log.at) * 1000000)::bigint, log.build, log.run,
                     coalesce(log.compatible_from, ''), log.who), 'UTF8'))",
            "0",
        ),
        (
            "the head is the last line",
            "SELECT (head.seq, head.chain) =
                (SELECT seq, chain FROM harbor.schema_migration_log ORDER BY seq DESC LIMIT 1)
             FROM harbor.schema_migration_head head",
            "t",
        ),
        (
            "attempts without an end",
            "SELECT count(*) FROM harbor.schema_migration_log started WHERE event = 'started' AND NOT EXISTS
               (SELECT FROM harbor.schema_migration_log ended WHERE ended.version = started.version
                  AND ended.attempt = started.attempt AND ended.event IN ('applied', 'finished', 'abandoned'))",
            "0",
        ),
        (
            "private names",
            "SELECT count(*) FROM pg_class WHERE relname LIKE '%onward%'",
            "0",
        ),
        (
            "prepared transactions",
            "SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()",
            "0",
        ),
    ] {
        let found = row(client, sql).await?;
        if found != expected {
            return Err(format!("{what}: {found}, expected {expected}").into());
        }
    }
    Ok(())
}
