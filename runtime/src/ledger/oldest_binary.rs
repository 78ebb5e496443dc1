//! Which binaries start on a database, once release migrations are applied.

use std::fmt;
use std::str::FromStr;

use crate::plan::version::{Category, Version};

/// The oldest binary that may start on a database, named by the last release migration that it knows; `none`
/// is one that knows no release migration.
///
/// ```
/// use onward::OldestBinary;
///
/// let oldest: OldestBinary = "103".parse()?;
/// assert_eq!(oldest.release(), Some("103".parse()?));
/// assert!("none".parse::<OldestBinary>()? < oldest);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OldestBinary(Option<Version>);

/// How a binary without release migrations is written.
const NONE: &str = "none";

impl OldestBinary {
    /// A binary that knows no release migration.
    ///
    /// ```
    /// assert_eq!(onward::OldestBinary::WITHOUT_RELEASE.to_string(), "none");
    /// ```
    pub const WITHOUT_RELEASE: Self = Self(None);

    /// The binary whose last release migration this is.
    pub(crate) const fn knowing(last: Option<Version>) -> Self {
        Self(last)
    }

    /// The last release migration that the binary has to know; `None` when it need not know one.
    ///
    /// ```
    /// assert_eq!(onward::OldestBinary::WITHOUT_RELEASE.release(), None);
    /// ```
    #[must_use]
    pub const fn release(self) -> Option<Version> {
        self.0
    }
}

impl fmt::Display for OldestBinary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.pad(NONE),
            Some(version) => version.fmt(f),
        }
    }
}

/// The text names neither a release migration nor `none`.
///
/// ```
/// let wrong = "002".parse::<onward::OldestBinary>().unwrap_err();
/// assert!(wrong.to_string().starts_with("`002` is not a release migration"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a release migration: expected a number from 100 to 199, or `none` for binaries that know no \
     release migration"
)]
pub struct InvalidOldestBinary(String);

impl FromStr for OldestBinary {
    type Err = InvalidOldestBinary;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == NONE {
            return Ok(Self::WITHOUT_RELEASE);
        }
        text.parse()
            .ok()
            .filter(|version: &Version| version.category() == Category::Release)
            .map(|version| Self(Some(version)))
            .ok_or_else(|| InvalidOldestBinary(text.to_owned()))
    }
}

/// Which binaries start on a database whose newest release migration is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Starting {
    pub(crate) oldest: OldestBinary,
    pub(crate) newest: Version,
}

impl fmt::Display for Starting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.oldest.release() {
            None => f.write_str("every binary starts, also one that knows no release migration"),
            Some(known) if known == self.newest => write!(
                f,
                "only binaries that know {known} start; a pod of an older release that restarts refuses"
            ),
            Some(known) => write!(
                f,
                "binaries that know {known} or a later release migration start; older ones refuse"
            ),
        }
    }
}
