//! Whether a statement can run in a transaction.

use crate::statement::{Change, Clause, Command, Detach, ObjectKind, TableAction};

/// Whether, and how, a statement can run in a transaction.
///
/// In a transaction block, PostgreSQL refuses every statement that is not [`Mode::Transactional`]: active
/// SQL transaction (25001). Measured on 15 to 18, which refuse the same statements.
///
/// ```
/// use onward_analyzer::effect::{Mode, mode};
/// use onward_analyzer::{lower, split};
///
/// let text = "DROP INDEX CONCURRENTLY auth.users_email_idx";
/// let statement = lower::lower(text, &split::split(text).statements[0], "auth");
/// assert_eq!(mode(&statement.clauses), Mode::DropIndex);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It can run in a transaction block.
    Transactional,
    /// `CREATE INDEX CONCURRENTLY`.
    BuildIndex,
    /// `DROP INDEX CONCURRENTLY`.
    DropIndex,
    /// Any other statement that must run outside of a transaction.
    NonTransactional {
        /// Whether running it twice does no harm.
        repeatable: bool,
    },
}

/// The mode of a statement: that of its first clause that cannot run in a transaction block.
///
/// ```
/// assert_eq!(onward_analyzer::effect::mode(&[]), onward_analyzer::effect::Mode::Transactional);
/// ```
#[must_use]
pub fn mode(clauses: &[Clause]) -> Mode {
    clauses
        .iter()
        .map(|clause| of(&clause.change))
        .find(|&mode| mode != Mode::Transactional)
        .unwrap_or(Mode::Transactional)
}

pub(super) fn of(change: &Change) -> Mode {
    match change {
        Change::CreateIndex(create) if create.concurrently => Mode::BuildIndex,
        Change::Drop {
            kind: ObjectKind::Index,
            concurrently: true,
            ..
        } => Mode::DropIndex,
        Change::Drop {
            kind: ObjectKind::Database | ObjectKind::Subscription | ObjectKind::Tablespace,
            ..
        }
        | Change::AlterTable {
            action:
                TableAction::DetachPartition {
                    mode: Detach::Concurrently,
                    ..
                },
            ..
        } => Mode::NonTransactional { repeatable: false },
        Change::Other {
            outside_transaction: true,
            command,
            ..
        } => Mode::NonTransactional {
            repeatable: is_repeatable(*command),
        },
        Change::CreateTable(_)
        | Change::CreateIndex(_)
        | Change::CreateView(_)
        | Change::CreateRoutine(_)
        | Change::CreateTrigger(_)
        | Change::CreatePolicy(_)
        | Change::CreateType { .. }
        | Change::CreateDomain { .. }
        | Change::CreateSequence { .. }
        | Change::Create { .. }
        | Change::AddColumn { .. }
        | Change::DropColumn { .. }
        | Change::ColumnType { .. }
        | Change::SetNotNull { .. }
        | Change::DropNotNull { .. }
        | Change::AlterColumn { .. }
        | Change::AddConstraint { .. }
        | Change::ValidateConstraint { .. }
        | Change::AlterTable { .. }
        | Change::AlterDomain { .. }
        | Change::AlterSequence { .. }
        | Change::AddEnumValue { .. }
        | Change::SetAttribute { .. }
        | Change::AlterPolicy(_)
        | Change::AlterRoutine { .. }
        | Change::AlterPublication { .. }
        | Change::Owner { .. }
        | Change::Grant(_)
        | Change::SetSchema { .. }
        | Change::Rename { .. }
        | Change::Drop { .. }
        | Change::Comment { .. }
        | Change::Truncate { .. }
        | Change::Insert { .. }
        | Change::Update { .. }
        | Change::Delete { .. }
        | Change::Merge { .. }
        | Change::Query
        | Change::RefreshView { .. }
        | Change::Lock { .. }
        | Change::Set { .. }
        | Change::TransactionControl { .. }
        | Change::Psql { .. }
        | Change::CopyFromStdin
        | Change::Do { .. }
        | Change::Opaque { .. }
        | Change::Other { .. }
        | Change::Unknown { .. } => Mode::Transactional,
    }
}

/// Whether running it twice does no harm, for a statement that cannot run in a transaction.
const fn is_repeatable(command: Command) -> bool {
    match command {
        Command::Analyze
        | Command::Vacuum { .. }
        | Command::Cluster
        | Command::Reindex { .. }
        | Command::Discard => true,
        Command::Create(_)
        | Command::Alter(_)
        | Command::AlterTablesTablespace
        | Command::AlterSystem
        | Command::ImportForeignSchema
        | Command::SecurityLabel
        | Command::DropOwned
        | Command::ReassignOwned
        | Command::CopyTo(_)
        | Command::Explain
        | Command::Declare { .. }
        | Command::Fetch
        | Command::Move
        | Command::Close
        | Command::Show
        | Command::Deallocate
        | Command::Listen
        | Command::Unlisten
        | Command::Notify
        | Command::Load
        | Command::Checkpoint => false,
    }
}
