//! How far a run got.

use std::fmt;
use std::time::Duration;

use crate::plan::version::Version;

/// A migration that a run applied.
///
/// ```
/// fn slowest(report: &onward::Report) -> Option<&onward::Applied> {
///     report.applied().iter().max_by_key(|applied| applied.duration)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// `001`, `S001`, `100` or `DM001`; its range says the category.
    pub version: Version,
    /// The file's name.
    pub name: &'static str,
    /// From the start of its transaction, or of its attempt, to its line in the ledger; by the
    /// server's clock.
    pub duration: Duration,
}

/// A migration that is not applied yet.
///
/// ```
/// fn names(report: &onward::Report) -> Vec<&'static str> {
///     report.pending_data().iter().map(|pending| pending.name).collect()
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pending {
    /// `001`, `S001`, `100` or `DM001`; its range says the category.
    pub version: Version,
    /// The file's name.
    pub name: &'static str,
}

/// A startup migration or a seed that a start has held back: it requires data migrations that are not done, or it
/// stands behind one that does. A later start applies it.
///
/// ```
/// fn print(report: &onward::Report) {
///     for waiting in report.waiting() {
///         println!("{waiting}");
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// `001` or `S001`; its range says the category.
    pub version: Version,
    /// The file's name.
    pub name: &'static str,
    /// The data migrations that have to be done first.
    pub missing: Vec<Version>,
}

/// How far a run got before an error. What it lists stays applied.
///
/// ```
/// fn applied(error: &onward::Error) -> usize {
///     error.progress().applied.len()
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What the run had applied, in order.
    pub applied: Vec<Applied>,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.applied.is_empty() {
            return f.write_str("this run applied nothing");
        }
        let versions: Vec<_> = self
            .applied
            .iter()
            .map(|applied| applied.version.to_string())
            .collect();
        write!(f, "this run had applied {}", versions.join(", "))
    }
}

/// Versions in a sentence.
pub(crate) fn versions(all: &[Version]) -> String {
    let all: Vec<_> = all.iter().map(Version::to_string).collect();
    all.join(", ")
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, missing, .. } = self;
        write!(f, "{name} waits for {}", versions(missing))
    }
}

impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
