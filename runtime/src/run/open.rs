//! Reading the ledger, and creating it when there is none.

use tokio_postgres::SimpleQueryMessage;

use crate::ledger::entry::{Entry, LedgerEvent};
use crate::ledger::task::tasks;
use crate::ledger::{Ledger, diff};
use crate::messages::{self, Line};
use crate::outcome::error::Error;
use crate::outcome::event::Event;
use crate::outcome::progress::Applied;
use crate::outcome::report::Report;
use crate::plan::version::{Category, Version};
use crate::run::doing::Doing;
use crate::run::{Goal, Run, errors, pending};
use crate::session::SendError;
use crate::session::row::{flag, parsed, row};
use crate::session::server_error::{Recovery, ServerError};

impl Run<'_> {
    /// Reads the ledger, and creates it when there is none.
    pub(super) async fn open(&mut self, mut exists: bool) -> Result<(), Error> {
        while !(exists && self.look().await?) {
            // Who has logged in was asked by the look that found nothing, unless the ledger was looked for here.
            if self.bootstrap().await? && !exists {
                break;
            }
            exists = true;
        }
        let all = tasks(&self.plan);
        let due = all
            .iter()
            .filter(|task| diff::is_pending(task, &self.ledger));
        let due: Vec<_> = due.map(pending).collect();
        if !due.is_empty() {
            self.settings
                .listener
                .tell(|| Event::Behind { pending: due });
        }
        Ok(())
    }

    /// Reads the ledger and compares it with the plan; false when there is none. On a session of its
    /// own the run asks for the module's lock with the same message.
    pub(crate) async fn look(&mut self) -> Result<bool, Error> {
        Ok(self.look_with("").await?.is_some())
    }

    /// The same with another question behind it, in the same message. Returns the whole answer.
    pub(crate) async fn look_with(
        &mut self,
        question: &str,
    ) -> Result<Option<Vec<SimpleQueryMessage>>, Error> {
        let limit = messages::limit(self.waiter.own_limits());
        let read = messages::read(&self.plan, self.link.set_role(), &limit);
        let lead = self.link.lead().unwrap_or_default();
        let message = [&*lead, &read, question].concat();
        match self.link.session.send_again(&message).await {
            Ok(answer) => {
                self.take(&answer).await?;
                Ok(Some(answer))
            }
            Err(SendError::Refused(refused)) if refused.is_missing() => Ok(None),
            Err(error) => Err(self.message_failed(error, Doing::ReadingLedger)),
        }
    }

    /// Updates the run from the ledger that was read.
    async fn take(&mut self, answer: &[SimpleQueryMessage]) -> Result<(), Error> {
        self.link.note_lead(answer);
        self.link.note_namespace(answer);
        self.ledger = Ledger::parse(answer).with_baseline(&self.plan);
        self.note_role(self.ledger.privileged.clone())?;
        tracing::debug!(head = self.ledger.head.seq, "read the ledger");
        // What a lost message of this run has written after all.
        let unknown: Vec<Entry> = self
            .ledger
            .entries
            .iter()
            .filter(|entry| entry.run.starts_with(self.link.nonce()) && entry.event.is_run())
            .cloned()
            .collect();
        if !unknown.is_empty() {
            self.make_durable().await?;
        }
        for entry in unknown {
            self.note(&entry);
        }
        errors::check(&self.plan, &self.ledger, &self.progress)
    }

    /// Adds a line of the run itself to its progress, unless the progress has it.
    pub(super) fn note(&mut self, entry: &Entry) {
        let is_known = self
            .progress
            .applied
            .iter()
            .any(|applied| applied.version == entry.version);
        let all = tasks(&self.plan);
        let Some(task) = all.iter().find(|task| task.version == entry.version) else {
            return;
        };
        if is_known {
            return;
        }
        let applied = Applied {
            version: task.version,
            name: task.name,
            duration: entry.duration,
        };
        self.progress.applied.push(applied.clone());
        self.settings.listener.tell(|| Event::Applied(applied));
    }

    /// True when the ledger is created and known without a look.
    async fn bootstrap(&mut self) -> Result<bool, Error> {
        let message = messages::bootstrap(&self.frame(), self.waiter.own_limits());
        let Some(answer) = self.create(message).await? else {
            return Ok(false);
        };
        self.link.note_lead(&answer);
        self.link.note_namespace(&answer);
        self.ledger = Ledger::created(messages::first_head(&self.plan));
        errors::check(&self.plan, &self.ledger, &self.progress)?;
        Ok(!answer
            .iter()
            .filter_map(row)
            .any(|row| flag(row, "watched")))
    }

    /// Creates the ledger of a schema that another tool has filled: with a line for each migration up to this one,
    /// and why, in one transaction.
    pub(crate) async fn adopt(
        &mut self,
        event: LedgerEvent,
        through: Version,
        why: &str,
    ) -> Result<Report, Error> {
        let all = tasks(&self.plan);
        let lines = all.iter().filter(|task| is_before(task.version, through));
        let lines = lines.map(|task| Line {
            event,
            task,
            attempt: 1,
            checksum: task.checksum,
        });
        let lines: Vec<_> = lines.collect();
        loop {
            if self.look().await? {
                let schema = self.plan.schema();
                return Err(Error::HasLedger { schema });
            }
            let limits = self.waiter.own_limits();
            let message = messages::adopt(&self.frame(), limits, &lines, why);
            if let Some(answer) = self.create(message).await? {
                self.take(&answer).await?;
                return Ok(self.finish(Goal::Startup));
            }
        }
    }

    /// The answer to the message that creates the ledger. `None` when it is worth to look again.
    async fn create(&mut self, message: String) -> Result<Option<Vec<SimpleQueryMessage>>, Error> {
        let sent: Vec<_> = self.link.lead().into_iter().chain([message]).collect();
        let count = sent.len();
        let mut answers = self.link.session.send_all(sent).await;
        let created = (answers.len() == count).then(|| answers.pop()).flatten();
        let mut rows = Vec::new();
        for answer in answers {
            rows.extend(answer.map_err(|error| self.message_failed(error, Doing::CreatingLedger))?);
        }
        match created.unwrap_or(Err(SendError::TimedOut)) {
            Ok(answer) => rows.extend(answer),
            Err(SendError::Refused(refused)) => {
                return self.not_created(refused).await.map(|()| None);
            }
            Err(error) => return Err(self.message_failed(error, Doing::CreatingLedger)),
        }
        tracing::info!("created the ledger");
        self.waiter.reset_tries();
        self.settings.listener.tell(|| Event::LedgerCreated);
        Ok(Some(rows))
    }

    /// An error unless it is worth to look again: another run may have created it, or is about to.
    async fn not_created(&mut self, refused: Box<ServerError>) -> Result<(), Error> {
        let recovery = refused.recovery();
        let is_race = recovery == Recovery::LookAgain || refused.is_race();
        self.waiter.set_contended(is_race);
        if recovery == Recovery::ForeignSchema {
            return Err(self.foreign_schema().await);
        }
        if recovery == Recovery::RenamedSchema {
            return Err(Error::RenamedSchema {
                schema: self.plan.schema(),
                renamed: refused.in_schema.unwrap_or_default(),
            });
        }
        let is_again = recovery == Recovery::RetryOnce && self.waiter.tries() == 0;
        if is_again {
            self.waiter.count_try();
        }
        let passes = recovery == Recovery::Retry || recovery == Recovery::RollBack;
        if !(is_race || passes || is_again) {
            return Err(self.message_failed(SendError::Refused(refused), Doing::CreatingLedger));
        }
        self.pause("waiting to create the ledger").await
    }

    pub(super) async fn foreign_schema(&mut self) -> Error {
        let message = messages::foreign_objects(&self.plan);
        match self.link.session.send(&message).await {
            Ok(answer) => Error::ForeignSchema {
                schema: self.plan.schema(),
                objects: answer
                    .iter()
                    .filter_map(row)
                    .filter_map(|row| parsed(row, "object"))
                    .collect(),
            },
            Err(error) => self.message_failed(error, Doing::ListingObjects),
        }
    }
}

/// Whether a migration ran before this one, or is it, when nothing was left out. Seeds run again, and data migrations find
/// nothing to do.
fn is_before(version: Version, through: Version) -> bool {
    let is_released = through.category() == Category::Release;
    match version.category() {
        Category::Startup => is_released || version <= through,
        Category::Release => is_released && version <= through,
        Category::Seed | Category::Data => false,
    }
}
