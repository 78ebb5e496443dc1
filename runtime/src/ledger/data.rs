//! How far the data migrations of a module are, beside the lines of the ledger.

use std::fmt;
use std::time::Duration;

use tokio_postgres::{SimpleQueryMessage, SimpleQueryRow};

use crate::plan::checksum::Checksum;
use crate::plan::version::Version;
use crate::session::row::{flag, parsed, row, text};

/// What becomes of a data migration that has begun.
///
/// ```
/// use onward::data::State;
///
/// assert_eq!(State::Running.as_str(), "running");
/// assert!(State::Failed.waits_for_people());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// It begins when an operator approves it.
    Approval,
    /// A worker runs it, or the next worker that starts will.
    Running,
    /// An operator has stopped it; it goes on where it was.
    Paused,
    /// It cannot go on by itself. Its reason says why.
    Failed,
    /// An operator has given it up.
    Cancelled,
    /// It is done, and the ledger has a line that says so.
    Done,
}

impl State {
    const ALL: [Self; 6] = [
        Self::Approval,
        Self::Running,
        Self::Paused,
        Self::Failed,
        Self::Cancelled,
        Self::Done,
    ];

    /// One word: `approval`, `running`, `paused`, `failed`, `cancelled` or `done`.
    ///
    /// ```
    /// assert_eq!(onward::data::State::Paused.as_str(), "paused");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Done => "done",
        }
    }

    /// Whether nothing happens until an operator says something.
    ///
    /// ```
    /// assert!(!onward::data::State::Running.waits_for_people());
    /// ```
    #[must_use]
    pub const fn waits_for_people(self) -> bool {
        match self {
            Self::Approval | Self::Paused | Self::Failed | Self::Cancelled => true,
            Self::Running | Self::Done => false,
        }
    }

    fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How far a data migration is, as the database has it.
///
/// ```
/// fn percent(progress: &onward::data::Progress) -> Option<f64> {
///     Some(progress.fraction()? * 100.0)
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// `DM001`.
    pub version: Version,
    /// The text that it began with.
    pub checksum: Checksum,
    /// What becomes of it.
    pub state: State,
    /// Why it failed, or waits.
    pub reason: Option<String>,
    /// How often the table is walked: 1 for the first time. Rows that appear behind the cursor are for the next pass.
    pub pass: i32,
    /// The key of the last row that is done, as a JSON array; `None` before the first batch of a pass.
    pub position: Option<String>,
    /// The key of the row at which the pass ends.
    pub goal: Option<String>,
    /// Rows in the next batch.
    pub size: u32,
    /// What an operator wants: 1 is the usual speed, 0.5 half of it.
    pub speed: f64,
    /// Rows that were changed, in all passes.
    pub rows: u64,
    /// Rows that were changed in this pass.
    pub pass_rows: u64,
    /// Rows that were looked at in this pass.
    pub scanned: u64,
    /// Batches, in all passes.
    pub batches: u64,
    /// How long the server worked for it.
    pub busy: Duration,
    /// Rows that were left out because they fail.
    pub skipped: u64,
    /// Rows of the table, as the server estimated when it began.
    pub total: Option<u64>,
    /// Which worker was the last.
    pub worker: Option<String>,
    /// The role that has begun it, or that said something about it last.
    pub who: String,
    /// When it began: RFC 3339 in UTC, by the server's clock.
    pub started: String,
    /// When something changed last: RFC 3339 in UTC, by the server's clock.
    pub at: String,
    /// How long ago that was, by the server's clock.
    pub age: Duration,
    /// Rows that were changed in the pass before.
    pub(crate) before_rows: u64,
    /// Rows that were left out and are to be tried again.
    pub(crate) again: u64,
    pub(crate) is_over: bool,
    /// The first value of the position.
    pub(crate) cursor: Option<String>,
}

impl Progress {
    /// All that an answer has, in the order of their versions.
    pub(crate) fn all(answer: &[SimpleQueryMessage]) -> Vec<Self> {
        let rows = answer.iter().filter_map(row);
        let rows = rows.filter(|row| flag(row, "progress"));
        rows.filter_map(Self::read).collect()
    }

    /// `None` when the row is not one that this version of onward writes.
    fn read(row: &SimpleQueryRow) -> Option<Self> {
        let count = |column| parsed(row, column).unwrap_or_default();
        Some(Self {
            version: parsed(row, "version")?,
            checksum: parsed(row, "checksum")?,
            state: State::of(text(row, "state")?)?,
            reason: parsed(row, "reason"),
            pass: parsed(row, "pass")?,
            position: parsed(row, "position"),
            goal: parsed(row, "goal"),
            size: parsed(row, "size")?,
            speed: parsed(row, "speed")?,
            rows: count("rows"),
            pass_rows: count("pass_rows"),
            before_rows: count("before_rows"),
            scanned: count("scanned"),
            batches: count("batches"),
            busy: Duration::from_millis(count("busy_ms")),
            skipped: count("skipped"),
            total: parsed(row, "total"),
            worker: parsed(row, "worker"),
            who: parsed(row, "who")?,
            started: parsed(row, "started")?,
            at: parsed(row, "at")?,
            age: Duration::from_millis(count("age_ms")),
            again: count("again"),
            is_over: flag(row, "is_over"),
            cursor: parsed(row, "cursor"),
        })
    }

    /// How much of the pass is done, from 0 to 1; `None` when the size of the table is not known.
    ///
    /// ```
    /// fn is_half_done(progress: &onward::data::Progress) -> bool {
    ///     progress.fraction().is_some_and(|fraction| fraction >= 0.5)
    /// }
    /// ```
    #[must_use]
    pub fn fraction(&self) -> Option<f64> {
        if self.state == State::Done {
            return Some(1.0);
        }
        let total = self.total.filter(|total| *total > 0)?;
        Some((as_f64(self.scanned) / as_f64(total)).min(1.0))
    }

    /// Rows that were looked at in a second of work; `None` before the first batch.
    ///
    /// ```
    /// fn print(progress: &onward::data::Progress) {
    ///     println!("{:.0} rows/s", progress.rate().unwrap_or_default());
    /// }
    /// ```
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        let busy = self.busy.as_secs_f64();
        (busy > 0.0 && self.scanned > 0).then(|| as_f64(self.scanned) / busy)
    }
}

/// Exact up to 2^53, which no table reaches.
#[expect(clippy::cast_precision_loss, reason = "counts of rows, for people")]
fn as_f64(count: u64) -> f64 {
    count as f64
}
