//! The indicators: which there are, what each of them asks, and from which number on it matters.

use std::fmt;

const MB: f64 = 1024.0 * 1024.0;
const GB: f64 = 1024.0 * MB;

/// What the server is asked before a batch.
///
/// ```
/// use onward::data::Indicator;
///
/// assert_eq!(Indicator::of("wal-rate"), Some(Indicator::WalRate));
/// assert_eq!(Indicator::WalRate.to_string(), "wal-rate");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Indicator {
    /// How much WAL each standby has still to replay.
    ReplicationLag,
    /// How much WAL each replication slot keeps.
    ReplicationSlots,
    /// How much WAL the server writes in a second.
    WalRate,
    /// How many WAL files wait for the archiver, and whether it fails.
    ArchiveQueue,
    /// How much WAL each standby has still to receive.
    WalReceivers,
    /// Whether the table is being vacuumed.
    Autovacuum,
    /// How many rows of the table are dead.
    DeadTuples,
    /// How many sessions wait for locks on the table.
    LockWaits,
    /// How long transactions are open.
    LongTransactions,
    /// How many connections are free.
    Connections,
}

/// From which number on an indicator says slow, and from which on stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Levels {
    pub(super) slow: f64,
    pub(super) stop: f64,
}

impl Levels {
    /// For an indicator that has one limit.
    pub(super) const fn only_stop(stop: f64) -> Self {
        Self { slow: stop, stop }
    }
}

impl Indicator {
    /// All of them.
    ///
    /// ```
    /// for indicator in onward::data::Indicator::ALL {
    ///     println!("{indicator}");
    /// }
    /// ```
    pub const ALL: [Self; 10] = [
        Self::ReplicationLag,
        Self::ReplicationSlots,
        Self::WalRate,
        Self::ArchiveQueue,
        Self::WalReceivers,
        Self::Autovacuum,
        Self::DeadTuples,
        Self::LockWaits,
        Self::LongTransactions,
        Self::Connections,
    ];

    /// The one with that name, as it is printed and configured.
    ///
    /// ```
    /// assert_eq!(onward::data::Indicator::of("moon-phase"), None);
    /// ```
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// As it is printed and configured: `replication-lag`.
    ///
    /// ```
    /// assert_eq!(onward::data::Indicator::ReplicationLag.name(), "replication-lag");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReplicationLag => "replication-lag",
            Self::ReplicationSlots => "replication-slots",
            Self::WalRate => "wal-rate",
            Self::ArchiveQueue => "archive-queue",
            Self::WalReceivers => "wal-receivers",
            Self::Autovacuum => "autovacuum",
            Self::DeadTuples => "dead-tuples",
            Self::LockWaits => "lock-waits",
            Self::LongTransactions => "long-transactions",
            Self::Connections => "connections",
        }
    }

    /// The query for its rows.
    pub(super) const fn sql(self) -> &'static str {
        match self {
            Self::ReplicationLag => include_str!("../../sql/data/throttle/replication_lag.sql"),
            Self::ReplicationSlots => include_str!("../../sql/data/throttle/replication_slots.sql"),
            Self::WalRate => include_str!("../../sql/data/throttle/wal_rate.sql"),
            Self::ArchiveQueue => include_str!("../../sql/data/throttle/archive_queue.sql"),
            Self::WalReceivers => include_str!("../../sql/data/throttle/wal_receivers.sql"),
            Self::Autovacuum => include_str!("../../sql/data/throttle/autovacuum.sql"),
            Self::DeadTuples => include_str!("../../sql/data/throttle/dead_tuples.sql"),
            Self::LockWaits => include_str!("../../sql/data/throttle/lock_waits.sql"),
            Self::LongTransactions => include_str!("../../sql/data/throttle/long_transactions.sql"),
            Self::Connections => include_str!("../../sql/data/throttle/connections.sql"),
        }
    }

    /// Whether it is about the tables that the migration changes, and not about the server.
    pub(super) const fn is_about_tables(self) -> bool {
        match self {
            Self::Autovacuum | Self::DeadTuples | Self::LockWaits => true,
            Self::ReplicationLag
            | Self::ReplicationSlots
            | Self::WalRate
            | Self::ArchiveQueue
            | Self::WalReceivers
            | Self::LongTransactions
            | Self::Connections => false,
        }
    }

    pub(super) const fn defaults(self) -> Levels {
        let (slow, stop) = match self {
            Self::ReplicationLag => (32.0 * MB, 128.0 * MB),
            Self::ReplicationSlots => (4.0 * GB, 16.0 * GB),
            Self::WalRate => (100.0 * MB, 400.0 * MB),
            Self::ArchiveQueue => (16.0, 64.0),
            Self::WalReceivers => (16.0 * MB, 64.0 * MB),
            // It has no number.
            Self::Autovacuum => (1.0, 1.0),
            Self::DeadTuples => (0.2, 0.2),
            Self::LockWaits => (1.0, 5.0),
            Self::LongTransactions => (60.0, 900.0),
            Self::Connections => (5.0, 5.0),
        };
        Levels { slow, stop }
    }
}

impl fmt::Display for Indicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
