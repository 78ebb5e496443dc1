//! Where the ledger and the plan disagree.

use std::fmt;

use crate::plan::checksum::Checksum;
use crate::plan::version::Version;

/// One disagreement between the ledger and the plan. None of them goes away by itself, and with any
/// of them no migration is applied.
///
/// ```
/// fn explain(status: &onward::Status) {
///     for drift in status.drift() {
///         println!("{}: {drift}", drift.as_str());
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Drift {
    /// A file was edited after it had been applied.
    Modified {
        /// The file's version.
        version: Version,
        /// The file's name.
        name: String,
        /// The checksum in the ledger.
        applied: Checksum,
        /// The checksum in the plan.
        planned: Checksum,
    },
    /// Another file with this number was applied: two branches used the same number.
    OtherFile {
        /// The number of both.
        version: Version,
        /// The name of the plan's file.
        name: String,
        /// The name of the file that was applied.
        applied: String,
        /// The plan's file that has the applied text, when one has: it was given another number.
        moved_to: Option<String>,
    },
    /// The plan has it, the ledger does not, but the ledger has a later one of the category.
    OutOfOrder {
        /// The file's version.
        version: Version,
        /// The file's name.
        name: String,
        /// The latest of the category in the ledger.
        after: Version,
    },
    /// The ledger has it, the plan does not, but the plan has a later one of the category.
    Unknown {
        /// The version in the ledger.
        version: Version,
        /// The file's name in the ledger.
        name: String,
    },
    /// The ledger has a part of what the plan's first file stands for: it was put together from more files.
    BehindBaseline {
        /// The file's version.
        version: Version,
        /// The last file that is applied of those.
        applied: String,
    },
    /// The ledger has a Release migration beyond the plan's last: the database is newer than the
    /// binary.
    ReleaseAhead {
        /// The version in the ledger.
        version: Version,
        /// The file's name in the ledger.
        name: String,
    },
}

impl Drift {
    /// One word: `modified`, `other-file`, `out-of-order`, `unknown`, `behind-baseline` or `release-ahead`.
    ///
    /// ```
    /// fn is_edit(drift: &onward::Drift) -> bool {
    ///     drift.as_str() == "modified"
    /// }
    /// ```
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Modified { .. } => "modified",
            Self::OtherFile { .. } => "other-file",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::Unknown { .. } => "unknown",
            Self::BehindBaseline { .. } => "behind-baseline",
            Self::ReleaseAhead { .. } => "release-ahead",
        }
    }

    /// The version that it is about.
    ///
    /// ```
    /// fn number(drift: &onward::Drift) -> u16 {
    ///     drift.version().number()
    /// }
    /// ```
    #[must_use]
    pub const fn version(&self) -> Version {
        match self {
            Self::Modified { version, .. }
            | Self::OtherFile { version, .. }
            | Self::OutOfOrder { version, .. }
            | Self::Unknown { version, .. }
            | Self::BehindBaseline { version, .. }
            | Self::ReleaseAhead { version, .. } => *version,
        }
    }

    /// The name of the file that it is about.
    ///
    /// ```
    /// fn file(drift: &onward::Drift) -> String {
    ///     drift.name().to_owned()
    /// }
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Modified { name, .. }
            | Self::OtherFile { name, .. }
            | Self::OutOfOrder { name, .. }
            | Self::Unknown { name, .. }
            | Self::BehindBaseline { applied: name, .. }
            | Self::ReleaseAhead { name, .. } => name,
        }
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Modified {
                name,
                applied,
                planned,
                ..
            } => {
                write!(
                    f,
                    "{name} was edited after it was applied: applied {applied}, now {planned}"
                )
            }
            Self::OtherFile {
                version,
                name,
                applied,
                moved_to,
            } => {
                write!(
                    f,
                    "{version} was applied as `{applied}`, another file; this binary's {version} is `{name}`"
                )?;
                match moved_to {
                    Some(now) => write!(f, ", and the applied text is here as `{now}`"),
                    None => Ok(()),
                }
            }
            Self::OutOfOrder { name, after, .. } => {
                write!(f, "{name} was never applied, but {after} was")
            }
            Self::Unknown { name, .. } => {
                write!(
                    f,
                    "{name} was applied, but is not among this binary's migrations"
                )
            }
            Self::BehindBaseline { version, applied } => {
                write!(
                    f,
                    "the database has files up to {applied}, and not all of those that {version} stands for"
                )
            }
            Self::ReleaseAhead { name, .. } => {
                write!(
                    f,
                    "{name} was applied, and is beyond this binary's last release migration"
                )
            }
        }
    }
}
