//! What the server's catalogs and the ledger show.

use std::time::Duration;

use tokio_postgres::Client;

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

/// One text a row, its columns separated by `|`; NULL is `-`.
pub(crate) async fn rows(client: &Client, sql: &str) -> Answer<Vec<String>> {
    Ok(onward_tests::rows(client, sql).await?)
}

/// The only row.
pub(crate) async fn row(client: &Client, sql: &str) -> Answer<String> {
    let mut rows = rows(client, sql).await?;
    assert_eq!(rows.len(), 1, "{sql}");
    Ok(rows.remove(0))
}

/// Opens a transaction that has read the products: a statement that needs the table alone has to wait
/// for its end.
pub(crate) async fn read_products(client: &Client) -> Answer<()> {
    client
        .batch_execute("BEGIN; SELECT FROM shop.products")
        .await?;
    Ok(())
}

/// Every line of the shop's ledger: `event version attempt`.
pub(crate) async fn events(client: &Client) -> Answer<Vec<String>> {
    let sql = "SELECT concat_ws(' ', event, version, attempt) FROM shop.schema_migration_log ORDER BY seq";
    rows(client, sql).await
}

/// The whole ledger, to compare before and after.
pub(crate) async fn ledger(client: &Client) -> Answer<Vec<String>> {
    let mut ledger = rows(
        client,
        "SELECT xmin, * FROM shop.schema_migration_log ORDER BY seq",
    )
    .await?;
    ledger.push(row(client, "SELECT xmin, * FROM shop.schema_migration_head").await?);
    Ok(ledger)
}

/// Waits until the query's only value is true. The deadline only keeps a broken test from hanging.
pub(crate) async fn until(client: &Client, sql: &str) -> Answer<()> {
    for _ in 0..6000 {
        if rows(client, sql).await? == ["t"] {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Err(format!("this query never returned true: {sql}").into())
}

/// Waits until the session is queueing for a lock of this kind: `relation`, `virtualxid`.
pub(crate) async fn until_it_queues(client: &Client, pid: i32, event: &str) -> Answer<()> {
    let sql = format!(
        "SELECT wait_event_type = 'Lock' AND wait_event = '{event}' FROM pg_stat_activity WHERE pid = {pid}"
    );
    until(client, &sql).await
}

pub(crate) async fn pid(client: &Client) -> Answer<i32> {
    Ok(row(client, "SELECT pg_backend_pid()").await?.parse()?)
}

/// What must hold after every run, however it ended, when no run is in progress.
pub(crate) async fn is_sound(client: &Client) -> Answer<()> {
    for (what, sql) in [
        // Not the runner's own query: the numbers have no gaps, and each link is computed again.
        (
            "broken links",
            "WITH log AS (SELECT *, row_number() OVER (ORDER BY seq) AS n FROM shop.schema_migration_log)
             SELECT log.seq FROM log LEFT JOIN log before ON before.seq = log.seq - 1
             WHERE log.seq <> log.n
                OR log.prev <> coalesce(before.chain, sha256('onward/v1/shop'))
                OR log.chain <> sha256(log.prev || convert_to(concat_ws('|', log.seq, log.event, log.category,
                     log.version, log.name, log.attempt, encode(log.checksum, 'hex'), encode(log.plan, 'hex'),
                     (extract(epoch FROM log.at) * 1000000)::bigint, log.build, log.run,
                     coalesce(log.compatible_from, ''), log.who), 'UTF8'))",
        ),
        (
            "a head that is not the last line",
            "SELECT head.seq FROM shop.schema_migration_head head
             WHERE (head.seq, head.chain) IS DISTINCT FROM
                   (SELECT (seq, chain) FROM shop.schema_migration_log ORDER BY seq DESC LIMIT 1)",
        ),
        (
            "applied twice",
            "SELECT version FROM shop.schema_migration_log WHERE event IN ('applied', 'seeded')
             GROUP BY version, checksum HAVING count(*) > 1",
        ),
        (
            "invalid indexes and private names",
            "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid
             WHERE NOT indisvalid OR relname LIKE '%onward%'",
        ),
        (
            "advisory locks",
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory'
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        ),
        (
            "open transactions",
            "SELECT pid, state, query FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
               AND backend_type = 'client backend'",
        ),
        (
            "prepared transactions",
            "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()",
        ),
    ] {
        // A session that its client has left ends a moment later, and keeps its locks until then.
        let mut left = rows(client, sql).await?;
        for _ in 0..1000 {
            if left.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
            left = rows(client, sql).await?;
        }
        assert_eq!(left, [""; 0], "{what}");
    }
    Ok(())
}
