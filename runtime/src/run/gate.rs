//! Applying what may be applied, and leaving what waits for data migrations.

use crate::ledger::data::Progress as DataProgress;
use crate::ledger::diff;
use crate::ledger::gate::{self, Held};
use crate::ledger::task::{Task, at_first_startup, at_release, at_startup};
use crate::messages;
use crate::outcome::error::Error;
use crate::outcome::event::Event;
use crate::outcome::progress::Waiting;
use crate::outcome::report::Report;
use crate::outcome::unfinished::Unfinished;
use crate::plan::kind::Data;
use crate::plan::{Job, Ranges, Step};
use crate::run::apply::{Written, line};
use crate::run::doing::Doing;
use crate::run::{Run, errors, waiting_to_apply};
use crate::session::SendError;
use crate::session::row::{flag, row};

impl Run<'_> {
    /// What a start applies. On a fresh database also the data migrations that startup migrations build on: there
    /// are no rows yet but those of this run.
    pub(super) fn startup_tasks(&self, is_fresh: bool) -> Vec<Task> {
        match is_fresh {
            true => at_first_startup(&self.plan),
            false => at_startup(self.plan.startup(), self.plan.seed()),
        }
    }

    /// Applies the tasks in their order, up to the first one that waits for a data migration. `is_fresh` says that the
    /// database was empty before.
    pub(super) async fn apply_open(&mut self, tasks: &[Task], is_fresh: bool) -> Result<(), Error> {
        let plan = self.plan;
        let kind = |task: &Task| plan.data().iter().find(|one| one.version() == task.version);
        let apart = |task: &Task| {
            let kind = kind(task)?.kind();
            is_apart(&kind.job).then_some(kind)
        };
        for part in tasks.split_inclusive(|task| apart(task).is_some()) {
            let (plain, last) = match part.split_last() {
                Some((last, before)) => match apart(last) {
                    Some(kind) => (before, Some((last, kind))),
                    None => (part, None),
                },
                None => (part, None),
            };
            let open = gate::open(plain, &self.ledger);
            self.apply(open).await?;
            if open.len() < plain.len() {
                break;
            }
            if let Some((task, kind)) = last {
                self.at_once(task, kind, is_fresh).await?;
            }
        }
        Ok(())
    }

    /// A data migration that is not one statement, run or recorded at once. Code cannot be run here: it is done when
    /// there is no row for it, and otherwise it stays pending.
    async fn at_once(&mut self, task: &Task, kind: &Data, is_fresh: bool) -> Result<(), Error> {
        while diff::is_pending(task, &self.ledger) && diff::missing(task, &self.ledger).is_empty() {
            let body = match kind.job {
                Job::Repeated => self.repeated(task),
                Job::Code if self.has_work(task, kind, is_fresh).await? => return Ok(()),
                Job::Code => String::new(),
                Job::Ranges(
                    ranges @ Ranges {
                        tenants: Some(tenants),
                        ..
                    },
                ) => messages::data::whole(self.plan.schema(), &ranges, &tenants),
                Job::Whole | Job::Ranges(_) | Job::Background => return Ok(()),
            };
            let written = self.write(line(task, 1), &body).await?;
            match written {
                Written::Committed => {}
                Written::LostRace => self.wait_for_others(&waiting_to_apply(task)).await?,
                Written::Refused(refused) => self.retry_or_fail(task, &refused).await?,
            }
        }
        Ok(())
    }

    /// Its statement, again and again until it changes no row.
    fn repeated(&self, task: &Task) -> String {
        let Step::Transaction(statements) = task.step else {
            return String::new();
        };
        let all = statements.iter();
        all.map(|one| messages::until_dry(&self.plan, one))
            .collect()
    }

    /// Whether code has rows to change. Without a question only an empty database has certainly none.
    async fn has_work(&mut self, task: &Task, kind: &Data, is_fresh: bool) -> Result<bool, Error> {
        let Some(query) = kind.unfinished else {
            return Ok(!is_fresh);
        };
        let limits = self.waiter.limits();
        let message = messages::data::unfinished(&self.frame(), limits, &kind.job, query);
        match self.link.session.send(&message).await {
            Ok(answer) => Ok(answer
                .iter()
                .filter_map(row)
                .any(|row| flag(row, "unfinished"))),
            Err(SendError::Refused(refused)) => Err(self.statement_failed(task, &refused)),
            Err(error) => Err(self.message_failed(error, Doing::Applying(task.name))),
        }
    }

    /// An error when data migrations are missing for what the run is to apply.
    pub(crate) async fn require(&mut self, task: &Task) -> Result<(), Error> {
        let missing = diff::missing(task, &self.ledger);
        match missing.is_empty() {
            true => Ok(()),
            false => {
                let task = *task;
                Err(self.requires(&Held { task, missing }).await)
            }
        }
    }

    /// An error when release migrations are pending and a start has not applied what they were checked behind: what
    /// startup migrations add has to be there, and used, before a release takes away what it replaces.
    pub(super) fn require_startup(&self) -> Result<(), Error> {
        let plan = &self.plan;
        let all = at_startup(plan.startup(), plan.seed());
        let pending = self.pending(gate::open(&all, &self.ledger));
        if pending.is_empty() || self.pending(&at_release(plan.release())).is_empty() {
            return Ok(());
        }
        Err(Error::PendingStartup {
            schema: plan.schema(),
            folder: plan.folder(),
            pending,
            progress: self.progress().clone(),
        })
    }

    /// An error when a release migration, or what it was checked behind, waits for a data migration: before
    /// anything of the release is applied.
    pub(super) async fn require_for_release(&mut self) -> Result<(), Error> {
        match gate::against_release(&self.plan, &self.ledger) {
            None => Ok(()),
            Some(held) => Err(self.requires(&held).await),
        }
    }

    /// An error when a pending release migration drops a column whose values its successor does not have. A role from which
    /// policies hide rows cannot know; neither can a run that creates what the question is about.
    pub(super) async fn require_agreement(&mut self) -> Result<(), Error> {
        let plan = self.plan;
        let pending = self.pending(&at_release(plan.release()));
        for one in plan.agreements() {
            let is_pending = pending.iter().any(|file| file.name == one.migration);
            if !is_pending || self.settings.agreed.contains(&one) {
                continue;
            }
            let limits = self.waiter.limits();
            let message = messages::differs(&self.frame(), limits, one.rows);
            match self.link.session.send(&message).await {
                Ok(answer) => {
                    let mut rows = answer.iter().filter_map(row);
                    if rows.any(|row| flag(row, "differs")) {
                        return Err(Error::Disagrees {
                            schema: plan.schema(),
                            folder: plan.folder(),
                            agreement: one,
                            progress: self.progress().clone(),
                        });
                    }
                }
                Err(SendError::Refused(refused)) => {
                    let sqlstate = refused.said.sqlstate();
                    tracing::warn!(
                        migration = one.migration,
                        sqlstate,
                        "it is not known that {}",
                        one.demand
                    );
                }
                Err(error) => {
                    return Err(self.message_failed(error, Doing::Applying(one.migration)));
                }
            }
        }
        Ok(())
    }

    /// The error, with how far the data migrations are by another look.
    async fn requires(&mut self, held: &Held) -> Error {
        let question = messages::data::look(&self.plan);
        match self.look_with(&question).await {
            Ok(answer) => {
                let progress = DataProgress::all(&answer.unwrap_or_default());
                let data = Unfinished::all(&self.plan, &held.missing, &progress);
                errors::requires(&self.plan, self.progress(), held, data)
            }
            Err(error) => error,
        }
    }

    /// Why a start is refused while release migrations are pending: an operator cannot apply the next one as long
    /// as a data migration is missing for it.
    pub(crate) async fn pending_release(&mut self, report: &Report) -> Error {
        // The first look of an idle start does not read the lines, and most plans do not need them.
        if gate::may_refuse_release(&self.plan)
            && self.ledger.entries.is_empty()
            && let Err(error) = self.look().await
        {
            return error;
        }
        match self.require_for_release().await {
            Err(error) => error,
            Ok(()) => Error::PendingRelease {
                schema: self.plan.schema(),
                folder: self.plan.folder(),
                pending: report.pending_release().to_vec(),
                progress: self.progress().clone(),
            },
        }
    }

    /// What is held back; the listener hears of it.
    pub(super) fn waiting(&self) -> Vec<Waiting> {
        let held = gate::held(&self.plan, &self.ledger).into_iter();
        let waiting: Vec<_> = held
            .map(|Held { task, missing }| Waiting {
                version: task.version,
                name: task.name,
                missing,
            })
            .collect();
        if let Some(first) = waiting.first() {
            tracing::warn!(%first, count = waiting.len(), "startup migrations wait for data migrations");
            self.settings.listener.tell(|| Event::HeldBack {
                waiting: waiting.clone(),
            });
        }
        waiting
    }
}

/// Whether its statements alone do not say how it runs at once.
const fn is_apart(job: &Job) -> bool {
    match job {
        Job::Code | Job::Repeated => true,
        Job::Ranges(ranges) => ranges.tenants.is_some(),
        Job::Whole | Job::Background => false,
    }
}
