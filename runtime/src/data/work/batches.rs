//! Batches: one message each, and what becomes of those that the server refuses.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::data::code::{Code, LIMIT, Step};
use crate::data::event::Event;
use crate::data::next::Pending;
use crate::data::pace::smaller;
use crate::data::throttle::Signal;
use crate::ledger::data::Progress;
use crate::messages;
use crate::messages::data::Target;
use crate::outcome::error::Error;
use crate::plan::{Job, Ranges};
use crate::run::backoff::random;
use crate::session::SendError;
use crate::session::row::{row, text};
use crate::session::server_error::{Recovery, ServerError};

use super::{ANSWER, Work, is_running};

/// The answer to a message that writes.
pub(super) enum Reply {
    /// How far it is now, and how long the message took.
    Progress(Box<Progress>, Duration),
    /// It is not as it was read: an operator or another worker was faster.
    Moved,
    /// The server refused it; nothing of it is done.
    Refused(Box<ServerError>),
}

impl Work<'_> {
    /// Sends a message about the data migration at hand.
    pub(super) async fn send(
        &mut self,
        pending: &Pending,
        message: impl FnOnce(&Target<'_>) -> String,
    ) -> Result<Reply, Error> {
        let Some(message) = self.about(pending, message)? else {
            return Ok(Reply::Moved);
        };
        let sent = Instant::now();
        match self.run()?.link.session.send(&message).await {
            Ok(answer) => Ok(receipt(&answer, pending, sent.elapsed())),
            Err(SendError::Refused(refused)) => match refused.recovery() {
                Recovery::LookAgain => Ok(Reply::Moved),
                Recovery::Standby => Err(self.lost(SendError::Refused(refused))),
                Recovery::Rebuild
                | Recovery::ForeignSchema
                | Recovery::ForeignLedger
                | Recovery::ForeignEngine
                | Recovery::RenamedSchema
                | Recovery::OtherMeaning
                | Recovery::RollBack
                | Recovery::Permission
                | Recovery::Retry
                | Recovery::RetryOnce
                | Recovery::Lost
                | Recovery::Fail => Ok(Reply::Refused(refused)),
            },
            Err(error) => Err(self.lost(error)),
        }
    }

    /// The statement on the next range.
    pub(super) async fn batch(&mut self, pending: Pending) -> Result<Duration, Error> {
        let Job::Ranges(ranges) = &pending.kind.job else {
            return Ok(Duration::ZERO);
        };
        let size = self.size(&pending);
        let reply = self
            .send(&pending, |target| {
                messages::data::batch(target, ranges, size)
            })
            .await?;
        match reply {
            Reply::Moved => Ok(Duration::ZERO),
            Reply::Refused(refused) => self.refused(pending, &refused, Some(ranges)).await,
            Reply::Progress(progress, took) => {
                self.size = Some(self.worker.pace.next_size(size, took, ranges.rows));
                Ok(self.advanced(pending, *progress, took))
            }
        }
    }

    /// The statement on one row that was left out.
    pub(super) async fn again(&mut self, pending: Pending) -> Result<Duration, Error> {
        let Job::Ranges(ranges) = &pending.kind.job else {
            return Ok(Duration::ZERO);
        };
        let reply = self
            .send(&pending, |target| messages::data::again(target, ranges))
            .await?;
        let reply = match reply {
            Reply::Refused(refused) if is_about_rows(&refused) => {
                let (sqlstate, object) = (refused.said.sqlstate(), refused.in_table.as_deref());
                self.send(&pending, |target| {
                    messages::data::skip_again(target, ranges, sqlstate, object)
                })
                .await?
            }
            reply => reply,
        };
        match reply {
            Reply::Moved => Ok(Duration::ZERO),
            Reply::Refused(refused) => self.refused(pending, &refused, None).await,
            Reply::Progress(progress, took) => Ok(self.advanced(pending, *progress, took)),
        }
    }

    fn size(&self, pending: &Pending) -> u32 {
        let recorded = pending
            .progress
            .as_ref()
            .map_or(1, |progress| progress.size);
        self.size.unwrap_or(recorded).max(1)
    }

    /// The statement that limits itself, once more.
    pub(super) async fn repeat(&mut self, pending: Pending) -> Result<Duration, Error> {
        let statement = pending
            .task
            .step
            .statements()
            .first()
            .map_or("", |one| one.sql);
        let before = pending
            .progress
            .as_ref()
            .map_or(0, |progress| progress.rows);
        let reply = self
            .send(&pending, |target| messages::data::repeat(target, statement))
            .await?;
        match reply {
            Reply::Moved => Ok(Duration::ZERO),
            Reply::Refused(refused) => self.refused(pending, &refused, None).await,
            Reply::Progress(progress, took) => {
                self.is_dry = progress.rows == before;
                Ok(self.advanced(pending, *progress, took))
            }
        }
    }

    /// One batch of the service's code, in a transaction of the worker's.
    pub(super) async fn code(&mut self, pending: Pending) -> Result<Duration, Error> {
        let Some(code) = self.worker.code.get(&pending.task.version).cloned() else {
            return Ok(Duration::ZERO);
        };
        let size = self.size(&pending);
        let around = self.about(&pending, |target| {
            let closing = messages::data::close_code(target, size);
            (
                messages::data::open_code(target),
                closing,
                target.progress.cursor.clone(),
            )
        })?;
        let Some((opening, closing, after)) = around else {
            return Ok(Duration::ZERO);
        };
        let sent = Instant::now();
        let step = match self.run()?.link.session.client_mut() {
            Some(client) => {
                let batch =
                    in_transaction(client, &opening, &closing, &*code, after.as_deref(), size);
                match timeout(LIMIT.saturating_add(ANSWER), batch).await {
                    Ok(step) => step,
                    Err(_) => return Err(self.lost(SendError::TimedOut)),
                }
            }
            None => Ok(Err("there is no connection".to_owned())),
        };
        match step {
            Ok(Ok(is_end)) => {
                self.is_dry = is_end;
                self.reread(pending, sent.elapsed()).await
            }
            Ok(Err(reason)) => self.fail(&pending, &reason).await,
            Err(error) => self.code_refused(pending, &error).await,
        }
    }

    async fn code_refused(
        &mut self,
        pending: Pending,
        error: &tokio_postgres::Error,
    ) -> Result<Duration, Error> {
        let Some(said) = error.as_db_error() else {
            return Err(self.lost(SendError::Lost(error.to_string().into())));
        };
        let refused = ServerError::new(said, "");
        match refused.recovery() {
            Recovery::LookAgain => Ok(Duration::ZERO),
            Recovery::Lost => Err(self.lost(SendError::Lost(Box::new(refused.said)))),
            Recovery::Standby => Err(self.lost(SendError::Refused(Box::new(refused)))),
            Recovery::Retry => {
                self.refused = self.refused.saturating_add(1);
                self.at_hand = Some(pending);
                Ok(self.backoff())
            }
            Recovery::Rebuild
            | Recovery::ForeignSchema
            | Recovery::ForeignLedger
            | Recovery::ForeignEngine
            | Recovery::RenamedSchema
            | Recovery::OtherMeaning
            | Recovery::RollBack
            | Recovery::Permission
            | Recovery::RetryOnce
            | Recovery::Fail => {
                let reason = refused.said.to_string();
                self.fail(&pending, &reason).await
            }
        }
    }

    /// Asks how far it is, when the last message did not say so.
    async fn reread(&mut self, pending: Pending, took: Duration) -> Result<Duration, Error> {
        let message = messages::data::look(&self.worker.plan);
        let answer = match self.run()?.link.session.send(&message).await {
            Ok(answer) => answer,
            Err(SendError::Refused(_)) => return Ok(Duration::ZERO),
            Err(error) => return Err(self.lost(error)),
        };
        match receipt(&answer, &pending, took) {
            Reply::Progress(progress, took) => Ok(self.advanced(pending, *progress, took)),
            Reply::Moved | Reply::Refused(_) => Ok(Duration::ZERO),
        }
    }

    /// A batch is committed: reports it, and says how long to sleep.
    fn advanced(&mut self, pending: Pending, progress: Progress, took: Duration) -> Duration {
        self.refused = 0;
        self.quiet = None;
        let speed = progress.speed;
        tracing::debug!(
            migration = pending.task.name,
            rows = progress.rows,
            ?took,
            "a batch is done"
        );
        self.worker.listener.tell(|| Event::Batch {
            version: pending.task.version,
            name: pending.task.name,
            progress: Box::new(progress.clone()),
            took,
        });
        self.at_hand = is_running(&progress).then_some(Pending {
            progress: Some(progress),
            ..pending
        });
        self.worker
            .pace
            .pause(took, speed, self.signal == Signal::Slow)
    }

    /// The server refused a batch: a smaller one, the same one later, a row left out, or the end.
    pub(super) async fn refused(
        &mut self,
        pending: Pending,
        refused: &ServerError,
        ranges: Option<&Ranges>,
    ) -> Result<Duration, Error> {
        let size = self.size(&pending);
        self.refused = self.refused.saturating_add(1);
        let is_alone = ranges.is_none() || size == 1;
        let again = match refused.recovery() {
            Recovery::Retry => true,
            Recovery::RetryOnce => !is_alone || self.refused < 3,
            Recovery::LookAgain
            | Recovery::Rebuild
            | Recovery::Standby
            | Recovery::ForeignSchema
            | Recovery::ForeignLedger
            | Recovery::ForeignEngine
            | Recovery::RenamedSchema
            | Recovery::OtherMeaning
            | Recovery::RollBack
            | Recovery::Permission
            | Recovery::Lost
            | Recovery::Fail => is_about_rows(refused) && !is_alone,
        };
        if again {
            let next = ranges.map_or(size, |_| smaller(size));
            self.size = Some(next);
            tracing::warn!(
                migration = pending.task.name,
                db.response.status_code = refused.said.sqlstate(),
                size = next,
                "the server refused a batch"
            );
            self.worker.listener.tell(|| Event::Refused {
                version: pending.task.version,
                name: pending.task.name,
                sqlstate: refused.said.sqlstate().to_owned(),
                size: next,
            });
            self.at_hand = Some(pending);
            let waits = refused.recovery() == Recovery::Retry;
            return Ok(if waits {
                self.backoff()
            } else {
                Duration::ZERO
            });
        }
        match ranges {
            Some(ranges) if is_about_rows(refused) => self.poison(pending, refused, ranges).await,
            Some(_) | None => {
                let reason = refused.said.to_string();
                self.fail(&pending, &reason).await
            }
        }
    }

    /// One row fails: it is left out and reported, or the migration stops there.
    async fn poison(
        &mut self,
        pending: Pending,
        refused: &ServerError,
        ranges: &Ranges,
    ) -> Result<Duration, Error> {
        let Some(key) = self.key(&pending, ranges).await? else {
            return Ok(Duration::ZERO);
        };
        let skipped = pending
            .progress
            .as_ref()
            .map_or(0, |progress| progress.skipped);
        if skipped >= u64::from(pending.kind.skip) {
            let quota = match pending.kind.skip {
                0 => String::new(),
                most => format!(", behind {most} others that were left out"),
            };
            let reason = format!("the row with the key {key} fails{quota}: {}", refused.said);
            return self.fail(&pending, &reason).await;
        }
        let sqlstate = refused.said.sqlstate();
        let object = refused.in_table.as_deref();
        let reply = self
            .send(&pending, |target| {
                messages::data::skip(target, ranges, sqlstate, object)
            })
            .await?;
        match reply {
            Reply::Moved => Ok(Duration::ZERO),
            Reply::Refused(refused) => {
                let reason = refused.said.to_string();
                self.fail(&pending, &reason).await
            }
            Reply::Progress(progress, took) => {
                tracing::warn!(
                    migration = pending.task.name,
                    key,
                    sqlstate,
                    "left a row out"
                );
                self.worker.listener.tell(|| Event::Skipped {
                    version: pending.task.version,
                    name: pending.task.name,
                    key,
                    sqlstate: sqlstate.to_owned(),
                });
                Ok(self.advanced(pending, *progress, took))
            }
        }
    }

    /// The key of the row behind the cursor.
    async fn key(&mut self, pending: &Pending, ranges: &Ranges) -> Result<Option<String>, Error> {
        let message = self.about(pending, |target| messages::data::next_key(target, ranges))?;
        let Some(message) = message else {
            return Ok(None);
        };
        match self.run()?.link.session.send(&message).await {
            Ok(answer) => {
                let mut rows = answer.iter().filter_map(row);
                Ok(rows.find_map(|row| text(row, "key").map(str::to_owned)))
            }
            Err(SendError::Refused(_)) => Ok(None),
            Err(error) => Err(self.lost(error)),
        }
    }

    /// How long to wait for what passes: locks, deadlocks.
    fn backoff(&self) -> Duration {
        let most =
            Duration::from_millis(100).saturating_mul(2_u32.saturating_pow(self.refused.min(6)));
        most.mul_f64(0.5 + random() / 2.0)
    }
}

/// True when it was the last batch; the inner error is the code's.
async fn in_transaction(
    client: &mut Client,
    opening: &str,
    closing: &str,
    code: &dyn Code,
    after: Option<&str>,
    size: u32,
) -> Result<Result<bool, String>, tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(opening).await?;
    let step = match code.run(&transaction, after, size).await {
        Ok(step) => step,
        Err(reason) => return Ok(Err(reason)),
    };
    let (cursor, rows, is_end) = match &step {
        Step::More { cursor, rows } => (Some(&**cursor), *rows, false),
        Step::End { rows } => (after, *rows, true),
    };
    let message = messages::data::with_cursor(closing, cursor, rows);
    transaction.batch_execute(&message).await?;
    transaction.commit().await?;
    Ok(Ok(is_end))
}

fn receipt(answer: &[SimpleQueryMessage], pending: &Pending, took: Duration) -> Reply {
    let version = pending.task.version;
    let progress = Progress::all(answer)
        .into_iter()
        .find(|one| one.version == version);
    progress.map_or(Reply::Moved, |progress| {
        Reply::Progress(Box::new(progress), took)
    })
}

/// Whether a row is to blame, and not the statement: data exceptions, violated constraints, what a trigger raises, and
/// rows that are too large.
pub(super) fn is_about_rows(refused: &ServerError) -> bool {
    let sqlstate = refused.said.sqlstate();
    ["22", "23", "P0", "54", "21"]
        .iter()
        .any(|class| sqlstate.starts_with(class))
}
