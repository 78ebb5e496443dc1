//! Applying what is pending, one migration behind the other.

use tokio_postgres::{SimpleQueryMessage, SimpleQueryRow};
use tracing::Span;

use crate::ledger::diff;
use crate::ledger::entry::{Entry, LedgerEvent};
use crate::ledger::task::Task;
use crate::messages::group_commit::Commit;
use crate::messages::{self, Limits, Line, Write};
use crate::outcome::error::Error;
use crate::outcome::event::Event;
use crate::plan::checksum::Checksum;
use crate::plan::version::Version;
use crate::plan::{Plan, Step};
use crate::run::doing::Doing;
use crate::run::{Run, errors, waiting_to_apply};
use crate::session::SendError;
use crate::session::row::{duration, parsed, row, text};
use crate::session::server_error::{Recovery, ServerError};

/// What became of a message that writes.
pub(crate) enum Written {
    /// There is a receipt, and the ledger here has the line.
    Committed,
    /// Another run holds the lock or was faster.
    LostRace,
    /// The server refused it; nothing of it is applied.
    Refused(Box<ServerError>),
}

impl Run<'_> {
    /// Applies what is pending among the tasks, in their order.
    pub(crate) async fn apply(&mut self, tasks: &[Task]) -> Result<(), Error> {
        self.lead(tasks).await?;
        // The run that created the ledger is applying the rest.
        if self.waiter.is_contended()
            && let Some(task) = self.next(tasks)
        {
            self.wait_for_others(&waiting_to_apply(&task)).await?;
        }
        if self.settings.in_one_transaction && self.ledger.entries.is_empty() {
            self.all_in_one_transaction(tasks).await?;
        }
        while let Some(task) = self.next(tasks) {
            if self.waiter.clock.is_out_of_time() {
                let doing = format!("{} was still to run", task.name);
                let budget = self.waiter.budget();
                return Err(errors::out_of_time(
                    &self.plan,
                    &self.progress,
                    budget,
                    doing,
                ));
            }
            self.require(&task).await?;
            match task.step {
                Step::Transaction(_) => self.transactions(tasks).await?,
                Step::BuildIndex(_)
                | Step::DropIndex { .. }
                | Step::DetachPartition { .. }
                | Step::NonTransactional { .. }
                | Step::Sequence { .. } => self.non_transactional(&task).await?,
            }
        }
        self.drop_left_indexes(tasks).await
    }

    pub(crate) fn next(&self, tasks: &[Task]) -> Option<Task> {
        tasks
            .iter()
            .find(|task| diff::is_pending(task, &self.ledger))
            .map(|task| diff::next_part(task, &self.ledger))
    }

    /// On a session of its own the run takes the module's lock before it works, so that no other run
    /// does the same work in vain. Without it, it looks whether there is still something to do.
    async fn lead(&mut self, tasks: &[Task]) -> Result<(), Error> {
        while self.link.is_direct() && !self.link.is_leading() {
            let Some(task) = self.next(tasks) else {
                return Ok(());
            };
            self.wait_for_others(&waiting_to_apply(&task)).await?;
        }
        if self.link.is_leading() {
            self.waiter.set_contended(false);
        }
        Ok(())
    }

    /// An empty database in one transaction, up to what cannot run in one.
    async fn all_in_one_transaction(&mut self, tasks: &[Task]) -> Result<(), Error> {
        let bodies = self.plain_bodies(tasks);
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
        let limits = self.waiter.limits();
        let message = self.flushed(limits, &writes);
        for (task, _) in &bodies {
            self.settings.listener.tell(|| started(task));
        }
        let answer = match self.link.session.send(&message).await {
            Ok(answer) => answer,
            Err(SendError::Refused(refused)) => {
                let culprit = bodies
                    .iter()
                    .find(|(task, _)| refused.is_about(task.step.statements()));
                let task = culprit.map_or(*first, |(task, _)| *task);
                return match self.not_written(refused)? {
                    Written::Refused(refused) => Err(self.statement_failed(task, &refused)),
                    Written::LostRace | Written::Committed => {
                        self.wait_for_others(&waiting_to_apply(task)).await
                    }
                };
            }
            Err(error) => return Err(self.message_failed(error, Doing::Applying(first.name))),
        };
        let lines = writes.iter().map(|write| write.line);
        for entry in receipts(&answer, lines).unwrap_or_default() {
            self.note(&entry);
            self.ledger.push(entry);
        }
        Ok(())
    }

    /// The first tasks, as far as they can run in one transaction, and what each of them sends.
    fn plain_bodies<'t>(&self, tasks: &'t [Task]) -> Vec<(&'t Task, String)> {
        let mut bodies = Vec::new();
        for task in tasks {
            let parts = task.parts();
            let body: Option<Vec<_>> = parts
                .iter()
                .map(|part| plainly(&self.plan, part.step))
                .collect();
            let Some(body) = body else {
                break;
            };
            let is_met = |version: &Version| {
                self.ledger.done(*version).is_some()
                    || bodies
                        .iter()
                        .any(|(before, _): &(&Task, _)| before.version == *version)
            };
            if !task.requires.iter().all(is_met) {
                break;
            }
            bodies.push((task, body.concat()));
        }
        bodies
    }

    /// A message that waits for the server's log.
    fn flushed(&self, limits: Limits, writes: &[Write<'_>]) -> String {
        let head = self.ledger.head;
        messages::write(&self.frame(), limits, Commit::Last, head, 0, writes)
    }

    /// Sends one write. With a receipt the line is in the ledger, here and there.
    pub(crate) async fn write(&mut self, line: Line<'_>, body: &str) -> Result<Written, Error> {
        self.write_all(&[Write { line, body }]).await
    }

    /// The same for several lines in one transaction: all of them, or none.
    pub(crate) async fn write_all(&mut self, writes: &[Write<'_>]) -> Result<Written, Error> {
        let limits = if writes.iter().all(|write| write.body.is_empty()) {
            self.waiter.own_limits()
        } else {
            self.waiter.limits()
        };
        let message = self.flushed(limits, writes);
        let name = writes.first().map_or("", |write| write.line.task.name);
        let answer = match self.link.session.send(&message).await {
            Ok(answer) => answer,
            Err(SendError::Refused(refused)) => return self.not_written(refused),
            Err(error) => return Err(self.message_failed(error, Doing::Applying(name))),
        };
        let lines = writes.iter().map(|write| write.line);
        let Some(entries) = receipts(&answer, lines.clone()) else {
            return Ok(Written::LostRace);
        };
        for (line, entry) in lines.zip(entries) {
            self.took(line, entry);
        }
        Ok(Written::Committed)
    }

    /// The ledger has the line.
    fn took(&mut self, line: Line<'_>, entry: Entry) {
        tracing::info!(
            migration = line.task.name,
            event = line.event.as_str(),
            seq = entry.seq,
            ms = entry.duration.as_millis(),
            "wrote the ledger"
        );
        if line.event.is_run() {
            self.note(&entry);
        }
        if line.event.is_done() || line.event == LedgerEvent::Finished {
            self.waiter.advanced();
        }
        self.ledger.push(entry);
    }

    fn not_written(&self, refused: Box<ServerError>) -> Result<Written, Error> {
        let recovery = refused.recovery();
        if recovery == Recovery::Standby {
            Err(errors::standby(&self.plan, &self.progress))
        } else if recovery == Recovery::LookAgain {
            Ok(Written::LostRace)
        } else {
            Ok(Written::Refused(refused))
        }
    }

    /// Tries again what may pass, while there is time; everything else is final.
    pub(crate) async fn retry_or_fail(
        &mut self,
        task: &Task,
        refused: &ServerError,
    ) -> Result<(), Error> {
        let tries = self.waiter.count_try();
        let again = refused.recovery().may_retry(tries);
        tracing::warn!(
            migration = task.name,
            db.response.status_code = refused.said.sqlstate(),
            tries,
            again,
            "the server refused a migration"
        );
        self.settings.listener.tell(|| Event::Refused {
            version: task.version,
            name: task.name,
            sqlstate: refused.said.sqlstate().to_owned(),
            tries,
            again,
        });
        if !again {
            return self.fail_unless_applied(task, refused).await;
        }
        let doing = waiting_to_apply(task);
        if refused.is_lock_timeout() || refused.is_deadlock() {
            let waiter = &mut self.waiter;
            return match waiter
                .wait_for_free_tables(&mut self.link, task, refused, &doing)
                .await
            {
                true => self.look_again().await,
                false => Err(self.statement_failed(task, refused)),
            };
        }
        match self.wait(&doing).await {
            Err(Error::Locked { .. }) => Err(self.statement_failed(task, refused)),
            answer => answer,
        }
    }

    /// What a statement of the migration said has ended its transaction. Any other error may have come behind
    /// the COMMIT, so that only another look can tell whether the migration is applied.
    async fn fail_unless_applied(
        &mut self,
        task: &Task,
        refused: &ServerError,
    ) -> Result<(), Error> {
        let failed = Err(self.statement_failed(task, refused));
        if !matches!(task.step, Step::Transaction(_)) || refused.is_about(task.step.statements()) {
            return failed;
        }
        match self.look_again().await {
            Ok(()) if diff::is_pending(task, &self.ledger) => failed,
            Ok(()) => Ok(()),
            Err(error @ (Error::Connection { .. } | Error::OutOfTime { .. })) => Err(error),
            // What matters is why the migration failed.
            Err(_) => failed,
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

/// What a step sends in a transaction, when no session uses its tables yet; `None` when it cannot run in one.
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
        Step::DetachPartition { .. } | Step::NonTransactional { .. } | Step::Sequence { .. } => {
            None
        }
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

pub(crate) fn record(span: &Span, refused: &ServerError) {
    span.record("db.response.status_code", refused.said.sqlstate());
    span.record("error.type", refused.said.sqlstate());
}

/// What a message that writes these lines answers; `None` when a line is missing, because another run was faster.
pub(crate) fn receipts<'a>(
    answer: &[SimpleQueryMessage],
    lines: impl Iterator<Item = Line<'a>>,
) -> Option<Vec<Entry>> {
    let rows: Vec<_> = answer.iter().filter_map(row).collect();
    lines
        .map(|line| rows.iter().find_map(|row| entry(row, line)))
        .collect()
}

fn entry(row: &SimpleQueryRow, line: Line<'_>) -> Option<Entry> {
    let chain: Checksum = parsed(row, "chain")?;
    let is_ours = text(row, "version") == Some(&*line.task.version.to_string())
        && text(row, "event").and_then(LedgerEvent::of) == Some(line.event);
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
        compatible_from: parsed(row, "compatible_from"),
    })
}
