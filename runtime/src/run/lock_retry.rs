//! How long an attempt queues for a lock, and how long it waits for the next one. Pure.
//!
//! First it is looked for a free moment and queued for an instant only: nobody notices. When no such
//! moment comes, an attempt has to outlast those who hold the lock at present, so it queues longer and
//! longer. The numbers were measured: see `docs/adr/0009-patience.md`.

use std::time::Duration;

use crate::messages::lock_attempt::Queue;

/// For an attempt that hopes for a free moment.
const MOMENT: Duration = Duration::from_millis(300);
/// For an attempt that sees somebody in the way.
const KNOCK: Duration = Duration::from_millis(20);
/// Then longer and longer; the last one again and again.
const ESCALATION: [Duration; 5] = [
    Duration::from_millis(1200),
    Duration::from_millis(1200),
    Duration::from_millis(2000),
    Duration::from_millis(3000),
    Duration::from_millis(3000),
];

/// What is known about a migration that did not get its locks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Patience {
    /// How many attempts have queued for long.
    escalated: u32,
}

impl Patience {
    /// The next attempt, `since` the first one.
    pub(crate) fn next(
        self,
        since: Duration,
        look_first: Duration,
        most: Option<Duration>,
    ) -> Queue {
        let most = most.unwrap_or(Duration::MAX);
        if since < look_first && self.escalated == 0 {
            return Queue {
                lock_timeout: MOMENT.min(most),
                knock: Some(KNOCK.min(most)),
                past_deadlock: false,
            };
        }
        let step = usize::try_from(self.escalated).unwrap_or(usize::MAX);
        let lock_timeout = ESCALATION
            .get(step.min(ESCALATION.len() - 1))
            .copied()
            .unwrap_or(MOMENT);
        Queue {
            lock_timeout: lock_timeout.min(most),
            knock: None,
            past_deadlock: lock_timeout <= most,
        }
    }

    /// How long to leave the table alone after an attempt; `random` is 0 to 1.
    pub(crate) fn pause(queue: Queue, random: f64) -> Duration {
        if queue.knock.is_some() {
            return Duration::from_millis(50).mul_f64(1.0 + random);
        }
        queue.lock_timeout.mul_f64(1.5 + random)
    }

    /// Nobody but an autovacuum is in the way, and it gives way only to who queues.
    pub(crate) fn hurry(&mut self) {
        self.escalated = self.escalated.max(1);
    }

    pub(crate) fn refused(&mut self, queue: Queue) {
        if queue.knock.is_none() {
            self.escalated = self.escalated.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Duration = Duration::from_secs(12);

    #[test]
    fn it_knocks_first_and_then_queues_for_longer_than_a_deadlock_takes() {
        let mut patience = Patience::default();
        let first = patience.next(Duration::ZERO, LOOK, None);
        assert_eq!(first.knock, Some(KNOCK));
        patience.refused(first);
        assert_eq!(patience.next(Duration::from_secs(11), LOOK, None), first);
        for expected in [1200, 1200, 2000, 3000, 3000, 3000] {
            let next = patience.next(LOOK, LOOK, None);
            assert_eq!(next.lock_timeout, Duration::from_millis(expected));
            assert!(next.past_deadlock && next.knock.is_none());
            patience.refused(next);
        }
    }

    #[test]
    fn a_caller_bounds_every_attempt() {
        let most = Some(Duration::from_millis(10));
        let patience = Patience::default();
        let first = patience.next(Duration::ZERO, LOOK, most);
        assert_eq!((Some(first.lock_timeout), first.knock), (most, most));
        let later = patience.next(LOOK, LOOK, most);
        assert_eq!(
            (Some(later.lock_timeout), later.past_deadlock),
            (most, false)
        );
    }

    #[test]
    fn gaps_are_longer_than_the_queueing_was() {
        let queue = Patience::default().next(LOOK, LOOK, None);
        for random in [0.0, 0.5, 1.0] {
            let pause = Patience::pause(queue, random);
            assert!(
                pause > queue.lock_timeout && pause < queue.lock_timeout * 3,
                "{pause:?}"
            );
        }
    }
}
