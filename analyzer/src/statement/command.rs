//! Commands whose details no rule needs.

use std::fmt;

use super::ObjectKind;
use super::spelled::spelled;

/// A command that has no [`Change`](super::Change) of its own.
///
/// ```
/// use onward_analyzer::statement::{Command, ObjectKind};
///
/// assert_eq!(Command::Vacuum { full: true }.to_string(), "vacuum-full");
/// assert_eq!(Command::Alter(ObjectKind::OperatorClass).to_string(), "alter-operator-class");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `CREATE` of an object that is outside of every database, and of statistics without a name.
    Create(ObjectKind),
    /// `ALTER` of an object of this kind, with an action that is not analyzed.
    Alter(ObjectKind),
    /// `ALTER TABLE ALL IN TABLESPACE` and the like.
    AlterTablesTablespace,
    /// `ALTER SYSTEM`.
    AlterSystem,
    /// `IMPORT FOREIGN SCHEMA`, which creates tables that it does not name.
    ImportForeignSchema,
    /// `SECURITY LABEL`.
    SecurityLabel,
    /// `DROP OWNED`.
    DropOwned,
    /// `REASSIGN OWNED`.
    ReassignOwned,
    /// `COPY ... TO`.
    CopyTo(CopyDestination),
    /// `EXPLAIN`, which does not run its statement.
    Explain,
    /// `DECLARE` of a cursor.
    Declare {
        /// `WITH HOLD`.
        hold: bool,
    },
    /// `FETCH`.
    Fetch,
    /// `MOVE`.
    Move,
    /// `CLOSE`.
    Close,
    /// `SHOW`.
    Show,
    /// `DEALLOCATE`.
    Deallocate,
    /// `DISCARD`.
    Discard,
    /// `LISTEN`.
    Listen,
    /// `UNLISTEN`.
    Unlisten,
    /// `NOTIFY`.
    Notify,
    /// `LOAD`.
    Load,
    /// `CHECKPOINT`.
    Checkpoint,
    /// `ANALYZE`.
    Analyze,
    /// `VACUUM`.
    Vacuum {
        /// `FULL`.
        full: bool,
    },
    /// `CLUSTER`.
    Cluster,
    /// `REINDEX`.
    Reindex {
        /// What is rebuilt.
        target: ReindexTarget,
        /// `CONCURRENTLY`; false if the option is switched off.
        concurrently: bool,
    },
}

spelled! {
    /// Where `COPY ... TO` writes.
    ///
    /// ```
    /// use onward_analyzer::statement::CopyDestination;
    ///
    /// assert_eq!(CopyDestination::Program.to_string(), "PROGRAM");
    /// ```
    CopyDestination {
        Stdout "STDOUT",
        File "FILE",
        Program "PROGRAM",
    }
}

spelled! {
    /// What `REINDEX` rebuilds.
    ///
    /// ```
    /// use onward_analyzer::statement::ReindexTarget;
    ///
    /// assert_eq!(ReindexTarget::Index.to_string(), "INDEX");
    /// ```
    ReindexTarget {
        Index "INDEX",
        Table "TABLE",
        Schema "SCHEMA",
        Database "DATABASE",
        System "SYSTEM",
    }
}

spelled! {
    /// A command that begins, ends or divides a transaction.
    ///
    /// ```
    /// use onward_analyzer::statement::TransactionCommand;
    ///
    /// assert_eq!(TransactionCommand::RollbackTo.to_string(), "ROLLBACK TO");
    /// ```
    TransactionCommand {
        Abort "ABORT",
        Begin "BEGIN",
        Commit "COMMIT",
        End "END",
        PrepareTransaction "PREPARE TRANSACTION",
        Release "RELEASE",
        Rollback "ROLLBACK",
        RollbackTo "ROLLBACK TO",
        Savepoint "SAVEPOINT",
        StartTransaction "START TRANSACTION",
    }
}

impl TransactionCommand {
    /// Whether it is about a part of a transaction: a savepoint.
    pub(crate) const fn is_of_savepoint(self) -> bool {
        matches!(self, Self::Savepoint | Self::Release | Self::RollbackTo)
    }
}

spelled! {
    /// A command that runs code that is not analyzed.
    ///
    /// ```
    /// use onward_analyzer::statement::OpaqueCommand;
    ///
    /// assert_eq!(OpaqueCommand::Do.to_string(), "DO");
    /// ```
    OpaqueCommand {
        Call "CALL",
        Do "DO",
        Execute "EXECUTE",
        Explain "EXPLAIN",
        Prepare "PREPARE",
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |verb: &str, kind: &dyn fmt::Display| format!("{verb} {kind}").replace(' ', "-");
        f.write_str(match self {
            Self::Create(kind) => return f.write_str(&of("create", kind)),
            Self::Alter(kind) => return f.write_str(&of("alter", kind)),
            Self::Reindex { target, .. } => match target {
                ReindexTarget::Index | ReindexTarget::Table => "reindex",
                ReindexTarget::Schema => "reindex-schema",
                ReindexTarget::Database => "reindex-database",
                ReindexTarget::System => "reindex-system",
            },
            Self::AlterTablesTablespace => "alter-tables-tablespace",
            Self::AlterSystem => "alter-system",
            Self::ImportForeignSchema => "import-foreign-schema",
            Self::SecurityLabel => "security-label",
            Self::DropOwned => "drop-owned",
            Self::ReassignOwned => "reassign-owned",
            Self::CopyTo(_) => "copy",
            Self::Explain => "explain",
            Self::Declare { hold: false } => "declare",
            Self::Declare { hold: true } => "declare-with-hold",
            Self::Fetch => "fetch",
            Self::Move => "move",
            Self::Close => "close",
            Self::Show => "show",
            Self::Deallocate => "deallocate",
            Self::Discard => "discard",
            Self::Listen => "listen",
            Self::Unlisten => "unlisten",
            Self::Notify => "notify",
            Self::Load => "load",
            Self::Checkpoint => "checkpoint",
            Self::Analyze => "analyze",
            Self::Vacuum { full: false } => "vacuum",
            Self::Vacuum { full: true } => "vacuum-full",
            Self::Cluster => "cluster",
        })
    }
}
