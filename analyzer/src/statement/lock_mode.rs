//! The modes of table locks.

use super::spelled::{Spelled, spelled};

spelled! {
    /// The mode of a lock on a table, from the weakest to the strongest.
    ///
    /// ```
    /// use onward_analyzer::statement::LockMode;
    ///
    /// assert!(LockMode::Share < LockMode::AccessExclusive);
    /// assert_eq!(LockMode::RowShare.to_string(), "ROW SHARE");
    /// ```
    LockMode {
        AccessShare "ACCESS SHARE",
        RowShare "ROW SHARE",
        RowExclusive "ROW EXCLUSIVE",
        ShareUpdateExclusive "SHARE UPDATE EXCLUSIVE",
        Share "SHARE",
        ShareRowExclusive "SHARE ROW EXCLUSIVE",
        Exclusive "EXCLUSIVE",
        AccessExclusive "ACCESS EXCLUSIVE",
    }
}

impl LockMode {
    /// All modes, from the weakest to the strongest.
    ///
    /// ```
    /// use onward_analyzer::statement::LockMode;
    ///
    /// assert!(LockMode::ALL.is_sorted());
    /// ```
    pub const ALL: [Self; 8] = [
        Self::AccessShare,
        Self::RowShare,
        Self::RowExclusive,
        Self::ShareUpdateExclusive,
        Self::Share,
        Self::ShareRowExclusive,
        Self::Exclusive,
        Self::AccessExclusive,
    ];

    /// The mode with this spelling.
    ///
    /// ```
    /// use onward_analyzer::statement::LockMode;
    ///
    /// assert_eq!(LockMode::spelled("ROW SHARE"), Some(LockMode::RowShare));
    /// ```
    #[must_use]
    pub fn spelled(word: &str) -> Option<Self> {
        Spelled::spelled(word)
    }
}
