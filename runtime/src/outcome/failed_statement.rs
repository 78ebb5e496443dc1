//! A statement that failed.

use std::fmt;

use crate::ledger::task::Task;
use crate::plan::Statement;
use crate::plan::Step;
use crate::session::blocker::Blocker;
use crate::session::echo::echo;
use crate::session::location::{Location, locate};
use crate::session::server_error::ServerError;
use crate::sql::{Fragment, fill};

/// Which statement of which file failed, and where in it.
///
/// ```
/// fn open_in_editor(error: &onward::Error) -> Option<String> {
///     match error {
///         onward::Error::Failed { failed, .. } => {
///             Some(format!("{}/{}:{}", failed.folder, failed.name, failed.location))
///         }
///         _ => None,
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedStatement {
    /// The folder of the module.
    pub folder: &'static str,
    /// The file's name.
    pub name: &'static str,
    /// What the server pointed at, otherwise the beginning of the statement.
    pub location: Location,
    /// The statement's first line, at most a hundred characters of it, with `?` for every literal.
    pub statement: String,
    /// The SQLSTATE.
    pub sqlstate: String,
    /// How often it was tried.
    pub tries: u32,
    /// The sessions in the way, when it did not get its locks.
    pub blockers: Vec<Blocker>,
    /// How many statements of the file are applied and recorded. Only a file of statements that cannot run in a
    /// transaction has some when another of them fails; they stay applied.
    pub finished: usize,
    /// A query that lists what is in the way of a unique index or constraint: keys that several rows share.
    pub query: Option<String>,
    /// Whether the statement itself may have left a part of its effect.
    pub partial: bool,
}

impl FailedStatement {
    pub(crate) fn new(
        folder: &'static str,
        task: &Task,
        refused: &ServerError,
        tries: u32,
        finished: usize,
    ) -> Self {
        let found = locate(task.step, refused);
        Self {
            folder,
            name: task.name,
            location: found.map_or(Location { line: 1, column: 1 }, |(_, location)| location),
            statement: found.map_or_else(String::new, |(statement, _)| echo(statement.sql)),
            sqlstate: refused.said.sqlstate().to_owned(),
            tries,
            blockers: Vec::new(),
            finished,
            query: found.and_then(|(statement, _)| shared_keys(refused, statement)),
            partial: match task.step {
                Step::Transaction(_) | Step::BuildIndex(_) | Step::Sequence { .. } => false,
                Step::DropIndex { .. }
                | Step::DetachPartition { .. }
                | Step::NonTransactional { .. } => true,
            },
        }
    }

    pub(crate) fn location_and_statement(&self) -> String {
        format!(
            "{}/{}:{} at `{}`",
            self.folder, self.name, self.location, self.statement
        )
    }

    fn advice(&self) -> Option<&'static str> {
        match self.sqlstate.as_str() {
            "55P03" => {
                Some("it could not get its lock, because other sessions held it: start again")
            }
            "57014" => Some(
                "it took longer than the statement timeout or the time that was left, or it was cancelled",
            ),
            "40P01" => Some("deadlock with other sessions: start again"),
            code if ["53", "58", "XX"]
                .iter()
                .any(|class| code.starts_with(class)) =>
            {
                Some("server error (disk, memory, internal): see the server's log")
            }
            _ => None,
        }
    }
}

impl fmt::Display for FailedStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            folder,
            name,
            location,
            statement,
            sqlstate,
            tries,
            blockers,
            finished,
            query,
            partial,
        } = self;
        write!(
            f,
            "{folder}/{name}:{location} failed [{sqlstate}] at `{statement}`"
        )?;
        if *tries > 1 {
            write!(f, " after {tries} tries")?;
        }
        if let Some(advice) = self.advice() {
            write!(f, " ({advice})")?;
        }
        for blocker in blockers {
            write!(f, "; blocked by {blocker}")?;
        }
        if let Some(query) = query {
            write!(
                f,
                "; several rows have the same key, this lists them: `{query}`"
            )?;
        }
        match finished {
            0 if !partial => return f.write_str("; nothing of this file was applied"),
            0 => {}
            1 => f.write_str(
                "; the first statement of this file is applied and recorded: change only what stands behind it",
            )?,
            many => write!(
                f,
                "; the first {many} statements of this file are applied and recorded: change only what stands \
                 behind them"
            )?,
        }
        match partial {
            true => f.write_str(
                "; it ran outside of a transaction, so a part of its effect may be there",
            ),
            false => Ok(()),
        }
    }
}

/// The query for the rows that a unique index cannot take; `None` when another statement has met a key that
/// exists, or when the key is one that may not be shown.
fn shared_keys(refused: &ServerError, statement: &Statement) -> Option<String> {
    let shown = echo(statement.sql);
    let words = shown.to_ascii_uppercase();
    let is_of_table = ["CREATE UNIQUE INDEX", "ALTER TABLE"]
        .iter()
        .any(|start| words.starts_with(start));
    let key = refused.said.key()?;
    let (schema, table) = (refused.in_schema.as_deref()?, refused.in_table.as_deref()?);
    (refused.said.sqlstate() == "23505" && is_of_table && echo(key) == key).then_some(())?;
    let mut query =
        "SELECT {{key}}, count(*) FROM {{schema}}.{{table}} WHERE num_nulls({{key}}) = 0"
            .to_owned();
    let sql = statement.sql.to_ascii_uppercase();
    if sql.contains("NULLS NOT DISTINCT") {
        query = query.replace(" WHERE num_nulls({{key}}) = 0", " WHERE true");
    }
    if words.starts_with("CREATE") && sql.contains("WHERE") {
        query.push_str(" AND (<the WHERE of the index>)");
    }
    query.push_str(" GROUP BY {{key}} HAVING count(*) > 1");
    let names = [
        ("key", Fragment::Trusted(key)),
        ("schema", Fragment::Identifier(schema)),
        ("table", Fragment::Identifier(table)),
    ];
    Some(fill(&query, &names))
}
