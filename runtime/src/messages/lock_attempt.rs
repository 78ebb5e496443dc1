//! How long a message may wait for its locks.

use std::time::Duration;

/// How the next attempt queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LockAttempt {
    pub(crate) lock_timeout: Duration,
    /// What is queued for while another session is seen to hold a lock; `None` queues all the same.
    pub(crate) probe: Option<Duration>,
    /// Whether it has to be longer than the server's `deadlock_timeout`.
    pub(crate) past_deadlock: bool,
}
