//! A data migration as it is printed: a line for people, and JSON, whose keys are only ever added.
//!
//! A service that runs a worker answers with the same documents, so what is printed does not depend on where it comes
//! from.

use onward::data::{Building, DoneBatch, Held, History, Progress, Reading, SkippedRow, Status};
use serde::{Deserialize, Serialize};

use crate::output::FORMAT_VERSION;

/// With its columns as wide as these.
pub(crate) fn line(status: &StatusJson, name: usize, width: usize) -> String {
    let mut parts = Vec::new();
    let is_done = status.done_at.is_some();
    if let Some(at) = &status.done_at {
        parts.push(format!("since {at}"));
    } else if let Some(progress) = &status.progress {
        parts.push(progress.summary.clone());
    }
    if let Some(building) = &status.building {
        parts.push(building.summary.clone());
    }
    if let Some(held) = status.held.as_ref().filter(|_| !is_done) {
        parts.push(held.clone());
    }
    if let Some(progress) = status.progress.as_ref().filter(|one| one.skipped > 0) {
        parts.push(format!(
            "{} rows left out: `onward data show`",
            progress.skipped
        ));
    }
    let line = format!(
        "{:<name$}  {:<width$}  {}",
        status.name,
        status.state,
        parts.join("; ")
    );
    line.trim_end().to_owned()
}

/// What `onward data run --format json` prints.
#[derive(Serialize)]
pub(super) struct ListJson<'a> {
    format_version: u8,
    data: &'a [StatusJson],
}

impl<'a> ListJson<'a> {
    pub(super) const fn new(data: &'a [StatusJson]) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            data,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StatusJson {
    format_version: u8,
    #[serde(default)]
    pub(super) module: String,
    pub(super) version: String,
    pub(super) name: String,
    /// One word: the state in the database, `pending` before it has begun, or `waiting` when something is in its way.
    pub(super) state: String,
    pub(super) done_at: Option<String>,
    pub(super) held: Option<String>,
    pub(super) progress: Option<ProgressJson>,
    #[serde(default)]
    building: Option<BuildingJson>,
}

/// An index that is built at this moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct BuildingJson {
    summary: String,
    table: String,
    phase: String,
    fraction: Option<f64>,
}

impl BuildingJson {
    fn new(building: &Building) -> Self {
        Self {
            summary: building.to_string(),
            table: building.table.clone(),
            phase: building.phase.clone(),
            fraction: building.fraction(),
        }
    }
}

impl StatusJson {
    pub(crate) fn new(module: &str, status: &Status) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            module: module.to_owned(),
            version: status.version.to_string(),
            name: status.name.to_owned(),
            state: state(status).to_owned(),
            done_at: status.done.clone(),
            held: status.held.as_ref().map(ToString::to_string),
            progress: status.progress.as_ref().map(ProgressJson::new),
            building: status.building.as_ref().map(BuildingJson::new),
        }
    }

    pub(super) fn all(module: &str, all: &[Status]) -> Vec<Self> {
        all.iter().map(|one| Self::new(module, one)).collect()
    }

    /// Alone in its line.
    pub(super) fn line(&self) -> String {
        line(self, self.name.len(), self.state.len())
    }
}

fn state(status: &Status) -> &'static str {
    match (&status.done, &status.progress, &status.held) {
        (Some(_), ..) => "done",
        (None, _, Some(Held::Edited)) => "edited",
        (None, Some(progress), _) => progress.state.as_str(),
        (None, None, Some(_)) => "waiting",
        (None, None, None) => "pending",
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ProgressJson {
    /// How far it is, in words.
    #[serde(default)]
    pub(super) summary: String,
    state: String,
    reason: Option<String>,
    pub(super) fraction: Option<f64>,
    pub(super) rows: u64,
    scanned: u64,
    total: Option<u64>,
    pub(super) batches: u64,
    pub(super) pass: i32,
    pub(super) skipped: u64,
    rows_per_second: Option<f64>,
    /// At least and at most.
    remaining_seconds: Option<[f64; 2]>,
    pub(super) position: Option<String>,
    pub(super) goal: Option<String>,
    pub(super) size: u32,
    pub(super) speed: f64,
    pub(super) busy_ms: u64,
    pub(super) worker: Option<String>,
    pub(super) who: String,
    pub(super) started: String,
    pub(super) at: String,
}

impl ProgressJson {
    pub(super) fn new(progress: &Progress) -> Self {
        Self {
            summary: progress.to_string(),
            state: progress.state.as_str().to_owned(),
            reason: progress.reason.clone(),
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
            position: progress.position.clone(),
            goal: progress.goal.clone(),
            size: progress.size,
            speed: progress.speed,
            busy_ms: u64::try_from(progress.busy.as_millis()).unwrap_or(u64::MAX),
            worker: progress.worker.clone(),
            who: progress.who.clone(),
            started: progress.started.clone(),
            at: progress.at.clone(),
        }
    }
}

/// What `onward data show --format json` prints.
#[derive(Serialize, Deserialize)]
pub(super) struct ShowJson {
    #[serde(flatten)]
    pub(super) status: StatusJson,
    pub(super) newest_batches: Vec<BatchJson>,
    pub(super) skipped_rows: Vec<SkippedJson>,
    /// Whether the server has room for a batch.
    pub(super) readings: Vec<ReadingJson>,
}

impl ShowJson {
    pub(super) fn new(status: StatusJson, history: &History, readings: &[Reading]) -> Self {
        Self {
            status,
            newest_batches: history.batches.iter().map(BatchJson::new).collect(),
            skipped_rows: history.skipped.iter().map(SkippedJson::new).collect(),
            readings: readings.iter().map(ReadingJson::new).collect(),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct BatchJson {
    pub(super) number: u64,
    pub(super) until: Option<String>,
    pub(super) rows: u64,
    pub(super) ms: u32,
    pub(super) at: String,
}

impl BatchJson {
    fn new(batch: &DoneBatch) -> Self {
        Self {
            number: batch.number,
            until: batch.until.clone(),
            rows: batch.rows,
            ms: batch.ms,
            at: batch.at.clone(),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct SkippedJson {
    pub(super) key: String,
    pub(super) sqlstate: String,
    pub(super) object: Option<String>,
    pub(super) at: String,
}

impl SkippedJson {
    fn new(row: &SkippedRow) -> Self {
        Self {
            key: row.key.clone(),
            sqlstate: row.sqlstate.clone(),
            object: row.object.clone(),
            at: row.at.clone(),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct ReadingJson {
    pub(super) indicator: String,
    pub(super) signal: String,
    pub(super) detail: String,
}

impl ReadingJson {
    fn new(reading: &Reading) -> Self {
        Self {
            indicator: reading.indicator.to_owned(),
            signal: reading.signal.as_str().to_owned(),
            detail: reading.detail.clone(),
        }
    }
}
