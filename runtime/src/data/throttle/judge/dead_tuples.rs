//! Whether the table has more dead rows than vacuum takes away.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::data::throttle::indicator::Levels;
use crate::data::throttle::memory::Dead;
use crate::data::throttle::quantity::{count, percent};
use crate::data::throttle::reading::Signal;

use super::{Row, Verdict, worst};

/// Fewer never matter.
const AT_LEAST: f64 = 10_000.0;
/// How long a vacuum is waited for.
const PATIENCE: Duration = Duration::from_secs(600);

/// Each partition by itself. Waits until a vacuum has gone over the table, but not where none comes, and not for ever.
pub(super) fn judge(
    rows: &[&Row],
    levels: Levels,
    dead: &mut BTreeMap<String, Dead>,
    now: Instant,
) -> Verdict {
    let over: Vec<_> = rows
        .iter()
        .copied()
        .filter(|row| is_over(row, levels))
        .collect();
    dead.retain(|table, _| over.iter().any(|row| row.subject() == table));
    if over.is_empty() {
        return worst(rows, "the table has no dead row", |row| {
            Verdict::new(Signal::Normal, says(row, levels))
        });
    }
    worst(&over, "", |row| {
        let vacuums = row.passed.unwrap_or_default();
        let first = Dead {
            since: now,
            vacuums,
        };
        let begun = dead.entry(row.subject().to_owned()).or_insert(first);
        of(row, levels, *begun, now)
    })
}

fn is_over(row: &Row, levels: Levels) -> bool {
    let number = row.value.unwrap_or_default();
    number >= AT_LEAST && number >= levels.stop * row.most.unwrap_or_default()
}

fn of(row: &Row, levels: Levels, begun: Dead, now: Instant) -> Verdict {
    let says = says(row, levels);
    let comes_at: Option<f64> = row.note.as_deref().and_then(|note| note.parse().ok());
    let slow = |why: &str| Verdict::new(Signal::Slow, format!("{says}; {why}"));
    match comes_at {
        None => slow("autovacuum is switched off for it: VACUUM it"),
        Some(_) if row.passed.unwrap_or_default() > begun.vacuums => slow(
            "a vacuum has gone over it and could not remove them: an old transaction, a standby or a slot keeps them",
        ),
        Some(rows) if rows > row.value.unwrap_or_default() => {
            let rows = count(rows);
            slow(&format!("autovacuum comes at {rows} dead rows: VACUUM it"))
        }
        Some(_) if now.saturating_duration_since(begun.since) >= PATIENCE => {
            slow("no vacuum has come for ten minutes: VACUUM it")
        }
        Some(_) => Verdict::new(Signal::Stop, format!("{says}; waits for autovacuum")),
    }
}

fn says(row: &Row, levels: Levels) -> String {
    let (dead, live) = (
        count(row.value.unwrap_or_default()),
        count(row.most.unwrap_or_default()),
    );
    let limit = percent(levels.stop);
    format!(
        "{} has {dead} dead rows beside {live} live ones (limit {limit})",
        row.subject()
    )
}
