//! How the statements of a migration run.

use crate::plan::{IndexBuild, RelationName, Statement};

/// Statements with one transaction mode. A migration is one step, so that it is applied or not; only a
/// [`Step::Sequence`] can be applied in part, and is then resumed.
///
/// ```
/// use onward::plan::Step;
///
/// fn is_atomic(step: &Step) -> bool {
///     matches!(step, Step::Transaction(_))
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Step {
    /// Runs in one transaction, together with the ledger entry.
    Transaction(&'static [Statement]),
    /// `CREATE INDEX CONCURRENTLY`: built under a name of its own and published by a rename, so that
    /// the final name exists if and only if the index is valid and recorded.
    BuildIndex(IndexBuild),
    /// `DROP INDEX CONCURRENTLY`; the index's name as in [`IndexBuild`]'s `index`, with its schema.
    DropIndex {
        /// The statement as written.
        statement: Statement,
        /// The schema of the index; the module's own unless the statement names another.
        schema: &'static str,
        /// The folded, unquoted name.
        index: &'static str,
    },
    /// `ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY`. PostgreSQL does it in two transactions; when
    /// it is ended in between, the partition stays marked and the run finishes it with `FINALIZE`.
    DetachPartition {
        /// The statement as written.
        statement: Statement,
        /// The partitioned table.
        parent: RelationName,
        /// The table that is a partition of it no longer.
        partition: RelationName,
    },
    /// One statement that PostgreSQL refuses inside a transaction block.
    NonTransactional {
        /// The statement as written.
        statement: Statement,
        /// Whether running it a second time does no harm (`VACUUM`, `REINDEX CONCURRENTLY`): then
        /// an attempt whose outcome is unknown is repeated.
        repeatable: bool,
    },
    /// Several steps of one file, one after the other; the ledger records which of them are finished.
    Sequence {
        /// All statements of the file, as written.
        statements: &'static [Statement],
        /// How they run; none of these is a sequence itself.
        steps: &'static [Step],
    },
}

impl Step {
    /// The statements as written, in order.
    ///
    /// ```
    /// fn count(step: &onward::plan::Step) -> usize {
    ///     step.statements().len()
    /// }
    /// ```
    #[must_use]
    pub const fn statements(&self) -> &[Statement] {
        match self {
            Self::Transaction(statements) | Self::Sequence { statements, .. } => statements,
            Self::BuildIndex(build) => std::slice::from_ref(&build.statement),
            Self::DropIndex { statement, .. }
            | Self::DetachPartition { statement, .. }
            | Self::NonTransactional { statement, .. } => std::slice::from_ref(statement),
        }
    }
}
