//! Migrations that are sent one behind the other, each in a transaction of its own.
//!
//! Of such a window only some transactions wait for the server's log. What a run tells is durable: of
//! the others it tells nothing before one behind them has waited.

use std::collections::VecDeque;

use tracing::Span;

use crate::ledger::diff;
use crate::ledger::durability::Commit;
use crate::ledger::entry::Entry;
use crate::ledger::task::Task;
use crate::messages::group_commit::Group;
use crate::messages::{self, Write};
use crate::outcome::error::Error;
use crate::outcome::event::Event;
use crate::outcome::progress::{Applied, Progress};
use crate::plan::Step;
use crate::run::apply::{entry, line, record, span, started};
use crate::run::settings::Settings;
use crate::run::wait::{bounded, remaining};
use crate::run::{Run, applying, waiting_to_apply};
use crate::session::row::row;
use crate::session::server_error::{Reaction, Refusal};
use crate::session::{Answer, Trouble};

impl Run<'_> {
    /// Sends the next migrations one behind the other, each in a transaction of its own, as long as
    /// nothing is in their way and nothing has to run outside of a transaction.
    pub(crate) async fn transactions(&mut self, tasks: &[Task]) -> Result<(), Error> {
        let is_part = self.next(tasks).is_some_and(|task| task.part.is_some());
        let is_alone = is_part || self.rivals || self.tries > 0 || self.contention.is_some();
        let depth = if is_alone { 1 } else { self.settings.depth };
        let mut due: VecDeque<Task> = tasks
            .iter()
            .filter(|task| diff::is_pending(task, &self.ledger))
            .map(|task| diff::next_part(task, &self.ledger))
            .take(if is_alone { 1 } else { usize::MAX })
            .take_while(|task| {
                matches!(task.step, Step::Transaction(_))
                    && task.part.is_some() == is_part
                    && self.require(task).is_ok()
            })
            .collect();
        let share = depth.min(due.len());
        let mut sent: VecDeque<(Task, Span)> = VecDeque::new();
        let mut has_sent = false;
        let mut untold = Vec::new();
        let mut group = Group::new(depth);
        let mut trouble = None;
        let queue = self.next_queue();
        let started_at = self.started;
        let has_functions = self.ledger.has_functions;
        let Self {
            plan,
            settings,
            session,
            ledger,
            progress,
            role,
            nonce,
            ..
        } = self;
        let frame = messages::Frame {
            plan,
            role,
            run: nonce,
            compatible_from: settings.compatible_from,
            has_functions,
        };
        let mut window = session.window();
        loop {
            // Nothing more when the budget is over: what is on its way is the end.
            let is_over = remaining(settings, started_at).is_some_and(|left| left.is_zero());
            while trouble.is_none() && window.len() < depth && !(is_over && has_sent) {
                let Some(task) = due.pop_front() else {
                    break;
                };
                let body = match task.step {
                    Step::Transaction(statements) => messages::body(plan, statements),
                    Step::BuildIndex(_)
                    | Step::DropIndex { .. }
                    | Step::Alone { .. }
                    | Step::Sequence { .. } => break,
                };
                let line = line(&task, ledger.next_attempt(task.version));
                let writes = [Write { line, body: &body }];
                let limits = bounded(settings, started_at, queue, share);
                let commit = group.next(due.is_empty());
                // Each message on its way adds one line to the last one that is known.
                let (head, ahead) = (ledger.head, window.len());
                window.push(messages::write(
                    &frame, limits, commit, head, ahead, &writes,
                ));
                has_sent = true;
                settings.listener.tell(|| started(&task));
                sent.push_back((task, span(&task)));
            }
            let Some(answer) = window.next().await else {
                break;
            };
            let Some((task, span)) = sent.pop_front() else {
                break;
            };
            let is_over = matches!(answer, Err(Trouble::Lost(_) | Trouble::Silent));
            match judge(answer, &task, ledger.next_attempt(task.version)) {
                Ok(entry) if trouble.is_none() => {
                    group.took(entry.duration);
                    let commit = Commit::of(&entry.run);
                    untold.push((task, span, entry.clone()));
                    ledger.push(entry);
                    if commit == Commit::Flushed {
                        tell(settings, progress, untold.drain(..));
                    }
                }
                // Behind a message that failed: it did nothing, or the next look finds what it did.
                Ok(_) => {}
                Err(unapplied) => {
                    if let Unapplied::Refused(refusal) = &unapplied
                        && trouble.is_none()
                    {
                        record(&span, refusal);
                    }
                    trouble.get_or_insert((task, unapplied));
                }
            }
            if is_over {
                break;
            }
        }
        drop(window);
        if trouble.as_ref().is_some_and(|(_, why)| why.was_answered()) {
            self.session.roll_back().await;
        }
        self.tell_durably(untold, trouble.as_ref().map(|(_, why)| why))
            .await?;
        let Some((task, unapplied)) = trouble else {
            self.got_on();
            return Ok(());
        };
        match unapplied {
            Unapplied::Trouble(trouble) => Err(self.trouble(trouble, &applying(&task))),
            Unapplied::Moved => self.wait_for_others(&waiting_to_apply(&task)).await,
            Unapplied::Refused(refusal) => {
                if refusal.reaction() == Reaction::RetryOnce && share > 1 {
                    // Its share of the time was too short: alone it has all of it.
                    self.tries = self.tries.max(1);
                    return self.wait(&waiting_to_apply(&task)).await;
                }
                self.retry_or_fail(&task, &refusal).await
            }
        }
    }

    /// What was applied and waits for a flush that does not come by itself, because the window has ended
    /// early. Without a flush nothing is told; whoever looks at the ledger next finds it.
    async fn tell_durably(
        &mut self,
        untold: Vec<Untold>,
        why: Option<&Unapplied>,
    ) -> Result<(), Error> {
        if untold.is_empty() || why.is_some_and(|why| !why.was_answered()) {
            return Ok(());
        }
        match (self.flush().await, why) {
            (Ok(()), _) => tell(&self.settings, &mut self.progress, untold),
            // Why the window ended is the news.
            (Err(_), Some(_)) => {}
            (Err(error), None) => return Err(error),
        }
        Ok(())
    }

    /// Makes durable what the ledger says, before it is told.
    pub(crate) async fn settle(&mut self) -> Result<(), Error> {
        match self.ledger.is_deferred() && !self.ledger.standby {
            true => self.flush().await,
            false => Ok(()),
        }
    }

    /// Has the server wait until everything that is visible is durable.
    async fn flush(&mut self) -> Result<(), Error> {
        let message = messages::flush(self.own_limits().statement_timeout);
        let answer = self.session.send(&message).await;
        let doing = "waiting until what was applied is on the server's disk";
        answer
            .map(drop)
            .map_err(|trouble| self.trouble(trouble, doing))
    }
}

/// A migration that is applied, and of which nobody knows.
type Untold = (Task, Span, Entry);

fn tell(settings: &Settings, progress: &mut Progress, untold: impl IntoIterator<Item = Untold>) {
    for (task, span, entry) in untold {
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
            settings.listener.tell(|| Event::Applied(applied));
        }
    }
}

/// Why there is no receipt.
enum Unapplied {
    Moved,
    Refused(Box<Refusal>),
    Trouble(Trouble),
}

impl Unapplied {
    /// Whether the server has said something; else the connection is of no more use.
    fn was_answered(&self) -> bool {
        match self {
            Self::Moved | Self::Refused(_) | Self::Trouble(Trouble::Refused(_)) => true,
            Self::Trouble(Trouble::Lost(_) | Trouble::Silent) => false,
        }
    }
}

fn judge(answer: Answer, task: &Task, attempt: i32) -> Result<Entry, Unapplied> {
    match answer {
        Ok(answer) => answer
            .iter()
            .filter_map(row)
            .find_map(|row| entry(row, line(task, attempt)))
            .ok_or(Unapplied::Moved),
        Err(Trouble::Refused(refusal)) => Err(match refusal.reaction() {
            Reaction::LookAgain => Unapplied::Moved,
            Reaction::Standby => Unapplied::Trouble(Trouble::Refused(refusal)),
            Reaction::Rebuild
            | Reaction::ForeignSchema
            | Reaction::RollBack
            | Reaction::Permission
            | Reaction::Retry
            | Reaction::RetryOnce
            | Reaction::Lost
            | Reaction::Fail => Unapplied::Refused(refusal),
        }),
        Err(trouble) => Err(Unapplied::Trouble(trouble)),
    }
}
