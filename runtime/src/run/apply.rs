//! Applying what is pending, one migration behind the other.

use tracing::Span;

use crate::ledger::diff;
use crate::ledger::durability::Commit;
use crate::ledger::entry::{Entry, Event as Told};
use crate::ledger::task::Task;
use crate::messages::{self, Limits, Line, Write};
use crate::outcome::error::Error;
use crate::outcome::event::Event;
use crate::plan::checksum::Checksum;
use crate::plan::{Plan, Step};
use crate::run::{Run, Written, applying, waiting_to_apply};
use crate::session::Trouble;
use crate::session::row::{duration, parsed, row, text};
use crate::session::server_error::{Reaction, Refusal};

impl Run<'_> {
    /// Applies what is pending among the tasks, in their order.
    pub(crate) async fn apply(&mut self, tasks: &[Task]) -> Result<(), Error> {
        self.lead(tasks).await?;
        // Whoever made the ledger is at work on the rest.
        if self.rivals
            && let Some(task) = self.next(tasks)
        {
            self.wait_for_others(&waiting_to_apply(&task)).await?;
        }
        if self.settings.at_once && self.ledger.entries.is_empty() {
            self.all_at_once(tasks).await?;
        }
        while let Some(task) = self.next(tasks) {
            if self.remaining().is_some_and(|left| left.is_zero()) {
                return Err(self.out_of_time(format!("{} was still to run", task.name)));
            }
            self.require(&task)?;
            match task.step {
                Step::Transaction(_) => self.transactions(tasks).await?,
                Step::BuildIndex(_)
                | Step::DropIndex { .. }
                | Step::Alone { .. }
                | Step::Sequence { .. } => self.detached(&task).await?,
            }
        }
        self.tidy(tasks).await
    }

    pub(crate) fn next(&self, tasks: &[Task]) -> Option<Task> {
        tasks
            .iter()
            .find(|task| diff::is_pending(task, &self.ledger))
            .map(|task| diff::next_part(task, &self.ledger))
    }

    /// On a session of its own the run takes the module's lock before it works, so that nobody else
    /// does the same work in vain. Who does not get it looks whether there is still something to do.
    async fn lead(&mut self, tasks: &[Task]) -> Result<(), Error> {
        while self.session.is_direct() && !self.leading {
            let Some(task) = self.next(tasks) else {
                return Ok(());
            };
            self.wait_for_others(&waiting_to_apply(&task)).await?;
        }
        self.rivals &= !self.leading;
        Ok(())
    }

    /// Something was applied: whatever was in the way is not any more.
    pub(crate) fn got_on(&mut self) {
        self.tries = 0;
        self.rivals = false;
        self.contention = None;
        self.backoff.reset();
        self.stop_waiting();
    }

    /// An empty database in one transaction, up to what cannot run in one.
    async fn all_at_once(&mut self, tasks: &[Task]) -> Result<(), Error> {
        let mut bodies = Vec::new();
        for task in tasks {
            let body: Option<Vec<_>> = task
                .parts()
                .iter()
                .map(|part| plainly(&self.plan, part.step))
                .collect();
            let Some(body) = body else {
                break;
            };
            self.require(task)?;
            bodies.push((task, body.concat()));
        }
        let writes: Vec<_> = bodies
            .iter()
            .map(|(task, body)| Write {
                line: line(task, 1),
                body,
            })
            .collect();
        let Some((first, _)) = bodies.first() else {
            return Ok(());
        };
        let limits = self.limits();
        let message = self.flushed(limits, &writes);
        for (task, _) in &bodies {
            self.settings.listener.tell(|| started(task));
        }
        let answer = match self.session.transact(&message).await {
            Ok(answer) => answer,
            Err(Trouble::Refused(refusal)) => {
                let culprit = bodies
                    .iter()
                    .find(|(task, _)| refusal.is_about(task.step.statements()));
                let task = culprit.map_or(*first, |(task, _)| *task);
                return match refusal.reaction() {
                    Reaction::LookAgain => self.wait_for_others(&waiting_to_apply(task)).await,
                    Reaction::Standby => Err(self.standby()),
                    Reaction::Rebuild
                    | Reaction::ForeignSchema
                    | Reaction::RollBack
                    | Reaction::Permission
                    | Reaction::Retry
                    | Reaction::RetryOnce
                    | Reaction::Lost
                    | Reaction::Fail => Err(self.failed(task, &refusal)),
                };
            }
            Err(trouble) => return Err(self.trouble(trouble, &applying(first))),
        };
        let receipts: Vec<_> = answer.iter().filter_map(row).collect();
        for (task, _) in &bodies {
            let version = task.version.to_string();
            let receipt = receipts
                .iter()
                .find(|row| text(row, "version") == Some(&*version));
            if let Some(entry) = receipt.and_then(|row| entry(row, line(task, 1))) {
                self.note(&entry);
                self.ledger.push(entry);
            }
        }
        Ok(())
    }

    /// A message that waits for the server's log.
    fn flushed(&self, limits: Limits, writes: &[Write<'_>]) -> String {
        let head = self.ledger.head;
        messages::write(&self.frame(), limits, Commit::Flushed, head, 0, writes)
    }

    /// Sends one write. With a receipt the line is in the ledger, here and there.
    pub(crate) async fn write(&mut self, line: Line<'_>, body: &str) -> Result<Written, Error> {
        let limits = if body.is_empty() {
            self.own_limits()
        } else {
            self.limits()
        };
        let writes = [Write { line, body }];
        let message = self.flushed(limits, &writes);
        let answer = match self.session.transact(&message).await {
            Ok(answer) => answer,
            Err(Trouble::Refused(refusal)) => {
                return match refusal.reaction() {
                    Reaction::LookAgain => Ok(Written::Moved),
                    Reaction::Standby => Err(self.standby()),
                    Reaction::Rebuild
                    | Reaction::ForeignSchema
                    | Reaction::RollBack
                    | Reaction::Permission
                    | Reaction::Retry
                    | Reaction::RetryOnce
                    | Reaction::Lost
                    | Reaction::Fail => Ok(Written::Refused(refusal)),
                };
            }
            Err(trouble) => return Err(self.trouble(trouble, &applying(line.task))),
        };
        let receipt = answer
            .iter()
            .filter_map(row)
            .find_map(|row| entry(row, line));
        let Some(entry) = receipt else {
            return Ok(Written::Moved);
        };
        tracing::info!(
            migration = line.task.name,
            event = line.event.as_str(),
            seq = entry.seq,
            ms = entry.duration.as_millis(),
            "wrote the ledger"
        );
        if line.event.is_done() {
            self.note(&entry);
        }
        if line.event.is_done() || line.event == Told::Finished {
            self.got_on();
        }
        self.ledger.push(entry);
        Ok(Written::Committed)
    }

    /// Passing trouble is tried again while there is time; everything else is final.
    pub(crate) async fn retry_or_fail(
        &mut self,
        task: &Task,
        refusal: &Refusal,
    ) -> Result<(), Error> {
        self.tries = self.tries.saturating_add(1);
        let again = match refusal.reaction() {
            Reaction::Retry => true,
            Reaction::RetryOnce | Reaction::Rebuild => self.tries < 2,
            Reaction::LookAgain
            | Reaction::Standby
            | Reaction::ForeignSchema
            | Reaction::RollBack
            | Reaction::Permission
            | Reaction::Lost
            | Reaction::Fail => false,
        };
        tracing::warn!(
            migration = task.name,
            db.response.status_code = refusal.said.sqlstate(),
            tries = self.tries,
            again,
            "the server refused a migration"
        );
        self.settings.listener.tell(|| Event::Refused {
            version: task.version,
            name: task.name,
            sqlstate: refusal.said.sqlstate().to_owned(),
            tries: self.tries,
            again,
        });
        if !again {
            return Err(self.failed(task, refusal));
        }
        if refusal.is_lock_timeout() {
            return match self.look_for_a_moment(task).await? {
                true => Ok(()),
                false => Err(self.failed(task, refusal)),
            };
        }
        match self.wait(&waiting_to_apply(task)).await {
            Err(Error::Locked { .. }) => Err(self.failed(task, refusal)),
            answer => answer,
        }
    }
}

pub(crate) fn line(task: &Task, attempt: i32) -> Line<'_> {
    Line {
        event: task.done(),
        task,
        attempt,
        checksum: task.done_checksum(),
    }
}

/// What a step is when nobody uses its tables yet; `None` when it can be nothing else than it is.
fn plainly(plan: &Plan, step: &Step) -> Option<String> {
    match step {
        Step::Transaction(statements) => Some(messages::body(plan, statements)),
        Step::BuildIndex(build) => {
            let plain = messages::build_plainly(build);
            Some(messages::body_of(plan, [&*plain]))
        }
        Step::DropIndex { schema, index, .. } => {
            let plain = messages::drop_plainly(schema, index);
            Some(messages::body_of(plan, [&*plain]))
        }
        Step::Alone { .. } | Step::Sequence { .. } => None,
    }
}

pub(crate) fn started(task: &Task) -> Event {
    Event::Started {
        version: task.version,
        name: task.name,
    }
}

/// OpenTelemetry's names for database clients.
pub(crate) fn span(task: &Task) -> Span {
    tracing::info_span!(
        "migration",
        otel.kind = "client",
        db.system.name = "postgresql",
        db.operation.name = "migrate",
        db.query.summary = task.name,
        db.response.status_code = tracing::field::Empty,
        error.r#type = tracing::field::Empty,
        onward.version = %task.version,
        onward.category = task.version.category().as_str(),
    )
}

pub(crate) fn record(span: &Span, refusal: &Refusal) {
    span.record("db.response.status_code", refusal.said.sqlstate());
    span.record("error.type", refusal.said.sqlstate());
}

pub(crate) fn entry(row: &tokio_postgres::SimpleQueryRow, line: Line<'_>) -> Option<Entry> {
    let chain: Checksum = parsed(row, "chain")?;
    let is_ours = text(row, "version") == Some(&*line.task.version.to_string())
        && text(row, "event").and_then(Told::of) == Some(line.event);
    is_ours.then_some(())?;
    Some(Entry {
        seq: parsed(row, "seq")?,
        event: line.event,
        version: line.task.version,
        name: line.task.name.to_owned(),
        attempt: line.attempt,
        checksum: line.checksum,
        chain,
        at: parsed(row, "at")?,
        by: parsed(row, "who")?,
        duration: duration(row),
        run: parsed(row, "run")?,
        compatible_from: None,
    })
}
