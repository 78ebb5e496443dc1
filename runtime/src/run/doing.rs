//! What a run does with a message of its own, as its errors name it.

use std::fmt;

/// What a message does that is not a migration, or a migration as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    ReadingLedger,
    CreatingLedger,
    ListingObjects,
    /// The file's name.
    Applying(&'static str),
    Flushing,
    EndingAttempt,
    CheckingAttempt,
    ListingLeftIndexes,
    DroppingLeftIndex,
    RunningData,
    ListingSigns,
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadingLedger => "reading the ledger",
            Self::CreatingLedger => "creating the schema and its ledger",
            Self::ListingObjects => "listing the objects of the schema",
            Self::Applying(name) => return write!(f, "applying {name}"),
            Self::Flushing => "waiting until what was applied is on the server's disk",
            Self::EndingAttempt => "recording that an attempt ended",
            Self::CheckingAttempt => "checking how far an attempt got",
            Self::ListingLeftIndexes => "looking for indexes of earlier attempts",
            Self::DroppingLeftIndex => "dropping an index of an earlier attempt",
            Self::RunningData => "running a data migration",
            Self::ListingSigns => "looking for signs of an attempt",
        })
    }
}
