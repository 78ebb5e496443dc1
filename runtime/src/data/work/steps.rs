//! Everything but batches: beginning, passes, the last check, and what runs as a whole.

use std::time::Duration;

use crate::data::event::Event;
use crate::data::next::{self, Deed, Pending};
use crate::data::pace::Pace;
use crate::ledger::data::State;
use crate::ledger::entry::LedgerEvent;
use crate::messages::data::Also;
use crate::messages::{self, Line};
use crate::outcome::error::Error;
use crate::plan::Job;
use crate::run::apply::Written;
use crate::run::doing::Doing;
use crate::session::SendError;
use crate::session::row::{flag, row};

use super::batches::{Reply, is_about_rows};
use super::{Mode, STANDING_BY, Work, limits};

/// How long the question for rows that are left may take.
const CHECK_TIMEOUT: Duration = Duration::from_secs(15 * 60);

impl Work<'_> {
    /// Writes down that it has begun, with a line of its progress.
    pub(super) async fn begin(&mut self, pending: Pending) -> Result<Duration, Error> {
        let (ranges, size) = match &pending.kind.job {
            Job::Ranges(ranges) => (Some(ranges), Pace::first_size(ranges.rows)),
            Job::Code => (None, CODE_ROWS),
            Job::Whole | Job::Repeated | Job::Background => (None, 1),
        };
        let state = match pending.kind.approve {
            true => State::Approval,
            false => State::Running,
        };
        let name = self.name.clone();
        let frame = self.run()?.frame();
        let task = &pending.task;
        let body = messages::data::begin_body(&frame, task, ranges, state, size, &name);
        if !self
            .write(&pending, LedgerEvent::DataStarted, &body)
            .await?
        {
            return Ok(STANDING_BY);
        }
        tracing::info!(migration = pending.task.name, "began a data migration");
        self.worker.listener.tell(|| Event::Begun {
            version: pending.task.version,
            name: pending.task.name,
        });
        Ok(Duration::ZERO)
    }

    /// Adds a line about it to the ledger; false when another session was faster or is in the way.
    async fn write(
        &mut self,
        pending: &Pending,
        event: LedgerEvent,
        body: &str,
    ) -> Result<bool, Error> {
        let task = pending.task.without_step();
        let line = Line {
            event,
            task: &task,
            attempt: 1,
            checksum: task.checksum,
        };
        let run = self.run()?;
        match run.write(line, body).await? {
            Written::Committed => Ok(true),
            Written::LostRace => Ok(false),
            // Another worker has written it, or it may pass.
            Written::Refused(refused)
                if refused.said.sqlstate() == "23505" || refused.recovery().may_retry(1) =>
            {
                Ok(false)
            }
            Written::Refused(refused) => {
                let doing = Doing::Applying(task.name);
                Err(run.message_failed(SendError::Refused(refused), doing))
            }
        }
    }

    /// Begins a pass over the table.
    pub(super) async fn pass(&mut self, pending: Pending) -> Result<Duration, Error> {
        let Job::Ranges(ranges) = &pending.kind.job else {
            return Ok(Duration::ZERO);
        };
        let size = match &pending.progress {
            Some(progress) if progress.pass > 0 => progress.size.max(1),
            Some(_) | None => Pace::first_size(ranges.rows),
        };
        let reply = self
            .send(&pending, |target| {
                messages::data::pass(target, ranges, size)
            })
            .await?;
        match reply {
            Reply::Moved => Ok(Duration::ZERO),
            Reply::Refused(refused) => self.refused(pending, &refused, None).await,
            Reply::Progress(progress, _) => {
                self.worker.listener.tell(|| Event::Pass {
                    version: pending.task.version,
                    name: pending.task.name,
                    number: progress.pass,
                });
                self.at_hand = Some(Pending {
                    progress: Some(*progress),
                    ..pending
                });
                Ok(Duration::ZERO)
            }
        }
    }

    /// Asks whether a row is left; if none is, it is done.
    pub(super) async fn check(&mut self, pending: Pending) -> Result<Duration, Error> {
        if self.is_unlisted(&pending).await? {
            return self.fail(&pending, messages::data::UNLISTED).await;
        }
        let progress = pending.progress.as_ref();
        let has_skipped = progress.is_some_and(|progress| progress.skipped > 0);
        if let Some(query) = pending.kind.unfinished {
            self.expect_answers_within(Some(CHECK_TIMEOUT));
            let run = self.run()?;
            let mut limits = limits();
            limits.statement_timeout = Some(CHECK_TIMEOUT);
            let message =
                messages::data::unfinished(&run.frame(), limits, &pending.kind.job, query);
            let answer = match run.link.session.send(&message).await {
                Ok(answer) => answer,
                // A derived query computes the new values, and fails where they fail: for the rows that were left out.
                Err(SendError::Refused(refused)) if has_skipped && is_about_rows(&refused) => {
                    return self.fail(&pending, next::LEFT_OUT).await;
                }
                Err(SendError::Refused(refused)) => {
                    return self.refused(pending, &refused, None).await;
                }
                Err(error) => return Err(self.lost(error)),
            };
            if answer
                .iter()
                .filter_map(row)
                .any(|row| flag(row, "unfinished"))
            {
                return match next::after_check(&pending) {
                    Ok(Deed::Pass) => self.pass(pending).await,
                    Ok(_) => Ok(Duration::ZERO),
                    Err(reason) => self.fail(&pending, reason).await,
                };
            }
        } else if has_skipped {
            return self.fail(&pending, next::LEFT_OUT).await;
        }
        self.done(pending).await
    }

    /// Whether no tenant had a row, although the table is not empty: nothing was looked at, so nothing is done.
    async fn is_unlisted(&mut self, pending: &Pending) -> Result<bool, Error> {
        let (Job::Ranges(ranges), Some(progress)) = (&pending.kind.job, &pending.progress) else {
            return Ok(false);
        };
        if ranges.tenants.is_none() || progress.scanned > 0 {
            return Ok(false);
        }
        let run = self.run()?;
        let message = messages::data::unlisted(&run.frame(), limits(), ranges);
        match run.link.session.send(&message).await {
            Ok(answer) => Ok({ answer.iter().filter_map(row) }.any(|row| flag(row, "unlisted"))),
            Err(error) => Err(self.lost(error)),
        }
    }

    /// Writes the line that says so.
    async fn done(&mut self, pending: Pending) -> Result<Duration, Error> {
        let Some(body) = self.about(&pending, messages::data::done_body)? else {
            return Ok(Duration::ZERO);
        };
        if !self.write(&pending, LedgerEvent::DataDone, &body).await? {
            return Ok(STANDING_BY);
        }
        self.tell_done(&pending);
        Ok(Duration::ZERO)
    }

    fn tell_done(&self, pending: &Pending) {
        tracing::info!(migration = pending.task.name, "a data migration is done");
        self.worker.listener.tell(|| Event::Done {
            version: pending.task.version,
            name: pending.task.name,
        });
    }

    /// What runs as a whole: the run's own way, without the module's lock, so that no start waits for it.
    pub(super) async fn steps(&mut self, pending: Pending) -> Result<Duration, Error> {
        self.expect_answers_within(None);
        let run = self.run()?;
        match run.apply(&[pending.task]).await {
            Ok(()) => {
                run.make_durable().await?;
                self.tell_done(&pending);
                self.set_state(&pending, State::Done, None).await?;
                Ok(Duration::ZERO)
            }
            Err(
                error @ (Error::Failed { .. }
                | Error::NeedsSession { .. }
                | Error::Permission { .. }),
            ) if self.mode == Mode::Beside => {
                let reason = error.to_string();
                self.fail(&pending, &reason).await
            }
            Err(error) => Err(error),
        }
    }

    /// Writes down that it cannot go on by itself.
    pub(super) async fn fail(
        &mut self,
        pending: &Pending,
        reason: &str,
    ) -> Result<Duration, Error> {
        tracing::error!(
            migration = pending.task.name,
            reason,
            "a data migration has failed"
        );
        self.set_state(pending, State::Failed, Some(reason)).await?;
        self.worker.listener.tell(|| Event::Failed {
            version: pending.task.version,
            name: pending.task.name,
            reason: reason.to_owned(),
        });
        Ok(Duration::ZERO)
    }

    async fn set_state(
        &mut self,
        pending: &Pending,
        state: State,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        let run = self.run()?;
        let from = [State::Running];
        let message = messages::data::set_state(
            &run.frame(),
            limits(),
            &pending.task,
            &from,
            state,
            reason,
            Also::Nothing,
        );
        match run.link.session.send(&message).await {
            // Refused: an operator was faster, and the next look shows what was said.
            Ok(_) | Err(SendError::Refused(_)) => Ok(()),
            Err(error) => Err(self.lost(error)),
        }
    }
}

/// What code of the service is asked for, in a batch.
const CODE_ROWS: u32 = 1000;
