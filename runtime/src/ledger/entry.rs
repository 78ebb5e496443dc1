//! One line of the ledger.

use std::time::Duration;

use tokio_postgres::SimpleQueryRow;

use crate::ledger::oldest_binary::OldestBinary;
use crate::plan::checksum::Checksum;
use crate::plan::version::Version;
use crate::session::row::{duration, parsed, text};

/// What happened to a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LedgerEvent {
    Genesis,
    Applied,
    Started,
    Abandoned,
    Finished,
    Seeded,
    DataStarted,
    DataDone,
    Baseline,
    Adopted,
    /// Says which binaries start on a release migration, after it was applied.
    Compatible,
    /// What was applied under this number has another one from now on, so the number is free.
    Vacated,
    /// It was applied under another number, which is free from the line before on.
    Renumbered,
    /// Its text has another checksum from now on, and says the same to the server.
    Restamped,
    /// It stands for all startup migrations before it, which a database had applied one by one.
    Squashed,
}

impl LedgerEvent {
    const ALL: [Self; 15] = [
        Self::Genesis,
        Self::Applied,
        Self::Started,
        Self::Abandoned,
        Self::Finished,
        Self::Seeded,
        Self::DataStarted,
        Self::DataDone,
        Self::Baseline,
        Self::Adopted,
        Self::Compatible,
        Self::Vacated,
        Self::Renumbered,
        Self::Restamped,
        Self::Squashed,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Genesis => "genesis",
            Self::Applied => "applied",
            Self::Started => "started",
            Self::Abandoned => "abandoned",
            Self::Finished => "finished",
            Self::Seeded => "seeded",
            Self::DataStarted => "data_started",
            Self::DataDone => "data_done",
            Self::Baseline => "baseline",
            Self::Adopted => "adopted",
            Self::Compatible => "compatible",
            Self::Vacated => "vacated",
            Self::Renumbered => "renumbered",
            Self::Restamped => "restamped",
            Self::Squashed => "squashed",
        }
    }

    pub(crate) fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == text)
    }

    /// Whether a run or an adoption has done the migration, and not a line about one that was done before.
    pub(crate) const fn is_run(self) -> bool {
        self.is_done() && !matches!(self, Self::Renumbered | Self::Restamped | Self::Squashed)
    }

    /// Whether the migration is applied after this.
    pub(crate) const fn is_done(self) -> bool {
        match self {
            Self::Applied
            | Self::Seeded
            | Self::DataDone
            | Self::Baseline
            | Self::Adopted
            | Self::Renumbered
            | Self::Restamped
            | Self::Squashed => true,
            Self::Genesis
            | Self::Started
            | Self::Abandoned
            | Self::Finished
            | Self::DataStarted
            | Self::Compatible
            | Self::Vacated => false,
        }
    }
}

/// One line of the ledger.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) seq: i64,
    pub(crate) event: LedgerEvent,
    pub(crate) version: Version,
    pub(crate) name: String,
    pub(crate) attempt: i32,
    pub(crate) checksum: Checksum,
    pub(crate) chain: Checksum,
    pub(crate) at: String,
    pub(crate) by: String,
    pub(crate) duration: Duration,
    /// Which run wrote it.
    pub(crate) run: String,
    /// The oldest binary that a release migration lets start.
    pub(crate) compatible_from: Option<OldestBinary>,
}

impl Entry {
    /// `None` when the line is not one that this version of onward writes.
    pub(crate) fn read(row: &SimpleQueryRow) -> Option<Self> {
        Some(Self {
            seq: parsed(row, "seq")?,
            event: LedgerEvent::of(text(row, "event")?)?,
            version: parsed(row, "version")?,
            name: parsed(row, "name")?,
            attempt: parsed(row, "attempt")?,
            checksum: parsed(row, "checksum")?,
            chain: parsed(row, "chain")?,
            at: parsed(row, "at")?,
            by: parsed(row, "who")?,
            duration: duration(row),
            run: text(row, "run")?.to_owned(),
            compatible_from: parsed(row, "compatible_from"),
        })
    }
}
