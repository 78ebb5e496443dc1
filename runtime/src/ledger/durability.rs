//! How a line of the ledger was committed: whether its transaction waited for the server's log.

/// How a transaction commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// It waits until it is on disk, and until the standbys that have to confirm it have done so.
    Flushed,
    /// It does not wait: a later one does, and until then it is not reported.
    Deferred,
}

/// The suffix of the run's name in a line whose transaction did not wait.
const MARK: char = '+';

impl Durability {
    /// The name of the run in the line.
    pub(crate) fn sign(self, run: &str) -> String {
        match self {
            Self::Flushed => run.to_owned(),
            Self::Deferred => format!("{run}{MARK}"),
        }
    }

    /// How the transaction committed whose line has this name.
    pub(crate) fn of(sign: &str) -> Self {
        match sign.ends_with(MARK) {
            true => Self::Deferred,
            false => Self::Flushed,
        }
    }
}
