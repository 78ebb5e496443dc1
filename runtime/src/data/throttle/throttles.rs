//! Which indicators are asked, and with which limits.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::data::throttle::hook::Hook;
use crate::data::throttle::indicator::{Indicator, Levels};
use crate::data::throttle::reading::Reading;

/// When a worker goes slower or waits.
///
/// The server is asked about itself at most once a second, in one message. From the first limit of an indicator on the
/// worker takes a quarter of its share of time, from the second on it waits until the number is below again.
///
/// | indicator | slow from | stop from |
/// | --- | --- | --- |
/// | `replication-lag` | 32 MB | 128 MB |
/// | `replication-slots` | 4 GB | 16 GB |
/// | `wal-rate` | 100 MB/s | 400 MB/s |
/// | `archive-queue` | 16 files, or it fails | 64 files |
/// | `wal-receivers` | 16 MB | 64 MB |
/// | `autovacuum` | a vacuum of the table | one against wraparound |
/// | `dead-tuples` | | 20 % of the live rows, at least 10 000 |
/// | `lock-waits` | 1 session | 5 sessions |
/// | `long-transactions` | 1 minute | 15 minutes |
/// | `connections` | | fewer than 5 are free |
///
/// ```
/// use std::time::Duration;
/// use onward::data::{Indicator, Throttles};
///
/// let throttles = Throttles::new()
///     .replication_lag(8 << 20, 64 << 20)
///     .long_transactions(Duration::from_secs(30), Duration::from_secs(300))
///     .off(Indicator::WalRate);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Throttles {
    /// Of those that are asked.
    pub(super) levels: BTreeMap<Indicator, Levels>,
    pub(super) hook: Option<Hook>,
}

impl Default for Throttles {
    fn default() -> Self {
        Self::new()
    }
}

impl Throttles {
    /// Every indicator, with its defaults.
    ///
    /// ```
    /// let throttles = onward::data::Throttles::new();
    /// ```
    pub fn new() -> Self {
        let all = Indicator::ALL.into_iter();
        Self {
            levels: all.map(|one| (one, one.defaults())).collect(),
            hook: None,
        }
    }

    /// No indicator at all. The queries of a migration's own, `-- onward: healthy when`, are asked nevertheless.
    ///
    /// ```
    /// let throttles = onward::data::Throttles::none().connections(10);
    /// ```
    pub const fn none() -> Self {
        Self {
            levels: BTreeMap::new(),
            hook: None,
        }
    }

    /// Does not ask for that one.
    ///
    /// ```
    /// use onward::data::{Indicator, Throttles};
    ///
    /// let throttles = Throttles::new().off(Indicator::ReplicationSlots);
    /// ```
    pub fn off(mut self, indicator: Indicator) -> Self {
        self.levels.remove(&indicator);
        self
    }

    /// Bytes of WAL that a standby has not replayed: 32 MB and 128 MB unless set.
    ///
    /// ```
    /// let throttles = onward::data::Throttles::new().replication_lag(1 << 20, 16 << 20);
    /// ```
    pub fn replication_lag(self, slow: u64, stop: u64) -> Self {
        self.on(Indicator::ReplicationLag, slow as f64, stop as f64)
    }

    /// Bytes of WAL that a replication slot keeps: 4 GB and 16 GB unless set. With `max_slot_wal_keep_size` a quarter
    /// and a half of that, when it is less.
    ///
    /// ```
    /// let throttles = onward::data::Throttles::new().replication_slots(1 << 30, 2 << 30);
    /// ```
    pub fn replication_slots(self, slow: u64, stop: u64) -> Self {
        self.on(Indicator::ReplicationSlots, slow as f64, stop as f64)
    }

    /// Bytes of WAL that the whole server writes in a second: 100 MB and 400 MB unless set.
    ///
    /// ```
    /// let throttles = onward::data::Throttles::new().wal_rate(20 << 20, 80 << 20);
    /// ```
    pub fn wal_rate(self, slow: u64, stop: u64) -> Self {
        self.on(Indicator::WalRate, slow as f64, stop as f64)
    }

    /// Files of WAL that wait for the archiver: 16 and 64 unless set.
    ///
    /// ```
    /// let throttles = onward::data::Throttles::new().archive_queue(4, 16);
    /// ```
    pub fn archive_queue(self, slow: u32, stop: u32) -> Self {
        self.on(Indicator::ArchiveQueue, slow.into(), stop.into())
    }

    /// Bytes of WAL that a standby has not received: 16 MB and 64 MB unless set.
    ///
    /// ```
    /// let throttles = onward::data::Throttles::new().wal_receivers(4 << 20, 32 << 20);
    /// ```
    pub fn wal_receivers(self, slow: u64, stop: u64) -> Self {
        self.on(Indicator::WalReceivers, slow as f64, stop as f64)
    }

    /// Dead rows, as a share of the live ones of a table or partition: 0.2 unless set. Fewer than 10 000 never matter.
    ///
    /// The worker waits until a vacuum has gone over the table, ten minutes at most; it goes on slowly where none
    /// comes by itself.
    ///
    /// ```
    /// let throttles = onward::data::Throttles::new().dead_tuples(0.5);
    /// ```
    pub fn dead_tuples(self, stop: f64) -> Self {
        self.on(Indicator::DeadTuples, stop, stop)
    }

    /// Sessions that wait for a lock on the table, or on a row of it: 1 and 5 unless set.
    ///
    /// ```
    /// let throttles = onward::data::Throttles::new().lock_waits(2, 10);
    /// ```
    pub fn lock_waits(self, slow: u32, stop: u32) -> Self {
        self.on(Indicator::LockWaits, slow.into(), stop.into())
    }

    /// How long a transaction of the database is open: 1 and 15 minutes unless set. As long as it is, vacuum removes no
    /// row that died after it began.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let minutes = |n: u64| Duration::from_secs(n * 60);
    /// let throttles = onward::data::Throttles::new().long_transactions(minutes(5), minutes(60));
    /// ```
    pub fn long_transactions(self, slow: Duration, stop: Duration) -> Self {
        let (slow, stop) = (slow.as_secs_f64(), stop.as_secs_f64());
        self.on(Indicator::LongTransactions, slow, stop)
    }

    /// How many connections have to be free: 5 unless set, and never more than a tenth of what the server allows.
    ///
    /// ```
    /// let throttles = onward::data::Throttles::new().connections(20);
    /// ```
    pub fn connections(self, free: u32) -> Self {
        let Levels { slow, stop } = Levels::only_stop(free.into());
        self.on(Indicator::Connections, slow, stop)
    }

    /// Asks the service before each look at the server: what it knows and the server does not. It answers with a
    /// [`Signal`](crate::data::Signal), or with a [`Reading`] that has the reason.
    ///
    /// One that takes more than five seconds, or panics, counts as stop. No transaction is open meanwhile.
    ///
    /// ```
    /// use onward::data::{Reading, Signal, Throttles};
    ///
    /// async fn p99() -> f64 {
    ///     0.31
    /// }
    ///
    /// let throttles = Throttles::new().hook(|| async {
    ///     match p99().await {
    ///         slow if slow > 0.2 => Reading::of_hook(Signal::Stop, format!("the p99 of orders is {slow} s")),
    ///         _ => Signal::Normal.into(),
    ///     }
    /// });
    /// ```
    pub fn hook<A>(mut self, ask: impl Fn() -> A + Send + Sync + 'static) -> Self
    where
        A: Future<Output: Into<Reading>> + Send + 'static,
    {
        self.hook = Some(Hook::new(ask));
        self
    }

    /// What the hook says, when there is one.
    pub(crate) async fn ask_hook(&self) -> Option<Reading> {
        match &self.hook {
            Some(hook) => Some(hook.ask().await),
            None => None,
        }
    }

    fn on(mut self, indicator: Indicator, slow: f64, stop: f64) -> Self {
        self.levels.insert(indicator, Levels { slow, stop });
        self
    }
}
