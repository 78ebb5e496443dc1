//! How long a message may wait for its locks.

use std::time::Duration;

/// How an attempt queues for the locks of its migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LockAttempt {
    pub(crate) lock_timeout: Duration,
    /// The lock timeout while another session holds a lock that conflicts; `None` does not look.
    pub(crate) probe: Option<Duration>,
    /// Whether it has to be longer than the server's `deadlock_timeout`.
    pub(crate) past_deadlock: bool,
    /// How many deadlocks have ended attempts: after the first one the locks are taken before the first
    /// statement, each time in another order.
    pub(crate) turn: u32,
}
