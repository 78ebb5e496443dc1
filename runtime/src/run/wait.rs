//! Waiting: for a connection, for the module's lock, for a table; and how long.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::ledger::task::Task;
use crate::messages::lock_attempt::Queue;
use crate::messages::{self, Limits};
use crate::outcome::error::Error;
use crate::outcome::event::Event;
use crate::run::backoff::random;
use crate::run::lock_retry::Patience;
use crate::run::settings::Settings;
use crate::run::{Contention, Run, waiting_to_apply};
use crate::session::Wire;
use crate::session::blocker::{Held, Holder, holders};
use crate::session::row::{parsed, row};

/// How often it is asked who is in the way, while somebody is.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// After so many polls without a new line it is looked what there is to do. One poll may fall between
/// two lines of somebody who is at work.
const STILL: u32 = 2;

impl Run<'_> {
    /// Gets a connection of its own, while there is time.
    pub(crate) async fn connect(&mut self) -> Result<(), Error> {
        let Some(connector) = self.connector else {
            return Ok(());
        };
        let since = Instant::now();
        self.leading = false;
        self.built = None;
        self.watch = None;
        loop {
            let schema = self.plan.schema();
            let role = self.settings.role.as_ref();
            let left = self.remaining();
            let unconnected = match connector.connect(schema, role, left).await {
                Ok(wire) => {
                    let pooled = !matches!(wire, Wire::Direct(_));
                    self.session.replace(wire);
                    self.backoff.reset();
                    tracing::debug!(pooled, "connected");
                    self.settings.listener.tell(|| Event::Connected { pooled });
                    return Ok(());
                }
                Err(unconnected) => unconnected,
            };
            let pause = self.backoff.next();
            let tried = since.elapsed().saturating_add(pause);
            let is_over = tried > connector.most_patience()
                || self.remaining().is_some_and(|left| pause > left);
            if is_over || !unconnected.passes {
                return Err(Error::Unreachable {
                    schema,
                    tried: since.elapsed(),
                    progress: self.so_far(),
                    source: unconnected.source,
                });
            }
            tracing::warn!(?pause, "cannot connect");
            self.settings
                .listener
                .tell(|| Event::Reconnecting { pause });
            sleep(pause).await;
        }
    }

    /// Gives the lock back, when the session holds it. The session ends with the run.
    pub(crate) async fn close(&mut self) {
        if self.leading {
            self.leading = false;
            // Whoever gets no answer holds no lock any more, or its lease ends.
            let _unlocked = self.session.send(include_str!("../sql/unlock.sql")).await;
        }
        self.session.replace(Wire::Closed);
    }

    /// Sleeps a little, then looks again.
    pub(crate) async fn wait(&mut self, doing: &str) -> Result<(), Error> {
        self.pause(doing).await?;
        self.look_again().await
    }

    /// Others are at work. While they get on, it is only asked whether they do.
    pub(crate) async fn wait_for_others(&mut self, doing: &str) -> Result<(), Error> {
        self.rivals = true;
        let (mut seq, mut polls) = (self.ledger.head.seq, 0);
        while polls < STILL {
            self.pause(doing).await?;
            let now = self.count_lines().await.unwrap_or(seq);
            if now == seq {
                polls += 1;
            } else {
                (seq, polls) = (now, 0);
                self.backoff.reset();
                self.stop_waiting();
            }
        }
        self.look_again().await
    }

    /// `None` when nobody says; then the look finds out why.
    async fn count_lines(&mut self) -> Option<i64> {
        let message = messages::head(&self.plan, &self.role);
        let answer = self.session.send(&message).await.ok()?;
        answer
            .iter()
            .filter_map(row)
            .find_map(|row| parsed(row, "seq"))
    }

    async fn look_again(&mut self) -> Result<(), Error> {
        let before = self.ledger.head;
        if !self.look().await? {
            return Err(self.foreign_schema().await);
        }
        if self.ledger.head != before {
            // Somebody gets on, so it is worth to look again soon, and to wait longer.
            self.backoff.reset();
            self.stop_waiting();
        }
        Ok(())
    }

    pub(crate) async fn pause(&mut self, doing: &str) -> Result<(), Error> {
        let now = Instant::now();
        let since = *self.waiting_since.get_or_insert(now);
        let pause = self.backoff.next();
        let waited = now.duration_since(since);
        let is_over = waited.saturating_add(pause) > self.settings.patience
            || self.remaining().is_some_and(|left| pause > left);
        if is_over {
            return Err(self.locked(doing, waited).await);
        }
        let asks = waited >= Duration::from_secs(1)
            && self.asked.is_none_or(|asked| asked.elapsed() >= ASK_EVERY);
        if asks {
            self.asked = Some(now);
            let answer = self.session.send(&messages::holders(&self.plan)).await;
            // Who holds it is only for the listener; not to know it changes nothing.
            self.blockers = answer.map(|rows| holders(&rows)).unwrap_or_default();
        }
        self.tell_waiting(doing, pause, asks);
        sleep(pause).await;
        Ok(())
    }

    fn tell_waiting(&self, doing: &str, pause: Duration, names: bool) {
        let holders: &[Holder] = if names { &self.blockers } else { &[] };
        tracing::debug!(doing, ?pause, "waiting");
        for holder in holders {
            tracing::info!(
                doing,
                blocking.pid = holder.pid,
                blocking.application_name = holder.application_name,
                blocking.query_age_ms = holder.query_age.map(|age| age.as_millis()),
                blocking.transaction_age_ms = holder.transaction_age.map(|age| age.as_millis()),
                "somebody is in the way"
            );
        }
        self.settings.listener.tell(|| Event::Waiting {
            doing: doing.to_owned(),
            pause,
            holders: holders.to_vec(),
        });
    }

    pub(crate) fn stop_waiting(&mut self) {
        self.asked = None;
        if let Some(since) = self.waiting_since.take() {
            self.waited = self.waited.saturating_add(since.elapsed());
        }
    }

    /// Waits until the tables that a migration names look free, or until it is time to queue for them
    /// all the same. False when its time is over.
    pub(crate) async fn look_for_a_moment(&mut self, task: &Task) -> Result<bool, Error> {
        let now = Instant::now();
        self.waiting_since.get_or_insert(now);
        let queue = self.queue();
        let contention = self.contention.get_or_insert(Contention {
            since: now,
            patience: Patience::default(),
            queue,
        });
        let refused = contention.queue;
        contention.patience.refused(refused);
        let since = contention.since;
        let gap_ends = now + Patience::pause(refused, random());
        let doing = waiting_to_apply(task);
        let mut before: Option<Vec<String>> = None;
        loop {
            let left = self.settings.retry_locks.saturating_sub(since.elapsed());
            let left = self.remaining().map_or(left, |all| all.min(left));
            if left.is_zero() {
                return Ok(false);
            }
            let pause = Duration::from_millis(50).mul_f64(1.0 + random()).min(left);
            let names = self.asked.is_none_or(|asked| asked.elapsed() >= ASK_EVERY);
            if names && before.is_some() {
                self.asked = Some(Instant::now());
            }
            self.tell_waiting(&doing, pause, names);
            sleep(pause).await;
            let now_there = self.see_blockers(task).await;
            let is_free = before.as_ref().map_or(now_there.is_empty(), |before| {
                now_there.iter().all(|one| !before.contains(one))
            });
            let only_vacuums = !self.blockers.is_empty()
                && self.blockers.iter().all(|one| one.holds == Held::Vacuum);
            let may_queue = since.elapsed() >= self.settings.look_first || only_vacuums;
            if only_vacuums && let Some(contention) = &mut self.contention {
                contention.patience.hurry();
            }
            if is_free || (may_queue && Instant::now() >= gap_ends) {
                break;
            }
            before = Some(now_there);
        }
        self.look_again().await?;
        Ok(true)
    }

    /// The transactions that hold locks on what the migration names.
    async fn see_blockers(&mut self, task: &Task) -> Vec<String> {
        let Ok(answer) = self.session.send(&messages::blockers(task)).await else {
            // If the connection is gone, the next message says so.
            return Vec::new();
        };
        self.blockers = holders(&answer);
        answer
            .iter()
            .filter_map(row)
            .filter_map(|row| parsed(row, "transaction"))
            .collect()
    }

    /// How the next attempt queues.
    fn queue(&self) -> Queue {
        let (since, patience) = self.contention.map_or_else(Default::default, |contention| {
            (contention.since.elapsed(), contention.patience)
        });
        patience.next(since, self.settings.look_first, self.settings.lock_timeout)
    }

    /// What is left of the ceiling.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        remaining(&self.settings, self.started)
    }

    /// How a migration's message queues.
    pub(crate) fn next_queue(&mut self) -> Queue {
        let queue = self.queue();
        if let Some(contention) = &mut self.contention {
            contention.queue = queue;
        }
        queue
    }

    /// The bounds of a migration's message.
    pub(crate) fn limits(&mut self) -> Limits {
        let queue = self.next_queue();
        bounded(&self.settings, self.started, queue, 1)
    }

    /// The bounds of a message that touches nothing but the ledger.
    pub(crate) fn own_limits(&self) -> Limits {
        let longest = Duration::from_secs(2);
        let queue = Queue {
            lock_timeout: self
                .settings
                .lock_timeout
                .map_or(longest, |most| most.min(longest)),
            knock: None,
            past_deadlock: false,
        };
        bounded(&self.settings, self.started, queue, 1)
    }

    pub(crate) fn budget(&self) -> Duration {
        self.settings.ceiling.unwrap_or(self.settings.patience)
    }
}

/// What is left of the ceiling.
pub(crate) fn remaining(settings: &Settings, started: Instant) -> Option<Duration> {
    let ceiling = settings.ceiling?;
    Some(ceiling.saturating_sub(started.elapsed()))
}

/// The bounds of a message; one of several that are on their way has a share of the time that is left.
pub(crate) fn bounded(
    settings: &Settings,
    started: Instant,
    mut queue: Queue,
    share: usize,
) -> Limits {
    let share = u32::try_from(share).unwrap_or(u32::MAX).max(1);
    let left = remaining(settings, started).map(|left| left / share);
    let statement_timeout = [settings.statement_timeout, left]
        .into_iter()
        .flatten()
        .min();
    // The shorter one says why: a lock that was not to be had is told from a slow statement.
    if let Some(all) = statement_timeout {
        let most = all.mul_f64(0.9);
        queue.past_deadlock &= queue.lock_timeout <= most;
        queue.lock_timeout = queue.lock_timeout.min(most);
    }
    Limits {
        queue,
        statement_timeout,
    }
}
