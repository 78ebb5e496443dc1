//! The ledger as it was at one moment.

mod baseline;
pub(crate) mod batch;
pub(crate) mod chain;
pub(crate) mod data;
pub(crate) mod diff;
pub(crate) mod drift;
pub(crate) mod durability;
mod entries;
pub(crate) mod entry;
pub(crate) mod gate;
pub(crate) mod head;
pub(crate) mod oldest_binary;
pub(crate) mod state;
pub(crate) mod task;

use tokio_postgres::{SimpleQueryMessage, SimpleQueryRow};

use crate::ledger::chain::{Link, Tampering};
use crate::ledger::durability::Durability;
use crate::ledger::entries::Entries;
use crate::ledger::entry::{Entry, LedgerEvent};
use crate::ledger::head::Head;
use crate::ledger::oldest_binary::{OldestBinary, Starting};
use crate::plan::checksum::Checksum;
use crate::plan::version::{Category, Version};
use crate::session::privileged::Privileged;
use crate::session::row::{flag, parsed, row, text};

/// Everything that one read of the ledger returns.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    pub(crate) standby: bool,
    pub(crate) head: Head,
    pub(crate) entries: Entries,
    /// The first thing that is wrong with the chain.
    pub(crate) tampering: Option<Tampering>,
    /// Whether an attempt was ever abandoned and some index has a build name.
    pub(crate) leftovers: bool,
    /// Whether it has the functions of this version.
    pub(crate) has_functions: bool,
    /// Whether its head has room for a summary of the lines.
    pub(crate) has_summary: bool,
    /// Why policies do not hold the role that has logged in, when they do not.
    pub(crate) privileged: Option<Privileged>,
    /// What one file of the plan stands for, and no line says so yet.
    pub(crate) replaced: Vec<Entry>,
}

impl Ledger {
    /// Before the first look.
    pub(crate) const fn empty() -> Self {
        Self {
            standby: false,
            head: Head {
                seq: 0,
                chain: Checksum([0; 32]),
            },
            entries: Entries::new(),
            tampering: None,
            leftovers: false,
            has_functions: false,
            has_summary: false,
            privileged: None,
            replaced: Vec::new(),
        }
    }

    /// As a run has just created it.
    pub(crate) fn created(head: Head) -> Self {
        Self {
            head,
            has_functions: true,
            has_summary: true,
            ..Self::empty()
        }
    }

    /// The answer to the message that reads the ledger.
    pub(crate) fn parse(messages: &[SimpleQueryMessage]) -> Self {
        // Another statement of the message may have answered before.
        let rows: Vec<_> = messages
            .iter()
            .filter_map(row)
            .filter(|row| text(row, "genesis").is_some())
            .collect();
        let first = rows.first().copied();
        let head = first.and_then(|row| {
            Some(Head {
                seq: parsed(row, "head_seq")?,
                chain: parsed(row, "head_chain")?,
            })
        });
        let genesis = first.and_then(|row| parsed(row, "genesis"));
        let lines = || rows.iter().filter(|row| text(row, "seq").is_some());
        let links: Vec<_> = lines().filter_map(|row| link(row)).collect();
        let foreign = lines()
            .find(|row| {
                Entry::read(row).is_none()
                    && text(row, "event") != Some(LedgerEvent::Genesis.as_str())
            })
            .map(|row| Tampering::Foreign {
                seq: parsed(row, "seq").unwrap_or_default(),
            });
        Self {
            leftovers: first.is_some_and(|row| flag(row, "leftovers")),
            has_functions: first.is_some_and(|row| flag(row, "functions")),
            has_summary: first.is_some_and(|row| flag(row, "has_summary")),
            privileged: first.and_then(|row| Privileged::of(text(row, "role")?)),
            replaced: Vec::new(),
            standby: first.is_some_and(|row| flag(row, "standby")),
            tampering: chain::find(head, genesis, &links).or(foreign),
            head: head.unwrap_or(Head {
                seq: 0,
                chain: Checksum([0; 32]),
            }),
            entries: lines().filter_map(|row| Entry::read(row)).collect(),
        }
    }

    /// Whether the newest line's transaction did not wait for the server's log: a crash could still take
    /// it back, and lines before it.
    pub(crate) fn is_deferred(&self) -> bool {
        let newest = self.entries.last();
        newest.is_some_and(|entry| Durability::of(&entry.run) == Durability::Deferred)
    }

    /// Adds the line that a receipt proved.
    pub(crate) fn push(&mut self, entry: Entry) {
        self.head = Head {
            seq: entry.seq,
            chain: entry.chain,
        };
        self.entries.push(entry);
    }

    /// The latest line that records the migration as applied.
    pub(crate) fn done(&self, version: Version) -> Option<&Entry> {
        self.of(version).rfind(|entry| entry.event.is_done())
    }

    /// What the ledger has of the task: the line of its number, or that of its text when an operator gave the
    /// text another number.
    pub(crate) fn done_as(&self, version: Version, checksum: Checksum) -> Option<&Entry> {
        if !self.was_moved(version, checksum) {
            return self.done(version);
        }
        let has_it = |entry: &&Entry| match entry.event {
            LedgerEvent::Renumbered => entry.checksum == checksum,
            // One file stands for all that a squash has replaced.
            LedgerEvent::Squashed => true,
            LedgerEvent::Genesis
            | LedgerEvent::Applied
            | LedgerEvent::Started
            | LedgerEvent::Abandoned
            | LedgerEvent::Finished
            | LedgerEvent::Seeded
            | LedgerEvent::DataStarted
            | LedgerEvent::DataDone
            | LedgerEvent::Baseline
            | LedgerEvent::Adopted
            | LedgerEvent::Compatible
            | LedgerEvent::Vacated
            | LedgerEvent::Restamped => false,
        };
        self.entries.iter().rfind(has_it)
    }

    /// Whether the text was applied under this number before an operator gave it another one. So a binary that
    /// was built before that does not apply it again.
    pub(crate) fn was_moved(&self, version: Version, checksum: Checksum) -> bool {
        let mut lines = self.entries.ever_of(version);
        lines.any(|entry| entry.event == LedgerEvent::Vacated && entry.checksum == checksum)
    }

    /// The line of the run itself, and not of an operator who gave it another checksum later.
    pub(crate) fn ran<'a>(&'a self, entry: &'a Entry) -> &'a Entry {
        let before = self.of(entry.version);
        let mut before = before.filter(|one| one.event.is_done());
        let ran = before.rfind(|one| one.event != LedgerEvent::Restamped);
        ran.unwrap_or(entry)
    }

    /// Every version that is applied, ascending.
    pub(crate) fn applied(&self) -> Vec<Version> {
        let done = self.entries.iter().filter(|entry| entry.event.is_done());
        let mut versions: Vec<_> = done.map(|entry| entry.version).collect();
        versions.sort_unstable();
        versions.dedup();
        versions.retain(|version| self.done(*version).is_some());
        versions
    }

    /// The applied release migrations, from the oldest to the newest.
    pub(crate) fn releases(&self) -> impl DoubleEndedIterator<Item = Version> {
        let all = self.applied().into_iter();
        all.filter(|version| version.category() == Category::Release)
    }

    pub(crate) fn newest_release(&self) -> Option<&Entry> {
        self.releases()
            .next_back()
            .and_then(|newest| self.done(newest))
    }

    /// The oldest binary that an applied release migration lets start: what was said about it last. A line of
    /// an earlier version of onward may not name one; then it is the binary that knows the migration.
    pub(crate) fn oldest_for(&self, release: Version) -> OldestBinary {
        let said = self
            .of(release)
            .rfind(|entry| entry.event.is_done() || entry.event == LedgerEvent::Compatible);
        said.and_then(|entry| entry.compatible_from)
            .unwrap_or(OldestBinary::knowing(Some(release)))
    }

    /// Which binaries start; `None` when no release migration is applied.
    pub(crate) fn starting(&self) -> Option<Starting> {
        let all: Vec<_> = self
            .releases()
            .map(|version| (version, self.oldest_for(version)))
            .collect();
        let (newest, _) = *all.last()?;
        let starts = |binary: &OldestBinary| {
            all.iter().all(|(version, oldest)| {
                OldestBinary::knowing(Some(*version)) <= *binary || oldest <= binary
            })
        };
        let known = all.iter().map(|(version, _)| Some(*version));
        let mut binaries = std::iter::once(None)
            .chain(known)
            .map(OldestBinary::knowing);
        let oldest = binaries.find(starts)?;
        Some(Starting { oldest, newest })
    }

    /// Whether this text was ever applied, or one that says the same: a seed is applied again only with a new one.
    pub(crate) fn has_seen(&self, version: Version, checksum: Checksum) -> bool {
        self.of(version)
            .any(|entry| entry.event.is_done() && entry.checksum == checksum)
    }

    /// The attempt that started and has no end in the ledger.
    pub(crate) fn open_attempt(&self, version: Version) -> Option<&Entry> {
        self.of(version)
            .rfind(|entry| {
                entry.event.is_done()
                    || matches!(
                        entry.event,
                        LedgerEvent::Started | LedgerEvent::Abandoned | LedgerEvent::Finished
                    )
            })
            .filter(|entry| entry.event == LedgerEvent::Started)
    }

    /// The finished statements of a file that is not finished, in their order.
    pub(crate) fn finished(&self, version: Version) -> impl Iterator<Item = &Entry> {
        self.of(version)
            .filter(|entry| entry.event == LedgerEvent::Finished)
    }

    /// The number of the attempt that would come next.
    pub(crate) fn next_attempt(&self, version: Version) -> i32 {
        // Also those of another text that had the number once.
        self.entries
            .ever_of(version)
            .filter(|entry| entry.event == LedgerEvent::Started)
            .map(|entry| entry.attempt)
            .max()
            .unwrap_or(0)
            .saturating_add(1)
    }

    /// The latest line about the migration.
    pub(crate) fn latest(&self, version: Version) -> Option<&Entry> {
        self.of(version).next_back()
    }

    /// The lines about what the number stands for now.
    fn of(&self, version: Version) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.of(version)
    }
}

fn link(row: &SimpleQueryRow) -> Option<Link> {
    Some(Link {
        seq: parsed(row, "seq")?,
        name: text(row, "name").unwrap_or_default().to_owned(),
        chain: parsed(row, "chain")?,
        follows: flag(row, "follows"),
        genuine: flag(row, "genuine"),
    })
}
