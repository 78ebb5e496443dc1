//! What is at stake when a release runs.

use std::collections::BTreeMap;
use std::io::Write;

use onward::plan::Statement;
use onward::{Category, Plan, Status};
use tokio_postgres::Client;

use crate::outcome::CouldNotRun;

/// Whether the run gets as far as applying something on a database that is in use.
pub(super) fn is_asked_about(status: &Status) -> bool {
    let waits = status
        .pending(Category::Release)
        .any(|one| matches!(one.state, onward::State::Waiting { .. }));
    let has_release = status.pending(Category::Release).next().is_some();
    let is_current = [Category::Startup, Category::Seed]
        .into_iter()
        .all(|category| status.pending(category).next().is_none());
    let is_sound = status.tampering().is_none() && status.drift().is_empty();
    let is_ready = !waits && (is_current || !has_release);
    status.head().is_some() && is_sound && !status.is_standby() && is_ready
}

/// Every pending release migration, and each lock that other sessions feel, with the size of the table.
pub(super) async fn show(
    plan: &Plan,
    status: &Status,
    client: &Client,
    err: &mut impl Write,
) -> Result<(), CouldNotRun> {
    let pending: Vec<_> = status.pending(Category::Release).collect();
    if pending.is_empty() {
        writeln!(err, "{}: nothing is pending", plan.schema())?;
        return Ok(());
    }
    writeln!(err, "{}: this run applies", plan.schema())?;
    let all = statements(plan);
    let relations: Vec<&str> = pending
        .iter()
        .filter_map(|one| all.get(one.name))
        .flat_map(|statements| statements.iter())
        .flat_map(|statement| statement.locks)
        .map(|lock| lock.relation)
        .collect();
    let sizes = sizes(client, &relations).await;
    for one in pending {
        writeln!(err, "  {}", one.name)?;
        for statement in all.get(one.name).copied().unwrap_or_default() {
            for lock in statement.locks {
                let size = sizes.get(lock.relation);
                let size = size.map_or("is not there yet", String::as_str);
                let who = lock.mode.blocks();
                writeln!(err, "    {} on {}: {who}; {size}", lock.mode, lock.relation)?;
            }
            for table in statement.rewrites {
                writeln!(err, "    rewrites {table}")?;
            }
            if statement.opaque {
                writeln!(
                    err,
                    "    runs code that is not analysed: it may take more locks"
                )?;
            }
        }
    }
    Ok(())
}

fn statements(plan: &Plan) -> BTreeMap<&'static str, &'static [Statement]> {
    let all = plan.release().iter();
    all.map(|migration| (migration.name(), migration.step().statements()))
        .collect()
}

const SIZES: &str = "SELECT named.name, greatest(reltuples, 0)::int8,
    pg_size_pretty(coalesce((SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(oid)),
      pg_total_relation_size(oid)))
  FROM (SELECT DISTINCT unnest($1::text[]) AS name) named JOIN pg_class ON oid = to_regclass(named.name)";

/// In words, as far as the role may see them.
async fn sizes(client: &Client, relations: &[&str]) -> BTreeMap<String, String> {
    let rows = client.query(SIZES, &[&relations]).await.unwrap_or_default();
    let sizes = rows.iter().filter_map(|row| {
        let rows: i64 = row.try_get(1).ok()?;
        let size: String = row.try_get(2).ok()?;
        Some((row.try_get(0).ok()?, format!("about {rows} rows, {size}")))
    });
    sizes.collect()
}
