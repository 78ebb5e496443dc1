//! A data migration as it is printed: a line for people, and JSON, whose keys are only ever added.

use onward::data::{DoneBatch, Held, History, Progress, Reading, SkippedRow, Status};
use serde::Serialize;

use crate::output::FORMAT_VERSION;

/// One word: the state in the database, `pending` before it has begun, or `waiting` when something is in its way.
pub(crate) fn state(status: &Status) -> &'static str {
    match (&status.done, &status.progress, &status.held) {
        (Some(_), ..) => "done",
        (None, _, Some(Held::Edited)) => "edited",
        (None, Some(progress), _) => progress.state.as_str(),
        (None, None, Some(_)) => "waiting",
        (None, None, None) => "pending",
    }
}

/// With its columns as wide as these.
pub(crate) fn line(status: &Status, name: usize, width: usize) -> String {
    let mut parts = Vec::new();
    if let Some(at) = &status.done {
        parts.push(format!("since {at}"));
    } else if let Some(progress) = &status.progress {
        parts.push(progress.to_string());
    }
    if let Some(held) = status.held.as_ref().filter(|_| status.done.is_none()) {
        parts.push(held.to_string());
    }
    if status.progress.as_ref().is_some_and(|one| one.skipped > 0) {
        let skipped = status.progress.as_ref().map_or(0, |one| one.skipped);
        parts.push(format!("{skipped} rows left out: `onward data show`"));
    }
    let line = format!(
        "{:<name$}  {:<width$}  {}",
        status.name,
        state(status),
        parts.join("; ")
    );
    line.trim_end().to_owned()
}

/// What `onward data run --format json` prints.
#[derive(Serialize)]
pub(super) struct ListJson<'a> {
    format_version: u8,
    data: Vec<StatusJson<'a>>,
}

impl<'a> ListJson<'a> {
    pub(super) fn new(all: &'a [Status]) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            data: all.iter().map(StatusJson::new).collect(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct StatusJson<'a> {
    format_version: u8,
    version: String,
    name: &'a str,
    state: &'static str,
    done_at: Option<&'a str>,
    held: Option<String>,
    progress: Option<ProgressJson<'a>>,
}

impl<'a> StatusJson<'a> {
    pub(crate) fn new(status: &'a Status) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            version: status.version.to_string(),
            name: status.name,
            state: state(status),
            done_at: status.done.as_deref(),
            held: status.held.as_ref().map(ToString::to_string),
            progress: status.progress.as_ref().map(ProgressJson::new),
        }
    }
}

#[derive(Serialize)]
struct ProgressJson<'a> {
    state: &'static str,
    reason: Option<&'a str>,
    fraction: Option<f64>,
    rows: u64,
    scanned: u64,
    total: Option<u64>,
    batches: u64,
    pass: i32,
    skipped: u64,
    rows_per_second: Option<f64>,
    /// At least and at most.
    remaining_seconds: Option<[f64; 2]>,
    position: Option<&'a str>,
    goal: Option<&'a str>,
    size: u32,
    speed: f64,
    busy_ms: u128,
    worker: Option<&'a str>,
    who: &'a str,
    started: &'a str,
    at: &'a str,
}

impl<'a> ProgressJson<'a> {
    fn new(progress: &'a Progress) -> Self {
        Self {
            state: progress.state.as_str(),
            reason: progress.reason.as_deref(),
            fraction: progress.fraction(),
            rows: progress.rows,
            scanned: progress.scanned,
            total: progress.total,
            batches: progress.batches,
            pass: progress.pass,
            skipped: progress.skipped,
            rows_per_second: progress.rate(),
            remaining_seconds: progress
                .remaining()
                .map(|(low, high)| [low.as_secs_f64(), high.as_secs_f64()]),
            position: progress.position.as_deref(),
            goal: progress.goal.as_deref(),
            size: progress.size,
            speed: progress.speed,
            busy_ms: progress.busy.as_millis(),
            worker: progress.worker.as_deref(),
            who: &progress.who,
            started: &progress.started,
            at: &progress.at,
        }
    }
}

/// What `onward data show --format json` prints.
#[derive(Serialize)]
pub(super) struct ShowJson<'a> {
    #[serde(flatten)]
    status: StatusJson<'a>,
    newest_batches: Vec<BatchJson<'a>>,
    skipped_rows: Vec<SkippedJson<'a>>,
    /// Whether the server has room for a batch.
    readings: Vec<ReadingJson<'a>>,
}

impl<'a> ShowJson<'a> {
    pub(super) fn new(status: &'a Status, history: &'a History, readings: &'a [Reading]) -> Self {
        Self {
            status: StatusJson::new(status),
            newest_batches: history.batches.iter().map(BatchJson::new).collect(),
            skipped_rows: history.skipped.iter().map(SkippedJson::new).collect(),
            readings: readings.iter().map(ReadingJson::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct BatchJson<'a> {
    number: u64,
    until: Option<&'a str>,
    rows: u64,
    ms: u32,
    at: &'a str,
}

impl<'a> BatchJson<'a> {
    fn new(batch: &'a DoneBatch) -> Self {
        Self {
            number: batch.number,
            until: batch.until.as_deref(),
            rows: batch.rows,
            ms: batch.ms,
            at: &batch.at,
        }
    }
}

#[derive(Serialize)]
struct SkippedJson<'a> {
    key: &'a str,
    sqlstate: &'a str,
    object: Option<&'a str>,
    at: &'a str,
}

impl<'a> SkippedJson<'a> {
    fn new(row: &'a SkippedRow) -> Self {
        Self {
            key: &row.key,
            sqlstate: &row.sqlstate,
            object: row.object.as_deref(),
            at: &row.at,
        }
    }
}

#[derive(Serialize)]
struct ReadingJson<'a> {
    indicator: &'static str,
    signal: &'static str,
    detail: &'a str,
}

impl<'a> ReadingJson<'a> {
    fn new(reading: &'a Reading) -> Self {
        Self {
            indicator: reading.indicator,
            signal: reading.signal.as_str(),
            detail: &reading.detail,
        }
    }
}
