//! How a line of the ledger was committed: whether its transaction waited for the server's log.

/// How a transaction commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// It waits until it is on disk, and whoever else has to confirm it has done so.
    Flushed,
    /// It does not wait: a later one does, and until then nobody is told of it.
    Deferred,
}

/// What marks a line of the ledger whose transaction did not wait, behind the name of its run.
const MARK: char = '+';

impl Durability {
    /// What the line says of who wrote it.
    pub(crate) fn sign(self, run: &str) -> String {
        match self {
            Self::Flushed => run.to_owned(),
            Self::Deferred => format!("{run}{MARK}"),
        }
    }

    /// How the transaction committed that signed its line so.
    pub(crate) fn of(sign: &str) -> Self {
        match sign.ends_with(MARK) {
            true => Self::Deferred,
            false => Self::Flushed,
        }
    }
}
