//! Numbers that should stay low.

use crate::data::throttle::indicator::Levels;
use crate::data::throttle::quantity::{bytes, count, seconds};
use crate::data::throttle::reading::Signal;

use super::{Row, Verdict, worst};

/// A number for each of several things.
pub(super) struct Gauge {
    /// When there are no such things.
    none: &'static str,
    /// When the number of one is hidden.
    hidden: fn(&Row) -> String,
    /// How the number is written.
    unit: fn(f64) -> String,
    /// The sentence about one thing and its number.
    says: fn(&Row, &str) -> String,
    /// The limits for one thing.
    levels: fn(&Row, Levels) -> Levels,
}

impl Gauge {
    pub(super) fn judge(&self, rows: &[&Row], levels: Levels) -> Verdict {
        worst(rows, self.none, |row| self.of(row, levels))
    }

    fn of(&self, row: &Row, levels: Levels) -> Verdict {
        let Some(value) = row.value else {
            return Verdict::new(Signal::Unknown, (self.hidden)(row));
        };
        let levels = (self.levels)(row, levels);
        let signal = levels.signal(value);
        let (says, limit) = (
            (self.says)(row, &(self.unit)(value)),
            (self.unit)(levels.limit(signal)),
        );
        Verdict::new(signal, format!("{says} (limit {limit})"))
    }
}

const fn as_set(_: &Row, levels: Levels) -> Levels {
    levels
}

pub(super) static REPLICATION_LAG: Gauge = Gauge {
    none: "there is no standby",
    hidden: |row| {
        let standby = row.subject();
        format!("this role may not see how far standby {standby} is behind: GRANT pg_monitor to it")
    },
    unit: bytes,
    says: |row, number| format!("standby {} is {number} behind", row.subject()),
    levels: as_set,
};

pub(super) static WAL_RECEIVERS: Gauge = Gauge {
    none: "there is no standby",
    hidden: |row| {
        let standby = row.subject();
        format!("this role may not see what standby {standby} has received: GRANT pg_monitor to it")
    },
    unit: bytes,
    says: |row, number| format!("standby {} has still to receive {number}", row.subject()),
    levels: as_set,
};

pub(super) static REPLICATION_SLOTS: Gauge = Gauge {
    none: "there is no replication slot",
    hidden: |row| {
        format!(
            "it is not known how much WAL slot {} keeps: the server is a standby",
            row.subject()
        )
    },
    unit: bytes,
    says: |row, number| {
        let in_use = row.note.as_deref().unwrap_or_default();
        format!("slot {} ({in_use}) keeps {number} of WAL", row.subject())
    },
    // Beyond max_slot_wal_keep_size the server gives the slot up, and the standby behind it is lost.
    levels: |row, levels| match row.most {
        Some(most) => Levels {
            slow: levels.slow.min(most / 4.0),
            stop: levels.stop.min(most / 2.0),
        },
        None => levels,
    },
};

pub(super) static LOCK_WAITS: Gauge = Gauge {
    none: "no session waits for a lock",
    hidden: |_| "it is not known how many sessions wait for locks".to_owned(),
    unit: count,
    says: |row, number| match row.note.as_deref() {
        Some(table) => format!("{number} of the sessions wait for locks on {table}"),
        None => format!("{number} sessions wait for locks on the table"),
    },
    levels: as_set,
};

pub(super) static LONG_TRANSACTIONS: Gauge = Gauge {
    none: "no other transaction is open",
    hidden: |row| {
        let sessions = row.most.map_or_else(String::new, count);
        format!(
            "this role may not see since when the transactions of other roles are open, in {sessions} sessions: GRANT \
             pg_monitor to it"
        )
    },
    unit: seconds,
    says: |row, number| format!("{} is open for {number}", row.subject()),
    levels: as_set,
};
