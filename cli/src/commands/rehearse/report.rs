//! What a rehearsal has shown.

use std::collections::BTreeMap;
use std::io::{self, Write};

use onward::{Error, Plan};
use serde_json::{Value, json};
use tokio_postgres::Client;

use super::watch::Taken;
use crate::output::FORMAT_VERSION;

/// One module.
pub(super) struct Rehearsed<'a> {
    plan: &'a Plan,
    on: &'a str,
    taken: &'a [Taken],
    sizes: &'a BTreeMap<String, Size>,
}

/// How large a table is behind the run.
pub(super) struct Size {
    rows: i64,
    bytes: i64,
    pretty: String,
}

const SIZES: &str = "SELECT name, greatest(reltuples, 0)::int8, bytes::int8, pg_size_pretty(bytes)
  FROM (SELECT DISTINCT unnest($1::text[]) AS name) named
  JOIN pg_class ON oid = to_regclass(named.name)
  CROSS JOIN LATERAL (SELECT coalesce((SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(oid)),
    pg_total_relation_size(oid)) AS bytes) size";

/// Of the tables that were locked.
pub(super) async fn sizes(client: &Client, taken: &[Taken]) -> BTreeMap<String, Size> {
    let relations: Vec<&str> = taken
        .iter()
        .flat_map(|one| &one.locks)
        .map(|(_, relation)| relation.as_str())
        .collect();
    let rows = client.query(SIZES, &[&relations]).await.unwrap_or_default();
    let sizes = rows.iter().filter_map(|row| {
        let size = Size {
            rows: row.try_get(1).ok()?,
            bytes: row.try_get(2).ok()?,
            pretty: row.try_get(3).ok()?,
        };
        Some((row.try_get(0).ok()?, size))
    });
    sizes.collect()
}

impl<'a> Rehearsed<'a> {
    pub(super) const fn new(
        plan: &'a Plan,
        on: &'a str,
        taken: &'a [Taken],
        sizes: &'a BTreeMap<String, Size>,
    ) -> Self {
        Self {
            plan,
            on,
            taken,
            sizes,
        }
    }

    pub(super) fn text(&self, out: &mut impl Write) -> io::Result<()> {
        let schema = self.plan.schema();
        match self.taken.len() {
            0 => writeln!(out, "{schema}: nothing is pending")?,
            1 => writeln!(out, "{schema}: 1 migration on {}", self.on)?,
            many => writeln!(out, "{schema}: {many} migrations on {}", self.on)?,
        }
        let names = self.taken.iter().map(|one| one.name.len());
        let width = names.max().unwrap_or(0);
        for one in self.taken {
            match one.took {
                Some(took) => writeln!(out, "  {:<width$}  {} ms", one.name, took.as_millis())?,
                None => writeln!(out, "  {:<width$}  failed", one.name)?,
            }
            for (mode, relation) in &one.locks {
                write!(out, "    {mode} on {relation}")?;
                match self.sizes.get(relation) {
                    Some(size) => writeln!(out, ": about {} rows, {}", size.rows, size.pretty)?,
                    None => writeln!(out)?,
                }
            }
        }
        Ok(())
    }

    pub(super) fn document(&self, error: Option<&Error>) -> Value {
        let migrations = self.taken.iter().map(|one| {
            let locks = one.locks.iter().map(|(mode, relation)| {
                let size = self.sizes.get(relation);
                json!({
                    "relation": relation,
                    "mode": mode,
                    "rows": size.map(|size| size.rows),
                    "bytes": size.map(|size| size.bytes),
                })
            });
            json!({
                "name": one.name,
                "duration_ms": one.took.map(|took| took.as_millis()),
                "locks": locks.collect::<Vec<_>>(),
            })
        });
        json!({
            "format_version": FORMAT_VERSION,
            "schema": self.plan.schema(),
            "folder": self.plan.folder(),
            "migrations": migrations.collect::<Vec<_>>(),
            "error": error.map(ToString::to_string),
        })
    }
}
