//! Migrations that are sent one behind the other, each in a transaction of its own.
//!
//! Of these only some transactions wait for the server's log. What a run reports is durable: of the
//! others it reports nothing before one behind them has waited. In a module that the run itself creates, some
//! share a transaction, see [`together`](super::together).

use std::collections::VecDeque;

use tracing::Span;

use crate::ledger::durability::Durability;
use crate::ledger::entry::Entry;
use crate::ledger::task::Task;
use crate::ledger::{Ledger, diff};
use crate::messages::group_commit::GroupCommit;
use crate::messages::lock_attempt::LockAttempt;
use crate::messages::{self, Frame, Line, Write};
use crate::outcome::error::Error;
use crate::outcome::event::{Event, Listener};
use crate::outcome::progress::{Applied, Progress};
use crate::plan::Step;
use crate::run::apply::{line, receipts, record, span, started};
use crate::run::doing::Doing;
use crate::run::waiter::Waiter;
use crate::run::{Run, errors, frame, together, waiting_to_apply};
use crate::session::server_error::{Recovery, ServerError};
use crate::session::{Answer, SendError, Window};

impl Run<'_> {
    /// Sends the next migrations one behind the other, each in a transaction of its own, as long as
    /// nothing is in their way and nothing has to run outside of a transaction.
    pub(crate) async fn transactions(&mut self, tasks: &[Task]) -> Result<(), Error> {
        let depth = match self.waiter.is_obstructed() {
            true => 1,
            false => self.settings.depth,
        };
        let due = self.due(tasks);
        let share = depth.min(due.len());
        let is_shared =
            depth > 1 && !self.is_apart && together::is_new(&self.ledger, self.link.nonce());
        let attempt = self.waiter.next_attempt();
        let pipeline = Pipeline {
            frame: frame(
                &self.plan,
                &self.settings,
                self.batch,
                &self.link,
                &self.ledger,
            ),
            window: self.link.session.window(),
            ledger: &mut self.ledger,
            waiter: &self.waiter,
            listener: &self.settings.listener,
            progress: &mut self.progress,
            attempt,
            depth,
            share,
            is_shared,
            group: GroupCommit::new(depth),
            due,
            sent: VecDeque::new(),
            has_sent: false,
            unreported: Vec::new(),
            unapplied: None,
        };
        let (unreported, unapplied) = pipeline.drain().await;
        self.report_durably(unreported, unapplied.as_ref().map(|(_, why)| why))
            .await?;
        match unapplied {
            None => {
                self.waiter.advanced();
                Ok(())
            }
            Some((task, why)) => self.recover(&task, why, share).await,
        }
    }

    /// What can be sent without waiting for an answer in between.
    fn due(&self, tasks: &[Task]) -> VecDeque<Task> {
        let is_part = self.next(tasks).is_some_and(|task| task.part.is_some());
        let most = match is_part || self.waiter.is_obstructed() {
            true => 1,
            false => usize::MAX,
        };
        let pending = tasks
            .iter()
            .filter(|task| diff::is_pending(task, &self.ledger));
        pending
            .map(|task| diff::next_part(task, &self.ledger))
            .take(most)
            .take_while(|task| {
                matches!(task.step, Step::Transaction(_))
                    && task.part.is_some() == is_part
                    && diff::missing(task, &self.ledger).is_empty()
            })
            .collect()
    }

    async fn recover(&mut self, task: &Task, why: Unapplied, share: usize) -> Result<(), Error> {
        let refused = match why {
            Unapplied::Unanswered(error) => {
                return Err(self.message_failed(error, Doing::Applying(task.name)));
            }
            Unapplied::LostRace => return self.wait_for_others(&waiting_to_apply(task)).await,
            Unapplied::Shared => {
                self.is_apart = true;
                return Ok(());
            }
            Unapplied::Refused(refused) => refused,
        };
        let recovery = refused.recovery();
        if recovery == Recovery::Standby {
            return Err(errors::standby(&self.plan, &self.progress));
        }
        if recovery == Recovery::RetryOnce && share > 1 {
            // Its share of the time was too short: alone it has all of it.
            self.waiter.count_first_try();
            return self.wait(&waiting_to_apply(task)).await;
        }
        self.retry_or_fail(task, &refused).await
    }

    /// Makes the server flush, because the window has ended early, and reports what was applied. Without a
    /// flush nothing is reported; the next read of the ledger finds it.
    async fn report_durably(
        &mut self,
        unreported: Vec<Unreported>,
        why: Option<&Unapplied>,
    ) -> Result<(), Error> {
        if unreported.is_empty() || why.is_some_and(|why| !why.was_answered()) {
            return Ok(());
        }
        match (self.flush().await, why) {
            (Ok(()), _) => report(&self.settings.listener, &mut self.progress, unreported),
            // What matters is why the window ended.
            (Err(_), Some(_)) => {}
            (Err(error), None) => return Err(error),
        }
        Ok(())
    }

    /// Makes durable what is in the ledger, before it is reported.
    pub(crate) async fn make_durable(&mut self) -> Result<(), Error> {
        match self.ledger.is_deferred() && !self.ledger.standby {
            true => self.flush().await,
            false => Ok(()),
        }
    }

    /// Has the server wait until everything that is visible is durable.
    async fn flush(&mut self) -> Result<(), Error> {
        let message = messages::flush(self.waiter.own_limits().statement_timeout);
        let answer = self.link.session.send(&message).await;
        answer
            .map(drop)
            .map_err(|error| self.message_failed(error, Doing::Flushing))
    }
}

/// Messages in flight, each with one migration, and what their answers say.
struct Pipeline<'r> {
    frame: Frame<'r>,
    window: Window<'r>,
    ledger: &'r mut Ledger,
    waiter: &'r Waiter,
    listener: &'r Listener,
    progress: &'r mut Progress,
    attempt: LockAttempt,
    depth: usize,
    /// How many messages share the time that is left.
    share: usize,
    /// Whether migrations may share a transaction.
    is_shared: bool,
    group: GroupCommit,
    due: VecDeque<Task>,
    /// What each message in flight has.
    sent: VecDeque<Vec<(Task, Span)>>,
    has_sent: bool,
    unreported: Vec<Unreported>,
    unapplied: Option<(Task, Unapplied)>,
}

impl Pipeline<'_> {
    /// Sends what is due and reads the answers, until nothing is left or a message failed.
    async fn drain(mut self) -> (Vec<Unreported>, Option<(Task, Unapplied)>) {
        loop {
            self.fill();
            let Some(answer) = self.window.next().await else {
                break;
            };
            if !self.receive(answer) {
                break;
            }
        }
        (self.unreported, self.unapplied)
    }

    /// Sends as many as may be in flight. When the time is over, no more than what is in flight.
    fn fill(&mut self) {
        let is_over = self.waiter.clock.is_out_of_time();
        while self.unapplied.is_none()
            && self.window.len() < self.depth
            && !(is_over && self.has_sent)
        {
            let most = match self.is_shared {
                true => self.group.size(),
                false => 1,
            };
            let tasks = together::first(&mut self.due, self.frame.plan, most);
            if tasks.is_empty() {
                break;
            }
            self.send(tasks);
        }
    }

    fn send(&mut self, tasks: Vec<Task>) {
        let body = |task: &Task| messages::body(self.frame.plan, task.step.statements());
        let bodies: Vec<_> = tasks.iter().map(body).collect();
        let writes = tasks.iter().zip(&bodies).map(|(task, body)| Write {
            line: line(task, self.ledger.next_attempt(task.version)),
            body,
        });
        let writes: Vec<_> = writes.collect();
        let share = self.share.saturating_mul(tasks.len());
        let limits = self.waiter.bounded(self.attempt, share);
        let commit = self.group.next(self.due.is_empty());
        // What is in flight adds its lines to the last one that is known.
        let (head, ahead) = (self.ledger.head, self.sent.iter().map(Vec::len).sum());
        let message = messages::write(&self.frame, limits, commit, head, ahead, &writes);
        self.window.push(message);
        self.has_sent = true;
        for task in &tasks {
            self.listener.tell(|| started(task));
        }
        let spans = tasks.into_iter().map(|task| (task, span(&task)));
        self.sent.push_back(spans.collect());
    }

    /// Takes in the answer to the oldest message; false when no other answer will come.
    fn receive(&mut self, answer: Answer) -> bool {
        let Some(sent) = self.sent.pop_front() else {
            return false;
        };
        let is_last = matches!(answer, Err(SendError::Lost(_) | SendError::TimedOut));
        let tasks = sent.iter().map(|(task, _)| task);
        let lines = tasks.map(|task| line(task, self.ledger.next_attempt(task.version)));
        match (written(answer, lines), &self.unapplied) {
            (Ok(entries), None) => {
                for ((task, span), entry) in sent.into_iter().zip(entries) {
                    self.take(task, span, entry);
                }
            }
            (Err(why), None) => self.unapplied = unapplied(sent, why),
            // Behind a message that failed: it did nothing, or the next read of the ledger shows what it did.
            (Ok(_) | Err(_), Some(_)) => {}
        }
        !is_last
    }

    fn take(&mut self, task: Task, span: Span, entry: Entry) {
        self.group.took(entry.duration);
        let durability = Durability::of(&entry.run);
        self.unreported.push((task, span, entry.clone()));
        self.ledger.push(entry);
        if durability == Durability::Flushed {
            let unreported = std::mem::take(&mut self.unreported);
            report(self.listener, self.progress, unreported);
        }
    }
}

/// A migration that is applied and not yet reported.
type Unreported = (Task, Span, Entry);

fn report(listener: &Listener, progress: &mut Progress, unreported: Vec<Unreported>) {
    for (task, span, entry) in unreported {
        tracing::info!(
            parent: &span,
            seq = entry.seq,
            ms = entry.duration.as_millis(),
            "applied"
        );
        if entry.event.is_done() {
            let applied = Applied {
                version: task.version,
                name: task.name,
                duration: entry.duration,
            };
            progress.applied.push(applied.clone());
            listener.tell(|| Event::Applied(applied));
        }
    }
}

/// Why there is no receipt.
enum Unapplied {
    /// Another run holds the lock or was faster.
    LostRace,
    /// The server refused one of several that share a transaction: each is sent on its own.
    Shared,
    Refused(Box<ServerError>),
    Unanswered(SendError),
}

impl Unapplied {
    /// Whether the server has answered; without an answer the connection is of no more use.
    fn was_answered(&self) -> bool {
        match self {
            Self::LostRace | Self::Shared | Self::Refused(_) => true,
            Self::Unanswered(_) => false,
        }
    }
}

/// What failed: the message's only migration, or the first of those that share its transaction.
fn unapplied(sent: Vec<(Task, Span)>, why: Unapplied) -> Option<(Task, Unapplied)> {
    let is_shared = sent.len() > 1;
    let (task, span) = sent.into_iter().next()?;
    let why = match why {
        Unapplied::Refused(refused) if is_shared && refused.recovery() != Recovery::Standby => {
            tracing::debug!(
                db.response.status_code = refused.said.sqlstate(),
                "the server refused migrations that share a transaction: each gets its own"
            );
            Unapplied::Shared
        }
        Unapplied::Refused(refused) => {
            record(&span, &refused);
            Unapplied::Refused(refused)
        }
        why @ (Unapplied::LostRace | Unapplied::Shared | Unapplied::Unanswered(_)) => why,
    };
    Some((task, why))
}

fn written<'a>(
    answer: Answer,
    lines: impl Iterator<Item = Line<'a>>,
) -> Result<Vec<Entry>, Unapplied> {
    match answer {
        Ok(answer) => receipts(&answer, lines).ok_or(Unapplied::LostRace),
        Err(SendError::Refused(refused)) if refused.recovery() == Recovery::LookAgain => {
            Err(Unapplied::LostRace)
        }
        Err(SendError::Refused(refused)) => Err(Unapplied::Refused(refused)),
        Err(error) => Err(Unapplied::Unanswered(error)),
    }
}
