//! The ledger as it was at one moment.

use std::fmt;

use tokio_postgres::{SimpleQueryMessage, SimpleQueryRow};

use crate::checksum::Checksum;
use crate::entry::{Entry, Event, flag, parsed, text};
use crate::plan::Plan;
use crate::sql::{Fragment, fill};
use crate::version::Version;

/// The ledger's last line: how many lines there are, and the end of their hash chain.
///
/// Worth a line in a log that the database's owner cannot change: whoever rewrites the whole
/// ledger cannot rewrite that line.
///
/// ```
/// fn anchor(report: &onward::Report) -> String {
///     format!("{} {}", report.schema(), report.head())
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Head {
    /// The number of lines.
    pub seq: i64,
    /// The chain's digest after the last one.
    pub chain: Checksum,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} {}", self.seq, self.chain)
    }
}

/// Everything that one read of the ledger says.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    pub(crate) standby: bool,
    pub(crate) head: Head,
    pub(crate) entries: Vec<Entry>,
    /// The first thing that is wrong with the chain.
    pub(crate) broken: Option<String>,
    /// Whether an attempt was ever abandoned and some index has a private name.
    pub(crate) leftovers: bool,
}

/// The message that reads a module's ledger.
pub(crate) fn read(plan: &Plan) -> String {
    let genesis = ["onward/v1/", plan.schema()].concat();
    fill(
        include_str!("sql/read.sql"),
        &[
            ("schema", Fragment::Identifier(plan.schema())),
            ("genesis", Fragment::Text(&genesis)),
        ],
    )
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
            entries: Vec::new(),
            broken: None,
            leftovers: false,
        }
    }

    /// What [`read`] brought.
    pub(crate) fn parse(messages: &[SimpleQueryMessage]) -> Self {
        let rows: Vec<_> = messages.iter().filter_map(row).collect();
        let first = rows.first().copied();
        let head = first.and_then(|row| {
            Some(Head {
                seq: parsed(row, "head_seq")?,
                chain: parsed(row, "head_chain")?,
            })
        });
        let genesis = first.and_then(|row| parsed(row, "genesis"));
        let mut entries = Vec::new();
        let mut broken = None;
        for row in rows.iter().filter(|row| text(row, "seq").is_some()) {
            match Entry::read(row) {
                Some(entry) => entries.push(entry),
                None if text(row, "event") == Some(Event::Genesis.as_str()) => {}
                None => {
                    let seq = text(row, "seq").unwrap_or_default();
                    broken =
                        broken.or_else(|| Some(format!("line {seq} is none that onward writes")));
                }
            }
        }
        Self {
            leftovers: first.is_some_and(|row| flag(row, "leftovers")),
            standby: first.is_some_and(|row| flag(row, "standby")),
            broken: broken.or_else(|| break_of(head, genesis, &entries)),
            head: head.unwrap_or(Head {
                seq: 0,
                chain: Checksum([0; 32]),
            }),
            entries,
        }
    }

    /// Takes in what a receipt proved.
    pub(crate) fn push(&mut self, entry: Entry) {
        self.head = Head {
            seq: entry.seq,
            chain: entry.chain,
        };
        self.entries.push(entry);
    }

    /// The latest line that says that the migration is there.
    pub(crate) fn done(&self, version: Version) -> Option<&Entry> {
        self.of(version).rfind(|entry| entry.event.is_done())
    }

    /// Whether this very text was ever applied: a seed comes back only with a new one.
    pub(crate) fn has_seen(&self, version: Version, checksum: Checksum) -> bool {
        self.of(version)
            .any(|entry| entry.event.is_done() && entry.checksum == checksum)
    }

    /// The attempt that started and of whose end the ledger knows nothing.
    pub(crate) fn open_attempt(&self, version: Version) -> Option<&Entry> {
        self.of(version)
            .rfind(|entry| {
                entry.event.is_done() || matches!(entry.event, Event::Started | Event::Abandoned)
            })
            .filter(|entry| entry.event == Event::Started)
    }

    /// The number of the attempt that would come next.
    pub(crate) fn next_attempt(&self, version: Version) -> i32 {
        self.of(version)
            .filter(|entry| entry.event == Event::Started)
            .map(|entry| entry.attempt)
            .max()
            .unwrap_or(0)
            .saturating_add(1)
    }

    /// The latest line about the migration.
    pub(crate) fn latest(&self, version: Version) -> Option<&Entry> {
        self.of(version).next_back()
    }

    fn of(&self, version: Version) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.version == version)
    }
}

pub(crate) fn row(message: &SimpleQueryMessage) -> Option<&SimpleQueryRow> {
    match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    }
}

/// A chain alone does not see that its end was cut off; the head row does.
fn break_of(head: Option<Head>, genesis: Option<Checksum>, entries: &[Entry]) -> Option<String> {
    let Some(head) = head else {
        return Some("the head row is gone".to_owned());
    };
    if let Some(entry) = entries.iter().find(|entry| !entry.linked) {
        return Some(format!(
            "line {} does not follow from the line before it",
            entry.seq
        ));
    }
    let end = match entries.last() {
        Some(last) => Some(Head {
            seq: last.seq,
            chain: last.chain,
        }),
        None => genesis.map(|chain| Head { seq: 0, chain }),
    };
    (end != Some(head)).then(|| {
        let seq = end.map_or(0, |end| end.seq);
        format!(
            "the head row says line {}, the last line is {seq}",
            head.seq
        )
    })
}
