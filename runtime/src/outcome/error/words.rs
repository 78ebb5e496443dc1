//! The texts of errors that have a source: `{:#}` shows it too.

use std::error::Error;
use std::fmt::{Debug, Display, Formatter, Result};
use std::time::Duration;

use crate::outcome::failed_statement::FailedStatement;
use crate::outcome::missing_right::MissingRight;
use crate::outcome::progress::{Pending, Progress, versions};
use crate::outcome::unfinished::Unfinished;
use crate::plan::Agreement;
use crate::plan::version::{Category, Version};
use crate::session::server_error::ServerMessage;

type Source = Box<dyn Error + Send + Sync>;

/// What an operator can read, also where a program ends with the error.
impl Debug for super::Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{self:#}")
    }
}

/// One line for each.
pub(super) fn each(all: &[(&str, String)]) -> String {
    let lines = all.iter().map(|(name, why)| format!("\n  {name} {why}"));
    lines.collect()
}

pub(super) fn connection(
    schema: &str,
    doing: &str,
    progress: &Progress,
    source: &Source,
    f: &mut Formatter<'_>,
) -> Result {
    write!(
        f,
        "{schema}: lost the connection while {doing}; {progress}. The server applied the last message \
         completely or not at all, and the ledger records which. It is safe to start again"
    )?;
    why(source, f)
}

pub(super) fn unreachable(
    schema: &str,
    tried: &Duration,
    progress: &Progress,
    source: &Source,
    f: &mut Formatter<'_>,
) -> Result {
    write!(
        f,
        "{schema}: could not connect within {tried:.1?}; {progress}. Check the URL and whether the server \
         is running, then start again"
    )?;
    why(source, f)
}

pub(super) fn server(
    schema: &str,
    doing: &str,
    progress: &Progress,
    source: &ServerMessage,
    f: &mut Formatter<'_>,
) -> Result {
    write!(
        f,
        "{schema}: PostgreSQL returned an error while {doing}; {progress}"
    )?;
    why(source, f)
}

#[expect(
    clippy::too_many_arguments,
    reason = "the variant's fields, which thiserror passes one by one"
)]
pub(super) fn permission(
    schema: &str,
    _: &MissingRight,
    role: &str,
    fix: &str,
    doing: &str,
    progress: &Progress,
    source: &ServerMessage,
    f: &mut Formatter<'_>,
) -> Result {
    write!(
        f,
        "{schema}: the role {role} lacks a privilege for {doing}; {progress}. {fix}"
    )?;
    why(source, f)
}

pub(super) fn failed(
    schema: &str,
    failed: &FailedStatement,
    progress: &Progress,
    source: &ServerMessage,
    f: &mut Formatter<'_>,
) -> Result {
    write!(f, "{schema}: {failed}; {progress}")?;
    why(source, f)
}

pub(super) fn renamed(schema: &str, renamed: &str, f: &mut Formatter<'_>) -> Result {
    write!(
        f,
        "{schema}: the ledger of this module is in the schema `{renamed}`, and not in {schema}, for which it was created: \
         it was renamed, or restored under another name. This run applied nothing and wrote nothing. If \
         {renamed} is the module's schema, type `ALTER SCHEMA \"{renamed}\" RENAME TO \"{schema}\"`, after \
         `DROP SCHEMA \"{schema}\"` when there is an empty one. If {renamed} is a copy that is kept, and {schema} \
         is to begin empty, type `DROP FUNCTION \"{renamed}\".schema_migration_claim, \
         \"{renamed}\".schema_migration_record`, which only runs use"
    )
}

/// The query has what the files have, which a log should not.
pub(super) fn disagrees(
    schema: &str,
    folder: &str,
    agreement: &Agreement,
    progress: &Progress,
    f: &mut Formatter<'_>,
) -> Result {
    let Agreement {
        migration, demand, ..
    } = agreement;
    write!(
        f,
        "{schema}: {migration} drops a column whose values its successor does not have; {progress}. It demands that {demand}; \
         `onward plan {folder} --url <url>` prints the query for the rows that differ"
    )
}

pub(super) fn requires(
    schema: &str,
    name: &str,
    missing: &[Version],
    data: &[Unfinished],
    progress: &Progress,
    f: &mut Formatter<'_>,
) -> Result {
    write!(
        f,
        "{schema}: {name} requires data migrations that are not done: {}; {progress}",
        versions(missing)
    )?;
    if let Some(Unfinished {
        folder, version, ..
    }) = data.last()
    {
        write!(
            f,
            ". Wait until a worker beside the service has done them, or type `onward data finish {folder} {version} \
             --url <url>`, which runs the rest and shows how far it is"
        )?;
    }
    data.iter().try_for_each(|one| write!(f, "\n  {one}"))
}

/// The servers' sentences name no file and end without a full stop.
fn why(source: &(impl Display + ?Sized), f: &mut Formatter<'_>) -> Result {
    match f.alternate() {
        true => write!(f, "\n  because: {source}"),
        false => Ok(()),
    }
}

/// The commands that apply what a start misses.
pub(super) fn bringing_up(folder: &str, pending: &[Pending]) -> String {
    let startup = format!("`onward up {folder} --startup --url <url>`");
    let is_release = |one: &Pending| one.version.category() == Category::Release;
    match pending.iter().any(is_release) {
        true => format!("{startup}, then `onward release {folder} --url <url>`, which apply"),
        false => format!("{startup}, which applies"),
    }
}

pub(super) fn lines<T: Display>(all: &[T]) -> String {
    all.iter().map(|one| format!("\n  {one}")).collect()
}
