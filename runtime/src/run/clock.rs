//! The time of a run: when it has to be over, and how long to pause before the next try.

use std::time::Duration;

use tokio::time::Instant;

use crate::run::backoff::Backoff;

/// Starts when it is created.
pub(crate) struct Clock {
    started: Instant,
    /// The time of the whole run; `None` without a limit.
    limit: Option<Duration>,
    backoff: Backoff,
}

impl Clock {
    pub(crate) fn start(limit: Option<Duration>) -> Self {
        Self {
            started: Instant::now(),
            limit,
            backoff: Backoff::default(),
        }
    }

    /// When the time of the whole run ends; `None` without a limit.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.limit.and_then(|limit| self.started.checked_add(limit))
    }

    /// The time that is left until then.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        Some(self.limit?.saturating_sub(self.started.elapsed()))
    }

    pub(crate) fn is_out_of_time(&self) -> bool {
        self.remaining() == Some(Duration::ZERO)
    }

    /// Whether the time of the whole run ends before a pause of this length does.
    pub(crate) fn ends_within(&self, pause: Duration) -> bool {
        self.remaining().is_some_and(|left| pause > left)
    }

    /// How long to sleep before the next poll, or the next try to connect.
    pub(crate) fn next_pause(&mut self) -> Duration {
        self.backoff.next()
    }

    pub(crate) fn reset_backoff(&mut self) {
        self.backoff.reset();
    }
}
