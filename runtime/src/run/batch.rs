//! How far a run goes, and which binaries start on what it applies.

use crate::ledger::batch::{self, Batch};
use crate::ledger::diff;
use crate::ledger::entry::LedgerEvent;
use crate::ledger::oldest_binary::OldestBinary;
use crate::ledger::task::{Task, at_first_startup, at_release, in_order};
use crate::messages::{self, Line};
use crate::outcome::error::Error;
use crate::plan::version::Version;
use crate::run::apply::Written;
use crate::run::{Goal, Run};

impl Run<'_> {
    /// Settles once, before anything is applied, what the run's lines belong to; later looks find the run's
    /// own lines. An empty database is brought up whole when the caller wants that.
    pub(super) fn settle(&mut self, goal: Goal) -> Result<Goal, Error> {
        let goal = match goal {
            Goal::Startup if self.settings.everything_when_empty && self.is_fresh() => {
                Goal::Everything
            }
            Goal::Startup | Goal::Release | Goal::Everything => goal,
        };
        if goal != Goal::Startup && self.batch.is_none() {
            self.batch = self.next_batch(goal)?;
        }
        Ok(goal)
    }

    /// Whether the database was empty before this run.
    pub(super) fn is_fresh(&self) -> bool {
        batch::is_fresh(&self.ledger)
    }

    /// The same for a release, which goes on with what a release has begun there.
    pub(super) fn is_new(&self) -> bool {
        batch::is_new(&self.ledger)
    }

    fn next_batch(&self, goal: Goal) -> Result<Option<Batch>, Error> {
        let releases = at_release(self.plan.release());
        let planned: Vec<_> = releases.iter().map(|task| task.version).collect();
        let pending: Vec<_> = releases
            .iter()
            .filter(|task| diff::is_pending(task, &self.ledger))
            .map(|task| task.version)
            .collect();
        if goal == Goal::Everything && self.is_fresh() {
            let last = in_order(&self.plan).last().map(|task| task.version);
            return Ok(last.map(|last| Batch::whole(last, planned.last().copied())));
        }
        let wanted = self.settings.wanted.map(|wanted| {
            wanted
                .settle(&planned, &pending, &self.ledger)
                .map_err(|why| Error::NoEffect {
                    schema: self.plan.schema(),
                    why: format!("the oldest binary that was named has no effect: {why}"),
                })
        });
        let wanted = wanted.transpose()?;
        if goal == Goal::Release && self.is_new() {
            return Ok(self.first_batch(wanted, planned.last().copied()));
        }
        let applied = self.ledger.newest_release().map(|entry| entry.version);
        let last = pending
            .last()
            .copied()
            .or(applied.filter(|_| wanted.is_some()));
        Ok(last.map(|last| Batch::release(last, wanted, &self.ledger)))
    }

    /// A release on an empty database also applies what it builds on. All of it is one batch, so that a run which fails
    /// in the middle is repeated, and not taken for a start that came before.
    fn first_batch(&self, wanted: Option<OldestBinary>, release: Option<Version>) -> Option<Batch> {
        let last = release.or_else(|| {
            let startup = at_first_startup(&self.plan);
            startup.last().map(|task| task.version)
        });
        Some(Batch::first(last?, wanted, release))
    }

    /// What the operator said about binaries, in the lines of release migrations that were applied before.
    pub(super) async fn set_oldest_binary(&mut self) -> Result<(), Error> {
        let (Some(_), Some(batch)) = (self.settings.wanted, self.batch) else {
            return Ok(());
        };
        while let Some(version) = self.next_to_correct(batch) {
            let task = self.released(version)?;
            let line = Line {
                event: LedgerEvent::Compatible,
                task: &task,
                attempt: 1,
                checksum: task.checksum,
            };
            let doing = "recording which binaries start";
            match self
                .write(line, &messages::renew_ledger(&self.plan))
                .await?
            {
                Written::Committed => {}
                Written::LostRace => self.wait_for_others(doing).await?,
                Written::Refused(refused) => self.retry_or_fail(&task, &refused).await?,
            }
        }
        Ok(())
    }

    fn next_to_correct(&self, batch: Batch) -> Option<Version> {
        let all = batch::to_correct(batch.oldest, &self.ledger);
        all.first().copied()
    }

    /// The release migration as the subject of a line, with nothing to run and no lock to ask for.
    fn released(&self, version: Version) -> Result<Task, Error> {
        let task = at_release(self.plan.release())
            .into_iter()
            .find(|task| task.version == version)
            .map(Task::without_step);
        task.ok_or_else(|| Error::NoEffect {
            schema: self.plan.schema(),
            why: format!("the database has {version}, which this folder does not have"),
        })
    }
}
