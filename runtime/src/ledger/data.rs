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
    pub(crate) const ALL: [Self; 6] = [
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

    /// How long the rest of the pass takes: at least, as if there were no pauses any more, and at most, with the pauses
    /// that there were until now. `None` before the third batch, and when the size of the table is not known.
    ///
    /// The size of the table is what ANALYZE has estimated, and the first batches are small: both make the range wider.
    /// A table of which rows are left is walked again, so this is not always the end.
    ///
    /// ```
    /// fn print(progress: &onward::data::Progress) {
    ///     if let Some((low, high)) = progress.remaining() {
    ///         println!("{} to {} minutes", low.as_secs() / 60, high.as_secs() / 60);
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn remaining(&self) -> Option<(Duration, Duration)> {
        /// How far the estimate of a table's rows may be off.
        const ERROR_OF_ESTIMATE: f64 = 0.1;
        if self.state == State::Done {
            return Some((Duration::ZERO, Duration::ZERO));
        }
        let total = as_f64(self.total.filter(|total| *total > 0)?);
        let scanned = as_f64(self.scanned);
        if self.batches < 3 || self.scanned == 0 {
            return None;
        }
        let busy = self.busy.as_secs_f64();
        // The server's clock may have been set back meanwhile.
        let elapsed = instant(&self.started)
            .zip(instant(&self.at))
            .map_or(busy, |(started, at)| (at - started).max(busy));
        let unsteady = 1.0 / as_f64(self.batches).sqrt();
        let left = |total: f64| (total - scanned).max(0.0);
        let low = left(total * (1.0 - ERROR_OF_ESTIMATE)) * busy / scanned * (1.0 - unsteady);
        let high = left(total * (1.0 + ERROR_OF_ESTIMATE)) * elapsed / scanned * (1.0 + unsteady);
        let time = |seconds| Duration::try_from_secs_f64(seconds).ok();
        time(low).zip(time(high))
    }
}

/// Seconds since 1970 of a time as the database writes it: `2026-01-31T12:00:00.000000Z`.
fn instant(text: &str) -> Option<f64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let date: Vec<i64> = date
        .split('-')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let time: Vec<f64> = time
        .split(':')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let (&[year, month, day], &[hour, minute, second]) = (&*date, &*time) else {
        return None;
    };
    // The year begins in March, so that the leap day is its last.
    let (year, month) = match month > 2 {
        true => (year, month - 3),
        false => (year - 1, month + 9),
    };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = days + (153 * month + 2) / 5 + day - 1 - 719_468;
    let days = u32::try_from(days).ok()?;
    Some(f64::from(days) * 86400.0 + hour * 3600.0 + minute * 60.0 + second)
}

/// Exact up to 2^53, which no table reaches.
#[expect(clippy::cast_precision_loss, reason = "counts of rows, for people")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
impl Progress {
    /// One that has just begun.
    pub(crate) fn example() -> Self {
        Self {
            version: Version::__new(crate::plan::version::Category::Data, 1),
            checksum: Checksum([1; 32]),
            state: State::Running,
            reason: None,
            pass: 1,
            position: None,
            goal: None,
            size: 1000,
            speed: 1.0,
            rows: 0,
            pass_rows: 0,
            scanned: 0,
            batches: 0,
            busy: Duration::ZERO,
            skipped: 0,
            total: None,
            worker: None,
            who: "service".to_owned(),
            started: "2026-01-01T00:00:00.000000Z".to_owned(),
            at: "2026-01-01T00:00:00.000000Z".to_owned(),
            age: Duration::ZERO,
            before_rows: 0,
            again: 0,
            is_over: false,
            cursor: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_becomes_seconds() {
        for (text, expected) in [
            ("1970-01-01T00:00:00.000000Z", Some(0.0)),
            ("2000-02-29T12:00:00.500000Z", Some(951_825_600.5)),
            ("2026-03-01T00:00:00Z", Some(1_772_323_200.0)),
            ("2026-03-01T00:00:00", None),
            ("2026-03T00:00:00Z", None),
            ("infinityZ", None),
        ] {
            assert_eq!(instant(text), expected, "{text}");
        }
    }

    #[test]
    fn what_remains_is_between_no_pauses_and_those_that_there_were() {
        let half = Progress {
            scanned: 500_000,
            total: Some(1_000_000),
            batches: 400,
            busy: Duration::from_secs(100),
            at: "2026-01-01T00:05:00.000000Z".to_owned(),
            ..Progress::example()
        };
        let remaining = |progress: &Progress| {
            let rounded = progress.remaining()?;
            Some((
                rounded.0.as_secs_f64().round(),
                rounded.1.as_secs_f64().round(),
            ))
        };
        // 400 000 rows in 80 s of work; 600 000 in 360 s with pauses; 5 % more or less for 400 batches.
        assert_eq!(remaining(&half), Some((76.0, 378.0)));
        let few = Progress {
            batches: 4,
            ..half.clone()
        };
        assert_eq!(remaining(&few), Some((40.0, 540.0)));
        let beyond = Progress {
            scanned: 1_200_000,
            ..half.clone()
        };
        assert_eq!(remaining(&beyond), Some((0.0, 0.0)));
        let set_back = Progress {
            at: "2025-12-31T23:00:00Z".to_owned(),
            ..half.clone()
        };
        assert_eq!(remaining(&set_back), Some((76.0, 126.0)));
        let done = Progress {
            state: State::Done,
            ..Progress::example()
        };
        assert_eq!(remaining(&done), Some((0.0, 0.0)));
        for unknown in [
            Progress {
                batches: 2,
                ..half.clone()
            },
            Progress {
                total: None,
                ..half.clone()
            },
            Progress {
                total: Some(0),
                ..half.clone()
            },
            Progress { scanned: 0, ..half },
        ] {
            assert_eq!(remaining(&unknown), None);
        }
    }
}
