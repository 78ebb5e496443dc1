//! What a database says about a plan, as text and as JSON.

use std::io::{self, Write};

use onward::plan::Statement;
use onward_analyzer::precondition::Question;
use onward_analyzer::source::Module;
use serde::Serialize;

use crate::live::{Answer, Answered, Hindrance, Server, Session, Table, listing};

/// What is known about the relations of one module's plan.
pub(crate) struct Found {
    pub(crate) tables: Vec<Table>,
    pub(crate) sessions: Vec<Session>,
    /// Each with its file.
    pub(crate) asked: Vec<(String, Answered)>,
}

/// `312 kB`, as `pg_size_pretty()` writes it.
pub(crate) fn size(bytes: i64) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"];
    let mut left = bytes;
    let mut at = 0;
    while left >= 10 * 1024 && at + 1 < units.len() {
        left = (left + 512) / 1024;
        at += 1;
    }
    format!("{left} {}", units.get(at).copied().unwrap_or_default())
}

/// `1.5 s`, `3 min`.
pub(crate) fn time(ms: i64) -> String {
    match ms {
        ..1_000 => format!("{ms} ms"),
        1_000..120_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        120_000..7_200_000 => format!("{} min", ms / 60_000),
        _ => format!("{} h", ms / 3_600_000),
    }
}

pub(crate) fn write_server(out: &mut impl Write, server: &Server) -> io::Result<()> {
    let kind = match server.standby {
        true => "a standby, where nothing can be applied",
        false => "primary",
    };
    writeln!(
        out,
        "PostgreSQL {}, {kind}, {} of {} connections free",
        server.version,
        (server.connections - server.used).max(0),
        server.connections
    )?;
    for Hindrance {
        kind,
        name,
        bytes,
        ms,
    } in &server.hindrances
    {
        let behind = bytes.map(|bytes| match kind.as_str() {
            "replica" => format!(", {} behind", size(bytes)),
            _ => format!(", keeps {} of the log", size(bytes)),
        });
        let age = ms.map(|ms| format!(", {}", time(ms)));
        writeln!(
            out,
            "  {kind}: {name}{}{}",
            behind.unwrap_or_default(),
            age.unwrap_or_default()
        )?;
    }
    if !server.sees_all {
        writeln!(
            out,
            "  transactions of other roles are not shown to this role: GRANT pg_read_all_stats shows them"
        )?;
    }
    Ok(())
}

/// The statement in full, its locks with what they meet, and its work with how much that is.
pub(crate) fn write_statement(
    out: &mut impl Write,
    statement: &Statement,
    found: &Found,
) -> io::Result<()> {
    let place = format!("  {}:{}  ", statement.line, statement.column);
    let margin = format!("\n{}", " ".repeat(place.len()));
    writeln!(out, "{place}{}", statement.sql.replace('\n', &margin))?;
    let large = |relation: &str| {
        let table = found.tables.iter().find(|one| one.relation == relation);
        table
            .map(|table| format!(" ({})", extent(table)))
            .unwrap_or_default()
    };
    for lock in statement.locks {
        let who = lock.mode.blocks();
        writeln!(
            out,
            "    {} on {}{}: {who}",
            lock.mode,
            lock.relation,
            large(lock.relation)
        )?;
        let sessions = found.sessions.iter();
        let mut in_the_way =
            sessions.filter(|one| one.relation == lock.relation && one.is_in_the_way_of(lock.mode));
        in_the_way.try_for_each(|one| write_session(out, one))?;
    }
    for table in statement.rewrites {
        writeln!(out, "    rewrites {table}{}", large(table))?;
    }
    for table in statement.scans {
        writeln!(out, "    scans {table} in full{}", large(table))?;
    }
    if statement.opaque {
        writeln!(
            out,
            "    runs code that is not analysed: it may take more locks"
        )?;
    }
    Ok(())
}

fn extent(table: &Table) -> String {
    match table.rows {
        Some(rows) => format!(
            "{}, about {}",
            size(table.bytes),
            super::count_of(rows, "row")
        ),
        None => format!("{}, rows not counted yet", size(table.bytes)),
    }
}

pub(crate) fn write_session(out: &mut impl Write, session: &Session) -> io::Result<()> {
    let Session {
        mode,
        granted,
        pid,
        application,
        role,
        state,
        ms,
        ..
    } = session;
    let does = if *granted { "holds" } else { "waits for" };
    let age = ms.map(|ms| format!(", its transaction is open for {}", time(ms)));
    let state = if state.is_empty() {
        String::new()
    } else {
        format!(", {state}")
    };
    writeln!(
        out,
        "      in the way now: pid {pid} '{application}' of role '{role}'{state}{}, {does} {mode}",
        age.unwrap_or_default()
    )
}

/// What a statement demands of rows, and the answer.
pub(crate) fn write_asked(
    out: &mut impl Write,
    asked: &Answered,
    module: Option<&Module>,
) -> io::Result<()> {
    let one = &asked.precondition;
    let answer = match &asked.answer {
        Answer::Holds => "yes".to_owned(),
        Answer::Fails { rows, more } => {
            let least = if *more { "more than " } else { "" };
            let what = match &one.question {
                Question::NoRow(sql) if sql.contains(" GROUP BY ") => "group",
                Question::NoRow(_) | Question::Converts(_) => "row",
            };
            format!("NO, {least}{} in the way", super::count(*rows, what))
        }
        Answer::DoesNotConvert { sqlstate } => {
            format!("NO, a value cannot be converted ({sqlstate})")
        }
        Answer::NotYet => "not asked: pending migrations create what it is about".to_owned(),
        Answer::NoRight => "not answered: the role may not read all rows (42501)".to_owned(),
        Answer::TooLong => "not answered in 30 s".to_owned(),
        Answer::Refused { sqlstate } => {
            format!("not answered: the server refused the query ({sqlstate})")
        }
    };
    writeln!(out, "  demands: {}: {answer}", one.demand)?;
    if asked.answer.is_no() {
        writeln!(out, "    {}", listing(one))?;
        let names = one.changed_by.iter();
        let names = names.filter_map(|n| module?.sources.get(*n));
        let names: Vec<&str> = names.map(|source| source.name.as_str()).collect();
        if !names.is_empty() {
            let table = &one.table;
            writeln!(
                out,
                "    {} changes rows of {table} before",
                names.join(", ")
            )?;
        }
    }
    Ok(())
}

/// Keys are only ever added.
#[derive(Serialize)]
pub(crate) struct LiveJson {
    server: Server,
    /// The names of the files that are pending.
    pending: Vec<&'static str>,
    tables: Vec<Table>,
    sessions: Vec<Session>,
    demands: Vec<DemandJson>,
}

#[derive(Serialize)]
struct DemandJson {
    file: String,
    table: String,
    demand: String,
    query: String,
    #[serde(flatten)]
    answer: Answer,
}

impl LiveJson {
    pub(crate) fn new(server: &Server, pending: Vec<&'static str>, found: &Found) -> Self {
        let demands = found.asked.iter().map(|(file, asked)| DemandJson {
            file: file.clone(),
            table: asked.precondition.table.to_string(),
            demand: asked.precondition.demand.clone(),
            query: listing(&asked.precondition).to_owned(),
            answer: asked.answer.clone(),
        });
        Self {
            server: server.clone(),
            pending,
            tables: found.tables.clone(),
            sessions: found.sessions.clone(),
            demands: demands.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_short() {
        assert_eq!(
            [size(0), size(8192), size(20_480), size(3_145_728_000)],
            ["0 bytes", "8192 bytes", "20 kB", "3000 MB"]
        );
        assert_eq!(
            [time(20), time(1_520), time(180_000), time(7_300_000)],
            ["20 ms", "1.5 s", "3 min", "2 h"]
        );
    }
}
