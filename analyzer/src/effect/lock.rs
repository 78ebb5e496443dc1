//! Locks on relations, and which other sessions wait for them.

use std::fmt;

use crate::statement::{LockMode, Name};

/// The sessions that wait while a lock is held.
///
/// ```
/// use onward_analyzer::effect::Blocks;
///
/// assert!(Blocks::Ddl < Blocks::Writes);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blocks {
    /// At most sessions that change the schema themselves.
    Nothing,
    /// Sessions that change the schema, `VACUUM` and `CREATE INDEX`, but no query.
    Ddl,
    /// Everything that changes rows.
    Writes,
    /// Everything, also a plain `SELECT`.
    ReadsAndWrites,
}

impl LockMode {
    /// Whether two transactions cannot hold these modes at the same time.
    ///
    /// ```
    /// use onward_analyzer::effect::LockMode;
    ///
    /// assert!(LockMode::Share.conflicts_with(LockMode::RowExclusive));
    /// ```
    ///
    /// The conflicts are those of the table in the manual, chapter 13.3.1.
    #[must_use]
    pub const fn conflicts_with(self, other: Self) -> bool {
        let weakest = match self {
            Self::AccessShare => Self::AccessExclusive,
            Self::RowShare => Self::Exclusive,
            Self::RowExclusive => Self::Share,
            Self::ShareUpdateExclusive => Self::ShareUpdateExclusive,
            // Two of these are compatible, but neither is with a mode that writes take.
            Self::Share => {
                return matches!(
                    other,
                    Self::RowExclusive
                        | Self::ShareUpdateExclusive
                        | Self::ShareRowExclusive
                        | Self::Exclusive
                        | Self::AccessExclusive
                );
            }
            Self::ShareRowExclusive => Self::RowExclusive,
            Self::Exclusive => Self::RowShare,
            Self::AccessExclusive => Self::AccessShare,
        };
        other as u8 >= weakest as u8
    }

    /// The sessions that wait while a lock of this mode is held.
    ///
    /// ```
    /// use onward_analyzer::effect::{Blocks, LockMode};
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

/// A lock on a relation that exists before the statement.
///
/// ```
/// use onward_analyzer::effect::{Lock, LockMode};
/// use onward_analyzer::statement::Name;
///
/// let users = Name { schema: "auth".into(), name: "users".into() };
/// let lock = Lock { relation: users, mode: LockMode::Share };
/// assert_eq!(lock.to_string(), "SHARE on auth.users");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// The relation.
    pub relation: Name,
    /// The mode.
    pub mode: LockMode,
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.mode, self.relation)
    }
}

#[cfg(test)]
mod tests {
    use super::LockMode;

    #[test]
    fn conflicts_are_the_same_from_both_sides() {
        for one in LockMode::ALL {
            for other in LockMode::ALL {
                let (there, back) = (one.conflicts_with(other), other.conflicts_with(one));
                assert_eq!(there, back, "{one} and {other}");
            }
        }
    }
}
