//! What the rows of an indicator mean: a pure function of them, of its limits, and of what was read before.

mod archive_queue;
mod autovacuum;
mod connections;
mod dead_tuples;
mod gauge;
mod wal_rate;

use tokio::time::Instant;
use tokio_postgres::SimpleQueryRow;

use crate::data::throttle::indicator::{Indicator, Levels};
use crate::data::throttle::memory::Memory;
use crate::data::throttle::reading::{Reading, Signal};
use crate::session::row::parsed;

/// What the server said about one thing: a standby, a slot, a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    pub(super) indicator: String,
    pub(super) subject: Option<String>,
    /// The number that matters; `None` when the role may not see it.
    pub(super) value: Option<f64>,
    /// What it is compared with.
    pub(super) most: Option<f64>,
    /// How often something happened.
    pub(super) passed: Option<f64>,
    pub(super) note: Option<String>,
}

impl Row {
    pub(super) fn read(row: &SimpleQueryRow) -> Option<Self> {
        Some(Self {
            indicator: parsed(row, "indicator")?,
            subject: parsed(row, "subject"),
            value: parsed(row, "value"),
            most: parsed(row, "most"),
            passed: parsed(row, "passed"),
            note: parsed(row, "note"),
        })
    }

    fn subject(&self) -> &str {
        self.subject.as_deref().unwrap_or("(without a name)")
    }
}

/// What a row means.
#[derive(Clone, Debug, PartialEq)]
struct Verdict {
    signal: Signal,
    detail: String,
}

impl Verdict {
    fn new(signal: Signal, detail: impl Into<String>) -> Self {
        Self {
            signal,
            detail: detail.into(),
        }
    }
}

impl Levels {
    fn signal(self, value: f64) -> Signal {
        match value {
            value if value >= self.stop => Signal::Stop,
            value if value >= self.slow => Signal::Slow,
            _ => Signal::Normal,
        }
    }

    /// The limit that a number has reached, or the first one that it will.
    fn limit(self, signal: Signal) -> f64 {
        match signal {
            Signal::Stop => self.stop,
            Signal::Normal | Signal::Unknown | Signal::Slow => self.slow,
        }
    }
}

/// What the rows of an indicator mean.
pub(super) fn judge(
    indicator: Indicator,
    rows: &[&Row],
    levels: Levels,
    memory: &mut Memory,
    now: Instant,
) -> Reading {
    let Verdict { signal, detail } = match indicator {
        Indicator::ReplicationLag => gauge::REPLICATION_LAG.judge(rows, levels),
        Indicator::ReplicationSlots => gauge::REPLICATION_SLOTS.judge(rows, levels),
        Indicator::WalReceivers => gauge::WAL_RECEIVERS.judge(rows, levels),
        Indicator::LockWaits => gauge::LOCK_WAITS.judge(rows, levels),
        Indicator::LongTransactions => gauge::LONG_TRANSACTIONS.judge(rows, levels),
        Indicator::WalRate => wal_rate::judge(rows, levels, &mut memory.written, now),
        Indicator::ArchiveQueue => archive_queue::judge(rows, levels),
        Indicator::Autovacuum => autovacuum::judge(rows),
        Indicator::DeadTuples => dead_tuples::judge(rows, levels, &mut memory.dead, now),
        Indicator::Connections => connections::judge(rows, levels),
    };
    Reading::new(indicator.name(), signal, detail)
}

/// The row that matters most, or what is so when there is none.
fn worst<'a>(rows: &[&'a Row], none: &str, mut judge: impl FnMut(&'a Row) -> Verdict) -> Verdict {
    let mut worst = None;
    for row in rows {
        let verdict = judge(row);
        let rank = (verdict.signal, row.value.unwrap_or(f64::MIN));
        if worst.as_ref().is_none_or(|(most, _)| rank > *most) {
            worst = Some((rank, verdict));
        }
    }
    worst.map_or_else(
        || Verdict::new(Signal::Normal, none),
        |(_, verdict)| verdict,
    )
}

#[cfg(test)]
mod tests;
