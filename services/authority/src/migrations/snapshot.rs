//! What the page shows, as JSON.

use onward::data::{self, Reading};
use onward::{MigrationStatus, State, Status, Version};
use serde_json::{Value, json};

/// All of it at one moment.
#[derive(Clone, PartialEq)]
pub(crate) struct Snapshot(Value);

impl Snapshot {
    pub(super) fn new(
        status: &Status,
        data: &[data::Status],
        throttled: impl Fn(Version) -> Vec<Reading>,
    ) -> Self {
        let migrations: Vec<_> = status.migrations().iter().map(migration).collect();
        let data: Vec<_> = data
            .iter()
            .map(|one| data_migration(one, &throttled(one.version)))
            .collect();
        Self(json!({
            "schema": status.schema(),
            "current": status.is_current(),
            "ready": status.is_ready(),
            "ledger": status.head().map(|head| head.seq),
            "problems": problems(status),
            "migrations": migrations,
            "data": data,
        }))
    }

    /// The database cannot be asked.
    pub(super) fn without(schema: &str, error: &str) -> Self {
        Self(json!({ "schema": schema, "error": error }))
    }

    /// `steers` says whether the page has buttons.
    pub(super) fn text(&self, steers: bool) -> String {
        let mut all = self.0.clone();
        all["steers"] = Value::Bool(steers);
        all.to_string()
    }
}

fn problems(status: &Status) -> Vec<String> {
    let drift = status.drift().iter().map(ToString::to_string);
    let tampering = status.tampering().map(ToString::to_string);
    drift.chain(tampering).collect()
}

fn migration(one: &MigrationStatus) -> Value {
    let (at, waits_for) = match &one.state {
        State::Applied { at, .. } => (Some(at.as_str()), Vec::new()),
        State::Waiting { missing } => (None, missing.iter().map(ToString::to_string).collect()),
        _ => (None, Vec::new()),
    };
    json!({
        "version": one.version.to_string(),
        "category": one.version.category().as_str(),
        "name": one.name,
        "state": one.state.as_str(),
        "at": at,
        "waits_for": waits_for,
    })
}

fn data_migration(one: &data::Status, throttled: &[Reading]) -> Value {
    let progress = one.progress.as_ref();
    let state = match (&one.done, progress) {
        (Some(_), _) => "done",
        (None, Some(progress)) => progress.state.as_str(),
        (None, None) => "pending",
    };
    let fraction = match one.done {
        Some(_) => Some(1.0),
        None => progress.and_then(data::Progress::fraction),
    };
    json!({
        "version": one.version.to_string(),
        "name": one.name,
        "state": state,
        "done": one.done,
        "held": one.held.as_ref().map(ToString::to_string),
        "fraction": fraction,
        "rows": progress.map(|progress| progress.rows),
        "scanned": progress.map(|progress| progress.scanned),
        "total": progress.and_then(|progress| progress.total),
        "rate": progress.and_then(data::Progress::rate),
        "left": progress
            .and_then(data::Progress::remaining)
            .map(|(low, high)| [low.as_secs_f64(), high.as_secs_f64()]),
        "batches": progress.map(|progress| progress.batches),
        "pass": progress.map(|progress| progress.pass),
        "speed": progress.map(|progress| progress.speed),
        "skipped": progress.map(|progress| progress.skipped),
        "at": progress.map(|progress| &*progress.at),
        "throttles": throttled.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
