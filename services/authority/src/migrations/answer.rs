//! What operators' programs are answered, as JSON: the documents of `onward data list` and `show`.

use onward::data::{self, History, Progress, Reading};
use onward::{Plan, Version};
use serde_json::{Value, json};

/// The version of the documents.
const FORMAT_VERSION: u8 = 1;

pub(super) fn modules(all: &[(&Plan, Vec<data::Status>)]) -> Value {
    let modules = all.iter().map(|(plan, data)| {
        let data: Vec<_> = data.iter().map(|one| status(plan, one)).collect();
        json!({ "schema": plan.schema(), "folder": plan.folder(), "data": data })
    });
    json!({ "format_version": FORMAT_VERSION, "modules": modules.collect::<Vec<_>>() })
}

pub(super) fn status(plan: &Plan, one: &data::Status) -> Value {
    json!({
        "format_version": FORMAT_VERSION,
        "module": plan.schema(),
        "version": one.version.to_string(),
        "name": one.name,
        "state": state(one),
        "done_at": one.done,
        "held": one.held.as_ref().map(ToString::to_string),
        "progress": one.progress.as_ref().map(progress),
    })
}

/// One word: the state in the database, or what it is before it has begun.
fn state(one: &data::Status) -> &'static str {
    match (&one.done, &one.progress, &one.held) {
        (Some(_), ..) => "done",
        (None, _, Some(data::Held::Edited)) => "edited",
        (None, Some(progress), _) => progress.state.as_str(),
        (None, None, Some(_)) => "waiting",
        (None, None, None) => "pending",
    }
}

fn progress(one: &Progress) -> Value {
    let left = one.remaining();
    json!({
        "summary": one.to_string(),
        "state": one.state.as_str(),
        "reason": one.reason,
        "fraction": one.fraction(),
        "rows": one.rows,
        "scanned": one.scanned,
        "total": one.total,
        "batches": one.batches,
        "pass": one.pass,
        "skipped": one.skipped,
        "rows_per_second": one.rate(),
        "remaining_seconds": left.map(|(low, high)| [low.as_secs_f64(), high.as_secs_f64()]),
        "position": one.position,
        "goal": one.goal,
        "size": one.size,
        "speed": one.speed,
        "busy_ms": u64::try_from(one.busy.as_millis()).unwrap_or(u64::MAX),
        "worker": one.worker,
        "who": one.who,
        "started": one.started,
        "at": one.at,
    })
}

pub(super) fn shown(
    plan: &Plan,
    one: &data::Status,
    history: &History,
    readings: &[Reading],
) -> Value {
    let batches = history.batches.iter().map(|batch| {
        json!({
            "number": batch.number, "until": batch.until, "rows": batch.rows, "ms": batch.ms, "at": batch.at,
        })
    });
    let skipped = history.skipped.iter().map(|row| {
        json!({ "key": row.key, "sqlstate": row.sqlstate, "object": row.object, "at": row.at })
    });
    let readings = readings.iter().map(|one| {
        json!({ "indicator": one.indicator, "signal": one.signal.as_str(), "detail": one.detail })
    });
    let mut all = status(plan, one);
    all["newest_batches"] = batches.collect();
    all["skipped_rows"] = skipped.collect();
    all["readings"] = readings.collect();
    all
}

/// Whether a module has this data migration.
pub(super) fn has(plan: &Plan, version: Version) -> bool {
    plan.data().iter().any(|one| one.version() == version)
}
