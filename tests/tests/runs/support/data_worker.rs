//! Stands in for the worker of data migrations: writes the line that it would write.

use onward::plan::Migration;
use tokio_postgres::Client;

/// Appends the line that a data migration is done, with the right link and head.
pub(crate) async fn finish<K>(
    client: &Client,
    data: &Migration<K>,
) -> Result<(), tokio_postgres::Error> {
    let sql = format!(
        "WITH entry AS (
           SELECT seq + 1 AS seq, 'data_done' AS event, 'data' AS category, '{version}' AS version,
                  '{name}' AS name, 1 AS attempt, '\\x{checksum}'::bytea AS checksum,
                  sha256('') AS plan, 'test/0' AS build, session_user::text AS who,
                  clock_timestamp() AS at, chain AS prev
           FROM shop.schema_migration_head
         ), written AS (
           INSERT INTO shop.schema_migration_log
             (seq, event, category, version, name, attempt, checksum, plan, build, who, at, prev, chain)
           SELECT *, sha256(prev || convert_to(concat_ws('|', seq, event, category, version, name,
             attempt, encode(checksum, 'hex'), encode(plan, 'hex'),
             (extract(epoch FROM at) * 1000000)::bigint, build, '', '', who), 'UTF8'))
           FROM entry
           RETURNING seq, chain
         )
         UPDATE shop.schema_migration_head head SET seq = written.seq FROM written;
         UPDATE shop.schema_migration_head head SET chain = log.chain
         FROM shop.schema_migration_log log WHERE log.seq = head.seq",
        version = data.version(),
        name = data.name(),
        checksum = data.checksum(),
    );
    client.batch_execute(&sql).await
}
