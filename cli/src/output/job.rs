//! How a data migration runs, in `onward plan`: what was put into its statement, and what it waits for.

use std::io::{self, Write};

use onward::kind::Data;
use onward::plan::{Job, Ranges};
use serde::Serialize;

/// How it runs, in one word.
const fn word(job: &Job) -> &'static str {
    match job {
        Job::Whole => "whole",
        Job::Ranges(_) => "ranges",
        Job::Repeated => "repeated",
        Job::Code => "code",
        Job::Background => "background",
        _ => "other",
    }
}

fn keys(ranges: &Ranges) -> String {
    let keys = ranges.keys.iter();
    let keys = keys.map(|key| format!("{} {}", key.column, key.data_type));
    keys.collect::<Vec<_>>().join(", ")
}

/// The lines below the statements of a data migration.
pub(crate) fn write(out: &mut impl Write, data: &Data) -> io::Result<()> {
    match &data.job {
        Job::Ranges(ranges) => {
            let table = format!("{}.{}", ranges.table.schema, ranges.table.name);
            writeln!(
                out,
                "  in ranges of {table} by {}, {} rows each:",
                keys(ranges),
                ranges.rows
            )?;
            indented(out, &ranges.statement(true))?;
            writeln!(out, "  the end of the next range:")?;
            indented(out, &ranges.end_of_next(true, ranges.rows))?;
            if let Some(tenants) = ranges.tenants {
                writeln!(
                    out,
                    "  with {} set to one of these after another:",
                    tenants.setting
                )?;
                indented(out, tenants.query)?;
            }
        }
        Job::Repeated => writeln!(out, "  again and again, until it finds no row")?,
        Job::Code => writeln!(out, "  by code of the service")?,
        Job::Background => writeln!(out, "  in the background, outside of transactions")?,
        Job::Whole => writeln!(out, "  once, in one transaction")?,
        _ => {}
    }
    if let Some(query) = data.unfinished {
        writeln!(out, "  done when no row of this is true:")?;
        indented(out, query)?;
    }
    for query in data.healthy {
        writeln!(out, "  waits unless this is true:")?;
        indented(out, query)?;
    }
    if data.skip > 0 {
        writeln!(out, "  leaves out at most {} rows that fail", data.skip)?;
    }
    if data.approve {
        writeln!(out, "  waits for `onward data approve`")?;
    }
    Ok(())
}

fn indented(out: &mut impl Write, sql: &str) -> io::Result<()> {
    sql.lines().try_for_each(|line| writeln!(out, "    {line}"))
}

/// Keys are only ever added.
#[derive(Serialize)]
pub(crate) struct JobJson {
    job: &'static str,
    ranges: Option<RangesJson>,
    unfinished: Option<&'static str>,
    healthy: &'static [&'static str],
    skip: u32,
    approve: bool,
}

#[derive(Serialize)]
struct RangesJson {
    rows: u32,
    table: String,
    keys: Vec<KeyJson>,
    statement: String,
    next: String,
    tenants: Option<TenantsJson>,
}

#[derive(Serialize)]
struct TenantsJson {
    query: &'static str,
    setting: &'static str,
}

#[derive(Serialize)]
struct KeyJson {
    column: &'static str,
    #[serde(rename = "type")]
    data_type: &'static str,
}

impl JobJson {
    pub(crate) fn new(data: &Data) -> Self {
        let ranges = match &data.job {
            Job::Ranges(ranges) => Some(RangesJson {
                rows: ranges.rows,
                table: format!("{}.{}", ranges.table.schema, ranges.table.name),
                keys: { ranges.keys.iter() }
                    .map(|key| KeyJson {
                        column: key.column,
                        data_type: key.data_type,
                    })
                    .collect(),
                statement: ranges.statement(true),
                next: ranges.end_of_next(true, ranges.rows),
                tenants: ranges.tenants.map(|tenants| TenantsJson {
                    query: tenants.query,
                    setting: tenants.setting,
                }),
            }),
            _ => None,
        };
        Self {
            job: word(&data.job),
            ranges,
            unfinished: data.unfinished,
            healthy: data.healthy,
            skip: data.skip,
            approve: data.approve,
        }
    }
}
