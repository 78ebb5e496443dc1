//! The locks that a statement takes, as the build worked them out.

use std::fmt;

/// A lock on a relation that exists before the migration, in the strongest mode that the statement
/// takes on any PostgreSQL that the module supports.
///
/// ```
/// fn stops_readers(statement: &onward::plan::Statement) -> bool {
///     let mut locks = statement.locks.iter();
///     locks.any(|lock| lock.mode.blocks() == onward::plan::Blocks::ReadsAndWrites)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lock {
    /// The table, view or sequence: `schema.name`, folded and unquoted.
    pub relation: &'static str,
    /// The mode.
    pub mode: LockMode,
}

impl Lock {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(relation: &'static str, mode: LockMode) -> Self {
        Self { relation, mode }
    }
}

/// A table-level lock mode, from the weakest to the strongest; the manual's chapter 13.3.1 says which
/// of them wait for each other.
///
/// ```
/// use onward::plan::LockMode;
///
/// assert!(LockMode::Share < LockMode::AccessExclusive);
/// assert_eq!(LockMode::AccessExclusive.to_string(), "ACCESS EXCLUSIVE");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are PostgreSQL's own")]
pub enum LockMode {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

impl LockMode {
    /// Which sessions wait while it is held, that is, until the migration's transaction ends.
    ///
    /// ```
    /// use onward::plan::{Blocks, LockMode};
    ///
    /// assert_eq!(LockMode::Share.blocks(), Blocks::Writes);
    /// ```
    #[must_use]
    pub const fn blocks(self) -> Blocks {
        match self {
            Self::AccessShare | Self::RowShare | Self::RowExclusive => Blocks::Nothing,
            Self::ShareUpdateExclusive => Blocks::Ddl,
            Self::Share | Self::ShareRowExclusive | Self::Exclusive => Blocks::Writes,
            Self::AccessExclusive => Blocks::ReadsAndWrites,
        }
    }
}

impl LockMode {
    /// From 1, the weakest, to 8.
    pub(crate) const fn strength(self) -> i64 {
        match self {
            Self::AccessShare => 1,
            Self::RowShare => 2,
            Self::RowExclusive => 3,
            Self::ShareUpdateExclusive => 4,
            Self::Share => 5,
            Self::ShareRowExclusive => 6,
            Self::Exclusive => 7,
            Self::AccessExclusive => 8,
        }
    }

    /// The weakest mode that waits for this one; the stronger ones do too. The one exception of the
    /// manual's table 13.2, that `SHARE` does not wait for itself, is left out: two statements of a
    /// migration may take `SHARE` and `SHARE UPDATE EXCLUSIVE`, which are known together as `SHARE`.
    pub(crate) const fn weakest_conflict(self) -> Self {
        match self {
            Self::AccessShare => Self::AccessExclusive,
            Self::RowShare => Self::Exclusive,
            Self::RowExclusive => Self::Share,
            Self::ShareUpdateExclusive => Self::ShareUpdateExclusive,
            Self::Share | Self::ShareRowExclusive => Self::RowExclusive,
            Self::Exclusive => Self::RowShare,
            Self::AccessExclusive => Self::AccessShare,
        }
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        })
    }
}

/// Which sessions wait while a lock is held.
///
/// ```
/// use onward::plan::Blocks;
///
/// assert!(Blocks::Writes < Blocks::ReadsAndWrites);
/// assert_eq!(Blocks::ReadsAndWrites.to_string(), "reads and writes wait");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blocks {
    /// At most sessions that change the schema too.
    Nothing,
    /// Changes of the schema, `VACUUM` and `CREATE INDEX`, no query.
    Ddl,
    /// Everything that changes rows.
    Writes,
    /// Everything, a plain `SELECT` as well.
    ReadsAndWrites,
}

impl Blocks {
    /// `nothing`, `ddl`, `writes` or `reads-and-writes`, for machines.
    ///
    /// ```
    /// assert_eq!(onward::plan::Blocks::Ddl.as_str(), "ddl");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Ddl => "ddl",
            Self::Writes => "writes",
            Self::ReadsAndWrites => "reads-and-writes",
        }
    }
}

impl fmt::Display for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "no query waits",
            Self::Ddl => "only changes of the schema and VACUUM wait",
            Self::Writes => "writes wait",
            Self::ReadsAndWrites => "reads and writes wait",
        })
    }
}
