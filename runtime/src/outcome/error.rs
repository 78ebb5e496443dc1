//! What can stop a run: one variant for each decision that an operator has to take.

use std::time::Duration;

use crate::ledger::chain::Tampering;
use crate::ledger::drift::Drift;
use crate::outcome::failed_statement::FailedStatement;
use crate::outcome::missing_right::MissingRight;
use crate::outcome::progress::{Pending, Progress};
use crate::outcome::unfinished::Unfinished;
use crate::plan::Agreement;
use crate::plan::version::Version;
use crate::session::blocker::{Blocker, advice};
use crate::session::engine::Engine;
use crate::session::foreign_part::ForeignPart;
use crate::session::other_meaning::OtherMeaning;
use crate::session::privileged::Privileged;
use crate::session::server_error::ServerMessage;

/// Why a run ended early.
///
/// `{error}` says what happened, how far the run got and what to do; the
/// [`source`](std::error::Error::source) says why. `{error:#}` says both, as does `Debug`, so that a `main` that
/// returns the error prints what an operator can read. None of them holds a literal of a statement, a value of a
/// row or a password; what a migration itself says with `RAISE` is passed on.
///
/// ```
/// fn stop(error: &onward::Error) -> ! {
///     eprintln!("{error:#}");
///     std::process::exit(1)
/// }
/// ```
///
/// ```
/// fn exit_code(error: &onward::Error) -> u8 {
///     match error {
///         onward::Error::PendingRelease { .. } => 3,
///         onward::Error::Locked { .. } => 4,
///         _ => 1,
///     }
/// }
/// ```
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The connection ended. It is safe to start again: the ledger has what became of the last message.
    #[error(fmt = words::connection)]
    Connection {
        /// The module's schema.
        schema: &'static str,
        /// What the run was doing.
        doing: String,
        /// How far the run got.
        progress: Progress,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The server cannot be reached.
    #[error(fmt = words::unreachable)]
    Unreachable {
        /// The module's schema.
        schema: &'static str,
        /// How long the run tried.
        tried: Duration,
        /// How far the run got.
        progress: Progress,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A statement that cannot run in a transaction needs a session of the run's own.
    #[error(
        "{schema}: {name} cannot run in a transaction, so it needs a session of its own, {}: `{statement}`; \
         {progress}. Use `run_with` and a `Connector` with the URL of the server itself",
        if *.borrowed { "but this connection is borrowed" } else { "but a pooler such as PgBouncer is in between" }
    )]
    NeedsSession {
        /// The module's schema.
        schema: &'static str,
        /// The file's name.
        name: &'static str,
        /// The statement's first line.
        statement: String,
        /// Whether the connection is borrowed; otherwise a pooler is in between.
        borrowed: bool,
        /// How far the run got.
        progress: Progress,
    },
    /// A borrowed connection is inside of a transaction. Nothing was done in it, so it is as it was.
    #[error(
        "{schema}: the connection has an open transaction{}, which a run would have to end; this run applied \
         nothing and left it as it was. COMMIT or ROLLBACK it first, or use `run_with` and a `Connector`",
        if *.failed { " that has failed" } else { "" }
    )]
    OpenTransaction {
        /// The module's schema.
        schema: &'static str,
        /// Whether a statement has failed in it, so that it can only be rolled back, to a savepoint or
        /// as a whole.
        failed: bool,
    },
    /// The server is older than the oldest that Onward knows.
    #[error(
        "{schema}: the server is PostgreSQL {version}, and onward needs 15 or newer; this run applied nothing. \
         Upgrade the server"
    )]
    UnsupportedServer {
        /// The module's schema.
        schema: &'static str,
        /// As the server names its version.
        version: String,
    },
    /// The server speaks PostgreSQL's protocol and is another engine. Nothing was written.
    #[error(
        "{schema}: the server is {engine}, and not PostgreSQL: it does not have {}; this run applied nothing \
         and wrote nothing. Connect to PostgreSQL 15 or newer", .engine.lacks
    )]
    UnsupportedEngine {
        /// The module's schema.
        schema: &'static str,
        /// Which engine.
        engine: Box<Engine>,
    },
    /// The schema has another name now, and its ledger is there.
    #[error(fmt = words::renamed)]
    RenamedSchema {
        /// The module's schema.
        schema: &'static str,
        /// The schema that has the ledger.
        renamed: String,
    },
    /// A statement that cannot run in a transaction has a name without a schema, which means one thing by the
    /// `search_path` of a borrowed connection and another one, or nothing, by that of a migration. It was not run.
    #[error(
        "{schema}: {folder}/{name} has `{0}` without a schema, at `{1}`. The statement runs outside of a \
         transaction, so by the search_path of this connection ({2}), and not by that of a migration: with one of \
         them it is {3}, with the other it is not; {progress}. Write the schema in front of it, `pg_catalog.{0}` \
         when PostgreSQL's own is meant", .found.word, .found.statement, .found.path, .found.object
    )]
    AmbiguousName {
        /// The module's schema.
        schema: &'static str,
        /// The folder of the module.
        folder: &'static str,
        /// The file's name.
        name: &'static str,
        /// Which name, and what it means.
        found: Box<OtherMeaning>,
        /// How far the run got.
        progress: Progress,
    },
    /// The server refused a message of the runner's own, not of a migration.
    #[error(fmt = words::server)]
    Server {
        /// The module's schema.
        schema: &'static str,
        /// What the run was doing.
        doing: String,
        /// How far the run got.
        progress: Progress,
        /// Why.
        source: ServerMessage,
    },
    /// The role lacks a privilege.
    #[error(fmt = words::permission)]
    Permission {
        /// The module's schema.
        schema: &'static str,
        /// Which right.
        right: MissingRight,
        /// Which role.
        role: String,
        /// What to type, with the GRANT that gives the right where it is known.
        fix: String,
        /// What the run was doing.
        doing: Box<str>,
        /// How far the run got.
        progress: Progress,
        /// Why.
        source: ServerMessage,
    },
    /// The time limit was reached while something was still to do. Start again, or raise the limit.
    #[error(
        "{schema}: reached the time limit of {budget:?} while {doing}; {progress}. The server finishes \
         or rolls back the statement in progress. It is safe to start again"
    )]
    OutOfTime {
        /// The module's schema.
        schema: &'static str,
        /// What the run was doing.
        doing: String,
        /// How long the run was allowed to take.
        budget: Duration,
        /// How far the run got.
        progress: Progress,
    },
    /// Another session held the lock until the time for waiting was over.
    #[error("{schema}: gave up after {waited:.1?} of {doing}; {progress}. {}", advice(.blockers))]
    Locked {
        /// The module's schema.
        schema: &'static str,
        /// What the run was waiting for.
        doing: String,
        /// How long it waited.
        waited: Duration,
        /// The sessions that hold the lock now.
        blockers: Vec<Blocker>,
        /// How far the run got.
        progress: Progress,
    },
    /// The server takes no writes.
    #[error("{schema}: the server is a standby or read-only; {progress}. Connect to the primary")]
    Standby {
        /// The module's schema.
        schema: &'static str,
        /// How far the run got.
        progress: Progress,
    },
    /// Files were edited after they had been applied.
    #[error(
        "{schema}: applied migrations were edited; {progress}. Restore their text and write the \
         change as a new migration. If only comments or blanks differ, `onward restamp` records that. Only in a database of development: `DROP SCHEMA {schema} CASCADE`, then start again:{}",
        words::lines(.drift)
    )]
    Modified {
        /// The module's schema.
        schema: &'static str,
        /// One entry a file; every one is [`Drift::Modified`].
        drift: Vec<Drift>,
        /// How far the run got.
        progress: Progress,
    },
    /// Other files with the same numbers were applied: two branches used them.
    #[error(
        "{schema}: other files with the same numbers were applied; {progress}. Two branches used these numbers. \
         Bring the applied files back under their numbers, and give this binary's files numbers after the last \
         applied one. Where an applied file keeps its new number, `onward renumber` records that here:{}", words::lines(.drift)
    )]
    OtherFile {
        /// The module's schema.
        schema: &'static str,
        /// One entry a file; every one is [`Drift::OtherFile`].
        drift: Vec<Drift>,
        /// How far the run got.
        progress: Progress,
    },
    /// Migrations were left out: a later one is applied without them.
    #[error(
        "{schema}: later migrations are applied already; {progress}. Give these files numbers after \
         the last applied one:{}", words::lines(.drift)
    )]
    OutOfOrder {
        /// The module's schema.
        schema: &'static str,
        /// One entry a file; every one is [`Drift::OutOfOrder`].
        drift: Vec<Drift>,
        /// How far the run got.
        progress: Progress,
    },
    /// The ledger and the plan have different histories.
    #[error(
        "{schema}: the database has migrations that this binary does not have; {progress}. Two branches \
         used the same numbers, or a file was deleted. Bring the files back:{}", words::lines(.drift)
    )]
    Unknown {
        /// The module's schema.
        schema: &'static str,
        /// One entry a file; every one is [`Drift::Unknown`].
        drift: Vec<Drift>,
        /// How far the run got.
        progress: Progress,
    },
    /// The database is older than what a squash has put together.
    #[error(
        "{schema}: the first file of this binary was squashed from files that are not all applied here; {progress}. Start \
         the last version of the service from before the squash once, or type `onward up {folder}/squashed --startup --url \
         <url>`. Then start again:{}", words::lines(.drift)
    )]
    BehindBaseline {
        /// The module's schema.
        schema: &'static str,
        /// The folder of the module.
        folder: &'static str,
        /// One entry; it is [`Drift::BehindBaseline`].
        drift: Vec<Drift>,
        /// How far the run got.
        progress: Progress,
    },
    /// The database is newer than this binary.
    #[error(
        "{schema}: the database is newer than this binary; {progress}. Deploy the version of the service \
         that has these migrations. If this version can run on them, type `onward release <folder> --compatible-from \
         <the last release migration it has, or none>` with the folder of the newer one:{}", words::lines(.drift)
    )]
    ReleaseAhead {
        /// The module's schema.
        schema: &'static str,
        /// One entry a file; every one is [`Drift::ReleaseAhead`].
        drift: Vec<Drift>,
        /// How far the run got.
        progress: Progress,
    },
    /// What an operator said would change nothing, or cannot be meant. Nothing was applied.
    #[error("{schema}: {why}. Nothing was changed")]
    NoEffect {
        /// The module's schema.
        schema: &'static str,
        /// Why, and what to say instead.
        why: String,
    },
    /// An operator has to run release migrations first.
    #[error(
        "{schema}: release migrations are pending; {progress}. An operator has to run \
         `onward release {folder} --url <url>`, which applies:{}", words::lines(.pending)
    )]
    PendingRelease {
        /// The module's schema.
        schema: &'static str,
        /// The folder of the module.
        folder: &'static str,
        /// What is to run, in order.
        pending: Vec<Pending>,
        /// How far the run got.
        progress: Progress,
    },
    /// Startup migrations or seeds have to be applied before a release, by a start of the service that has them.
    #[error(
        "{schema}: startup migrations are pending, and a release may take away what they replace; {progress}. Start the \
         version of the service that has them, or type `onward up {folder} --startup --url <url>`, then repeat the \
         release:{}", words::lines(.pending)
    )]
    PendingStartup {
        /// The module's schema.
        schema: &'static str,
        /// The folder of the module.
        folder: &'static str,
        /// What a start applies, in order.
        pending: Vec<Pending>,
        /// How far the run got.
        progress: Progress,
    },
    /// A release would drop a column whose values its successor does not have.
    #[error(fmt = words::disagrees)]
    Disagrees {
        /// The module's schema.
        schema: &'static str,
        /// The folder of the module.
        folder: &'static str,
        /// What does not hold.
        agreement: &'static Agreement,
        /// How far the run got.
        progress: Progress,
    },
    /// A start that only verifies has found that migrations are missing. It applied nothing.
    #[error(
        "{schema}: the database is behind this binary{}; this start only verifies, and applied nothing. An operator, or \
         a job whose role owns the schema, has to run {}:{}",
        if *.has_ledger { "" } else { ", and has no ledger of this module, so check that it is the right database" },
        words::bringing_up(.folder, .pending), words::lines(.pending)
    )]
    Behind {
        /// The module's schema.
        schema: &'static str,
        /// The folder of the module.
        folder: &'static str,
        /// Whether the database has a ledger of the module.
        has_ledger: bool,
        /// What is missing, in order: startup migrations, seeds, and release migrations unless they are only reported.
        pending: Vec<Pending>,
    },
    /// The schema has no complete ledger, and it is not empty.
    #[error(
        "{schema}: the schema contains objects but no ledger, so it is unknown which migrations ran. If the \
         ledger was dropped, restore it from a backup. If another migration tool created these objects, take its \
         history over with `onward adopt`. If another program did, move them to another schema:{}", words::lines(.objects)
    )]
    ForeignSchema {
        /// The module's schema.
        schema: &'static str,
        /// The first ten objects.
        objects: Vec<String>,
    },
    /// The ledger is not one that Onward has created, or something was added to it that PostgreSQL evaluates
    /// when the ledger is read or written. Nothing of it was read or written.
    #[error(
        "{schema}: the ledger is not the one that onward creates: {part}. Nothing of the ledger was read or \
         written; {progress}. Find out which role did this, then type: {}", .part.fix
    )]
    ForeignLedger {
        /// The module's schema.
        schema: &'static str,
        /// The first thing that is wrong.
        part: Box<ForeignPart>,
        /// How far the run got.
        progress: Progress,
    },
    /// The ledger was changed by hand.
    #[error(
        "{schema}: the ledger was changed by hand: {tampering}; {progress}. Find out which session changed it, \
         and restore the ledger from a backup. Until then no migration is applied"
    )]
    Tampered {
        /// The module's schema.
        schema: &'static str,
        /// The first thing that is wrong.
        tampering: Tampering,
        /// How far the run got.
        progress: Progress,
    },
    /// A statement failed. Nothing of its migration was applied, but for the statements before it in a file of
    /// statements that cannot run in a transaction.
    #[error(fmt = words::failed)]
    Failed {
        /// The module's schema.
        schema: &'static str,
        /// Where and what.
        failed: Box<FailedStatement>,
        /// How far the run got.
        progress: Progress,
        /// Why.
        source: ServerMessage,
    },
    /// A statement that cannot run in a transaction was started, and its outcome is unknown.
    #[error(
        "{schema}: {name} was started at {at} by {by} (attempt {attempt}), and its outcome is unknown; \
         {progress}. It cannot run in a transaction, and running it twice may do harm, so onward does not \
         repeat it. 1. `onward resolve {folder} {version} --url <url>` prints what the catalogs show, and whether it \
         is still running. 2. Check whether its effect exists. 3. Add `--applied` or `--not-applied`, and \
         `--because \"<what you found>\"`. Then start again"
    )]
    InDoubt {
        /// The module's schema.
        schema: &'static str,
        /// The folder of the module.
        folder: &'static str,
        /// The file's version.
        version: Version,
        /// The file's name.
        name: &'static str,
        /// Which attempt.
        attempt: i32,
        /// When it was started: RFC 3339, UTC.
        at: Box<str>,
        /// Which role started it.
        by: Box<str>,
        /// How far the run got.
        progress: Progress,
    },
    /// Policies do not hold the role that has logged in, and the start was set to refuse that.
    #[error(
        "{schema}: {privileged}, and this start refuses such a role; {progress}. Log in as the application's role: \
         `onward roles {folder}` prints the SQL that creates one"
    )]
    Privileged {
        /// The module's schema.
        schema: &'static str,
        /// The folder of the module.
        folder: &'static str,
        /// Which role, and why.
        privileged: Box<Privileged>,
        /// How far the run got.
        progress: Progress,
    },
    /// A migration waits for data migrations that are not done.
    #[error(fmt = words::requires)]
    Requires {
        /// The module's schema.
        schema: &'static str,
        /// The file that waits.
        name: &'static str,
        /// What it waits for.
        missing: Vec<Version>,
        /// How far these are.
        data: Vec<Unfinished>,
        /// How far the run got.
        progress: Progress,
    },
    /// A schema is adopted once, before Onward has a ledger there.
    #[error(
        "{schema}: the schema has a ledger already, so nothing was adopted; `onward status` shows what it holds"
    )]
    HasLedger {
        /// The module's schema.
        schema: &'static str,
    },
    /// Data migrations that have to be finished cannot go on by themselves.
    #[error("{schema}: data migrations are not done: {}", words::each(.held))]
    DataHeld {
        /// The module's schema.
        schema: &'static str,
        /// The files, and why each of them does not go on.
        held: Vec<(&'static str, String)>,
    },
}

mod asked;
#[cfg(test)]
mod tests;
mod words;
