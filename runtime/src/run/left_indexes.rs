//! Indexes that attempts have left under their build names: an attempt that ended, or one that was late.

use crate::ledger::task::Task;
use crate::messages::{self, build_name};
use crate::outcome::error::Error;
use crate::plan::{IndexBuild, Step};
use crate::run::Run;
use crate::run::doing::Doing;
use crate::run::non_transactional::is_busy;
use crate::session::SendError;
use crate::session::row::{parsed, row};

impl Run<'_> {
    /// Drops the indexes that ended attempts have left, and that could not be dropped then.
    pub(crate) async fn drop_left_indexes(&mut self, tasks: &[Task]) -> Result<(), Error> {
        for task in tasks.iter().flat_map(|task| task.parts()) {
            let is_over = self.ledger.open_attempt(task.version).is_none();
            if self.ledger.leftovers && is_over && self.ledger.next_attempt(task.version) > 2 {
                self.drop_left_indexes_of(&task).await?;
            }
        }
        Ok(())
    }

    /// Drops the indexes that earlier attempts of the task have left; false while another session builds
    /// on the table.
    pub(super) async fn drop_left_indexes_of(&mut self, task: &Task) -> Result<bool, Error> {
        let Step::BuildIndex(build) = task.step else {
            return Ok(true);
        };
        let answer = self
            .link
            .session
            .send(&messages::leftovers(build, task))
            .await
            .map_err(|error| self.message_failed(error, Doing::ListingLeftIndexes))?;
        let names: Vec<String> = answer
            .iter()
            .filter_map(row)
            .filter_map(|row| parsed(row, "name"))
            .collect();
        for name in names {
            if !self.drop_index(task, build, &name).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) async fn drop_left_index(
        &mut self,
        task: &Task,
        attempt: i32,
    ) -> Result<bool, Error> {
        let Step::BuildIndex(build) = task.step else {
            return Ok(true);
        };
        let name = build_name::name(build.index, task.version, attempt);
        self.drop_index(task, build, &name).await
    }

    /// A drop that queues behind another session's build waits with a snapshot, and the build waits for
    /// that snapshot: so the run looks first. What cannot be dropped now is dropped by a later run.
    async fn drop_index(
        &mut self,
        task: &Task,
        build: &IndexBuild,
        name: &str,
    ) -> Result<bool, Error> {
        let probe = messages::probe_build(&self.frame(), self.waiter.own_limits(), build, name);
        let looked = self.link.session.send(&probe).await;
        if let Err(SendError::Refused(refused)) = &looked
            && is_busy(refused)
        {
            return Ok(false);
        }
        let dropped = match looked {
            Ok(_) => {
                self.link
                    .session
                    .send(&messages::drop_index(build.schema, name))
                    .await
            }
            refused => refused,
        };
        let schema = self.plan.schema();
        match dropped {
            Ok(_) => tracing::info!(
                schema,
                migration = task.name,
                "dropped an index of an earlier attempt"
            ),
            // With its table the index is gone too.
            Err(SendError::Refused(refused)) if refused.is_missing() => {}
            Err(SendError::Refused(refused)) => {
                let sqlstate = refused.said.sqlstate();
                tracing::warn!(
                    schema,
                    migration = task.name,
                    sqlstate,
                    "could not drop an index of an earlier attempt"
                );
            }
            Err(error) => {
                return Err(self.message_failed(error, Doing::DroppingLeftIndex));
            }
        }
        Ok(true)
    }
}
