//! Waiting for other runs, and what to look at afterwards.

use crate::messages;
use crate::outcome::error::Error;
use crate::run::{Run, errors};
use crate::session::row::{parsed, row};

/// After this many polls without a new line the run looks what there is to do. One poll may fall between
/// two lines of a run that is at work.
const IDLE_POLLS: u32 = 2;

impl Run<'_> {
    /// Sleeps a little, then looks again.
    pub(crate) async fn wait(&mut self, doing: &str) -> Result<(), Error> {
        self.pause(doing).await?;
        match self.look_again().await {
            // What the look is for says more than the look.
            Err(Error::OutOfTime { .. }) => {
                let (plan, budget) = (&self.plan, self.waiter.budget());
                let doing = doing.to_owned();
                Err(errors::out_of_time(plan, &self.progress, budget, doing))
            }
            answer => answer,
        }
    }

    pub(crate) async fn pause(&mut self, doing: &str) -> Result<(), Error> {
        self.waiter
            .pause(&mut self.link, doing, &self.progress)
            .await
    }

    /// Other runs are at work. While they add lines to the ledger, only their number is asked for.
    pub(crate) async fn wait_for_others(&mut self, doing: &str) -> Result<(), Error> {
        self.waiter.set_contended(true);
        let (mut seq, mut polls) = (self.ledger.head.seq, 0);
        while polls < IDLE_POLLS {
            self.pause(doing).await?;
            let now = self.count_lines().await.unwrap_or(seq);
            if now == seq {
                polls += 1;
            } else {
                (seq, polls) = (now, 0);
                self.waiter.others_advanced();
            }
        }
        self.look_again().await
    }

    /// `None` without an answer; then the look finds out why.
    async fn count_lines(&mut self) -> Option<i64> {
        let message = messages::head(&self.plan, self.link.set_role());
        let answer = self.link.session.send(&message).await.ok()?;
        answer
            .iter()
            .filter_map(row)
            .find_map(|row| parsed(row, "seq"))
    }

    pub(crate) async fn look_again(&mut self) -> Result<(), Error> {
        let before = self.ledger.head;
        if !self.look().await? {
            return Err(self.foreign_schema().await);
        }
        if self.ledger.head != before {
            self.waiter.others_advanced();
        }
        Ok(())
    }
}
