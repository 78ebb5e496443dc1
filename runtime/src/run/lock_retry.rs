//! How long an attempt queues for a lock, and how long it waits for the next one. Pure.
//!
//! First the run observes the tables and queues for an instant only, so that the service does not wait.
//! When the tables are never free, an attempt has to wait until the sessions that hold the locks have
//! ended their transactions, so it queues longer and longer. The numbers were measured: see `docs/adr/0009-lock-retry.md`.

use std::time::Duration;

use crate::messages::lock_attempt::LockAttempt;

/// For an attempt that sees no other session in the way.
const MOMENT: Duration = Duration::from_millis(300);
/// For an attempt that sees a session in the way.
const PROBE: Duration = Duration::from_millis(20);
/// Then longer and longer; the last one again and again.
const ESCALATION: [Duration; 5] = [
    Duration::from_millis(1200),
    Duration::from_millis(1200),
    Duration::from_millis(2000),
    Duration::from_millis(3000),
    Duration::from_millis(3000),
];

/// After so many attempts that have queued, the gaps between them grow.
const PATIENT: u32 = 8;

/// What is known about a migration that did not get its locks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LockRetry {
    /// How many attempts have queued for longer than a moment.
    escalated: u32,
    /// How many attempts in a row were refused although no session was seen in the way.
    unseen: u32,
    /// How many attempts a deadlock has ended.
    deadlocks: u32,
}

impl LockRetry {
    /// The next attempt, `since` the first one.
    pub(crate) fn next(
        self,
        since: Duration,
        observe_locks_for: Duration,
        most: Option<Duration>,
    ) -> LockAttempt {
        let most = most.unwrap_or(Duration::MAX);
        if since < observe_locks_for && self.escalated == 0 {
            // What cannot be observed is only probed: a moment each time would hold up the service for
            // most of the time.
            let lock_timeout = if self.unseen > 1 { PROBE } else { MOMENT };
            return LockAttempt {
                lock_timeout: lock_timeout.min(most),
                probe: Some(PROBE.min(most)),
                past_deadlock: false,
                turn: self.deadlocks,
            };
        }
        let step = usize::try_from(self.escalated).unwrap_or(usize::MAX);
        let lock_timeout = ESCALATION
            .get(step.min(ESCALATION.len() - 1))
            .copied()
            .unwrap_or(MOMENT);
        LockAttempt {
            lock_timeout: lock_timeout.min(most),
            probe: None,
            past_deadlock: lock_timeout <= most,
            turn: self.deadlocks,
        }
    }

    /// How long to leave the table alone after an attempt; `random` is 0 to 1.
    ///
    /// A start has at most half a dozen attempts that queue. A release that goes on for longer leaves the service
    /// more and more alone.
    pub(crate) fn pause(self, attempt: LockAttempt, random: f64) -> Duration {
        if attempt.probe.is_some() {
            return Duration::from_millis(50).mul_f64(1.0 + random);
        }
        let long = self.escalated.saturating_sub(PATIENT).min(8);
        attempt
            .lock_timeout
            .mul_f64(1.5 + random)
            .saturating_mul(1 + long)
    }

    /// The other sessions take the locks in another order: the next attempt takes them in another one too.
    pub(crate) fn deadlocked(&mut self) {
        self.deadlocks = self.deadlocks.saturating_add(1);
    }

    /// Only autovacuums are in the way, and the server cancels them only for a session that queues.
    pub(crate) fn hurry(&mut self) {
        self.escalated = self.escalated.max(1);
    }

    /// Takes in whether a session was in the way just behind the attempt.
    pub(crate) fn observed(&mut self, seen: bool) {
        self.unseen = if seen {
            0
        } else {
            self.unseen.saturating_add(1)
        };
    }

    pub(crate) fn refused(&mut self, attempt: LockAttempt) {
        if attempt.probe.is_none() {
            self.escalated = self.escalated.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Duration = Duration::from_secs(12);

    #[test]
    fn it_probes_first_and_then_queues_for_longer_than_a_deadlock_takes() {
        let mut retry = LockRetry::default();
        let first = retry.next(Duration::ZERO, LOOK, None);
        assert_eq!(first.probe, Some(PROBE));
        retry.refused(first);
        assert_eq!(retry.next(Duration::from_secs(11), LOOK, None), first);
        for expected in [1200, 1200, 2000, 3000, 3000, 3000] {
            let next = retry.next(LOOK, LOOK, None);
            assert_eq!(next.lock_timeout, Duration::from_millis(expected));
            assert!(next.past_deadlock && next.probe.is_none());
            retry.refused(next);
        }
    }

    #[test]
    fn what_nothing_is_seen_of_is_only_probed_from_the_second_time_on() {
        let mut retry = LockRetry::default();
        for (seen, expected) in [
            (false, MOMENT),
            (false, PROBE),
            (false, PROBE),
            (true, MOMENT),
            (false, MOMENT),
        ] {
            retry.observed(seen);
            let next = retry.next(Duration::ZERO, LOOK, None);
            assert_eq!((next.lock_timeout, next.probe), (expected, Some(PROBE)));
        }
    }

    #[test]
    fn a_caller_bounds_every_attempt() {
        let most = Some(Duration::from_millis(10));
        let retry = LockRetry::default();
        let first = retry.next(Duration::ZERO, LOOK, most);
        assert_eq!((Some(first.lock_timeout), first.probe), (most, most));
        let later = retry.next(LOOK, LOOK, most);
        assert_eq!(
            (Some(later.lock_timeout), later.past_deadlock),
            (most, false)
        );
    }

    #[test]
    fn a_deadlock_turns_the_order_of_the_locks() {
        let mut retry = LockRetry::default();
        for turn in 0..3 {
            assert_eq!(retry.next(Duration::ZERO, LOOK, None).turn, turn);
            assert_eq!(retry.next(LOOK, LOOK, None).turn, turn);
            retry.deadlocked();
        }
    }

    #[test]
    fn gaps_grow_when_it_goes_on_for_long() {
        let mut retry = LockRetry::default();
        let queue = retry.next(LOOK, LOOK, None);
        let first = retry.pause(queue, 0.5);
        for _ in 0..20 {
            retry.refused(queue);
        }
        assert_eq!(retry.pause(queue, 0.5), first * 9);
    }

    #[test]
    fn gaps_are_longer_than_the_queueing_was() {
        let queue = LockRetry::default().next(LOOK, LOOK, None);
        for random in [0.0, 0.5, 1.0] {
            let pause = LockRetry::default().pause(queue, random);
            assert!(
                pause > queue.lock_timeout && pause < queue.lock_timeout * 3,
                "{pause:?}"
            );
        }
    }
}
