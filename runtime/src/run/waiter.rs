//! How a run waits: for other runs, and for tables that are in use; and how long its messages may take.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::ledger::task::Task;
use crate::messages::lock_attempt::LockAttempt;
use crate::messages::{self, Limits};
use crate::outcome::error::Error;
use crate::outcome::event::{Event, Listener};
use crate::outcome::progress::Progress;
use crate::plan::Plan;
use crate::run::backoff::random;
use crate::run::clock::Clock;
use crate::run::link::Link;
use crate::run::lock_retry::LockRetry;
use crate::run::settings::{Settings, TimeLimits};
use crate::session::blocker::{Blocker, BlockerKind, blockers};
use crate::session::row::{parsed, row};
use crate::session::server_error::ServerError;

/// How often the server is asked which sessions are in the way, while some are.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// For a message that touches nothing but the ledger.
const OWN_LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// What is known about the attempts of a migration that did not get its locks.
#[derive(Clone, Copy, Debug)]
struct Contention {
    since: Instant,
    retry: LockRetry,
    /// The attempt that was refused.
    attempt: LockAttempt,
}

/// The clock of a run, and what it knows about the sessions in its way.
pub(crate) struct Waiter {
    plan: Plan,
    limits: TimeLimits,
    listener: Listener,
    pub(crate) clock: Clock,
    contention: Option<Contention>,
    /// The sessions that were in the way when the server was last asked.
    blockers: Vec<Blocker>,
    asked: Option<Instant>,
    waiting_since: Option<Instant>,
    waited: Duration,
    /// How often the server has refused what is tried now.
    tries: u32,
    /// Whether another run was faster when the module's lock was last tried.
    contended: bool,
}

impl Waiter {
    /// The clock starts here.
    pub(crate) fn new(plan: Plan, settings: &Settings) -> Self {
        Self {
            plan,
            limits: settings.limits,
            listener: settings.listener.clone(),
            clock: Clock::start(settings.limits.run),
            contention: None,
            blockers: Vec::new(),
            asked: None,
            waiting_since: None,
            waited: Duration::ZERO,
            tries: 0,
            contended: false,
        }
    }

    pub(crate) fn budget(&self) -> Duration {
        self.limits.run.unwrap_or(self.limits.waiting)
    }

    /// How long the run has waited for other sessions.
    pub(crate) fn waited(&self) -> Duration {
        self.waited
    }

    /// Since when the run has been waiting without progress.
    pub(crate) fn waiting_for(&self) -> Duration {
        self.waiting_since
            .map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// The sessions that were in the way when the server was last asked.
    pub(crate) fn blockers(&self) -> &[Blocker] {
        &self.blockers
    }

    pub(crate) fn tries(&self) -> u32 {
        self.tries
    }

    /// The server refused what is tried now. Returns how often it has.
    pub(crate) fn count_try(&mut self) -> u32 {
        self.tries = self.tries.saturating_add(1);
        self.tries
    }

    /// The server refused what is tried now, because it had too little time among others.
    pub(crate) fn count_first_try(&mut self) {
        self.tries = self.tries.max(1);
    }

    pub(crate) fn reset_tries(&mut self) {
        self.tries = 0;
    }

    pub(crate) fn is_contended(&self) -> bool {
        self.contended
    }

    pub(crate) fn set_contended(&mut self, contended: bool) {
        self.contended = contended;
    }

    /// Whether something is in the way, so that nothing should be sent ahead of an answer.
    pub(crate) fn is_obstructed(&self) -> bool {
        self.contended || self.tries > 0 || self.contention.is_some()
    }

    /// The run itself has applied something, so no session is in the way any more.
    pub(crate) fn advanced(&mut self) {
        self.tries = 0;
        self.contended = false;
        self.contention = None;
        self.others_advanced();
    }

    /// Another run has applied something: it is worth to look again soon, and to wait longer.
    pub(crate) fn others_advanced(&mut self) {
        self.clock.reset_backoff();
        self.stop();
    }

    /// The wait is over.
    pub(crate) fn stop(&mut self) {
        self.asked = None;
        if let Some(since) = self.waiting_since.take() {
            self.waited = self.waited.saturating_add(since.elapsed());
        }
    }
}

/// Waiting.
impl Waiter {
    /// Sleeps until the next poll of the module's lock.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`], with the sessions that hold the lock, when the time for waiting is over.
    pub(crate) async fn pause(
        &mut self,
        link: &mut Link<'_>,
        doing: &str,
        progress: &Progress,
    ) -> Result<(), Error> {
        let now = Instant::now();
        let since = *self.waiting_since.get_or_insert(now);
        let pause = self.clock.next_pause();
        let waited = now.duration_since(since);
        let is_over =
            waited.saturating_add(pause) > self.limits.waiting || self.clock.ends_within(pause);
        if is_over {
            return Err(Error::Locked {
                schema: self.plan.schema(),
                doing: doing.to_owned(),
                waited,
                blockers: self.lock_holders(link).await,
                progress: progress.clone(),
            });
        }
        let asks = waited >= Duration::from_secs(1) && self.is_time_to_ask();
        if asks {
            self.asked = Some(now);
            self.blockers = self.lock_holders(link).await;
        }
        self.tell_waiting(doing, pause, asks);
        sleep(pause).await;
        Ok(())
    }

    /// The sessions that hold the module's lock. They are only for the message; without an answer it
    /// names none.
    async fn lock_holders(&self, link: &mut Link<'_>) -> Vec<Blocker> {
        let answer = link.session.send(&messages::lock_holders(&self.plan)).await;
        answer.map(|rows| blockers(&rows)).unwrap_or_default()
    }

    fn is_time_to_ask(&self) -> bool {
        self.asked.is_none_or(|asked| asked.elapsed() >= ASK_EVERY)
    }

    fn tell_waiting(&self, doing: &str, pause: Duration, names: bool) {
        let blockers: &[Blocker] = if names { &self.blockers } else { &[] };
        tracing::debug!(doing, ?pause, "waiting");
        for blocker in blockers {
            tracing::info!(
                doing,
                blocking.pid = blocker.pid,
                blocking.application_name = blocker.application_name,
                blocking.query_age_ms = blocker.query_age.map(|age| age.as_millis()),
                blocking.transaction_age_ms = blocker.transaction_age.map(|age| age.as_millis()),
                "another session is in the way"
            );
        }
        self.listener.tell(|| Event::Waiting {
            doing: doing.to_owned(),
            pause,
            blockers: blockers.to_vec(),
        });
    }

    /// A migration did not get its locks: waits until the tables that it locks look free, or until it is
    /// time to queue for them in any case. False when the time for its locks is over.
    pub(crate) async fn wait_for_free_tables(
        &mut self,
        link: &mut Link<'_>,
        task: &Task,
        refused: &ServerError,
        doing: &str,
    ) -> bool {
        let (since, gap_ends) = self.refused(refused);
        let mut before: Option<Vec<String>> = None;
        loop {
            let most = self.limits.lock_retry.unwrap_or_else(|| self.budget());
            let left = most.saturating_sub(since.elapsed());
            let left = self.clock.remaining().map_or(left, |all| all.min(left));
            if left.is_zero() {
                return false;
            }
            let pause = Duration::from_millis(50).mul_f64(1.0 + random()).min(left);
            let names = self.is_time_to_ask();
            if names && before.is_some() {
                self.asked = Some(Instant::now());
            }
            self.tell_waiting(doing, pause, names);
            sleep(pause).await;
            let present = self.observe(link, task).await;
            if before.is_none()
                && let Some(contention) = &mut self.contention
            {
                contention.retry.observed(!present.is_empty());
            }
            let is_free = before.as_ref().map_or(present.is_empty(), |before| {
                present.iter().all(|one| !before.contains(one))
            });
            let may_queue = since.elapsed() >= self.limits.observe_locks || self.hurry();
            if is_free || (may_queue && Instant::now() >= gap_ends) {
                return true;
            }
            before = Some(present);
        }
    }

    /// Takes in that the last attempt was refused: since when attempts are, and until when the tables are
    /// left alone.
    fn refused(&mut self, refused: &ServerError) -> (Instant, Instant) {
        let now = Instant::now();
        self.waiting_since.get_or_insert(now);
        let attempt = self.attempt();
        let contention = self.contention.get_or_insert(Contention {
            since: now,
            retry: LockRetry::default(),
            attempt,
        });
        contention.retry.refused(contention.attempt);
        if refused.is_deadlock() {
            contention.retry.deadlocked();
        }
        let gap = contention.retry.pause(contention.attempt, random());
        (contention.since, now + gap)
    }

    /// Whether only autovacuums are in the way: they give way only to a session that queues.
    fn hurry(&mut self) -> bool {
        let is_autovacuum = |one: &Blocker| one.kind == BlockerKind::Autovacuum;
        let hurries = !self.blockers.is_empty() && self.blockers.iter().all(is_autovacuum);
        if hurries && let Some(contention) = &mut self.contention {
            contention.retry.hurry();
        }
        hurries
    }

    /// The transactions that hold locks on what the migration locks.
    async fn observe(&mut self, link: &mut Link<'_>, task: &Task) -> Vec<String> {
        let Ok(answer) = link.session.send(&messages::blockers(task)).await else {
            // If the connection is gone, the next message returns that error.
            return Vec::new();
        };
        self.blockers = blockers(&answer);
        answer
            .iter()
            .filter_map(row)
            .filter_map(|row| parsed(row, "transaction"))
            .collect()
    }
}

/// How long messages may take.
impl Waiter {
    /// How a migration's next message queues for its locks.
    pub(crate) fn next_attempt(&mut self) -> LockAttempt {
        let attempt = self.attempt();
        if let Some(contention) = &mut self.contention {
            contention.attempt = attempt;
        }
        attempt
    }

    fn attempt(&self) -> LockAttempt {
        let (since, retry) = self.contention.map_or_else(Default::default, |contention| {
            (contention.since.elapsed(), contention.retry)
        });
        retry.next(since, self.limits.observe_locks, self.limits.lock)
    }

    /// The limits of a migration's message.
    pub(crate) fn limits(&mut self) -> Limits {
        let attempt = self.next_attempt();
        self.bounded(attempt, 1)
    }

    /// The limits of a message that touches nothing but the ledger.
    pub(crate) fn own_limits(&self) -> Limits {
        let lock_timeout = self
            .limits
            .lock
            .map_or(OWN_LOCK_TIMEOUT, |most| most.min(OWN_LOCK_TIMEOUT));
        let attempt = LockAttempt {
            lock_timeout,
            probe: None,
            past_deadlock: false,
            turn: 0,
        };
        self.bounded(attempt, 1)
    }

    /// The limits of a message; one of several in flight has a share of the time that is left.
    pub(crate) fn bounded(&self, mut attempt: LockAttempt, share: usize) -> Limits {
        let share = u32::try_from(share).unwrap_or(u32::MAX).max(1);
        let left = self.clock.remaining().map(|left| left / share);
        let limits = [self.limits.statement, left];
        let statement_timeout = limits.into_iter().flatten().min();
        // The shorter one shows the reason: a lock timeout and a slow statement have different errors.
        if let Some(all) = statement_timeout {
            let most = all.mul_f64(0.9);
            attempt.past_deadlock &= attempt.lock_timeout <= most;
            attempt.lock_timeout = attempt.lock_timeout.min(most);
        }
        Limits {
            attempt,
            statement_timeout,
        }
    }
}
