//! Runs among other sessions: other runs, and locks.

pub(crate) mod cancelled;
mod concurrent_starts;
mod lock_retry;
mod locks;
