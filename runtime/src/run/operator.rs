//! Lines that an operator has written: how an attempt ended, another number, another checksum.

use crate::ledger::diff;
use crate::ledger::entry::{Entry, LedgerEvent};
use crate::ledger::task::{Task, tasks};
use crate::messages::{self, Line, Write};
use crate::outcome::error::Error;
use crate::plan::checksum::Checksum;
use crate::plan::version::Version;
use crate::run::Run;
use crate::run::apply::{Written, line};
use crate::run::doing::Doing;
use crate::run::non_transactional::{Found, finishing};
use crate::session::SendError;

const DOING: &str = "recording what the operator said";

/// An attempt that has no end in the ledger.
pub(crate) struct Open {
    pub(crate) task: Task,
    pub(crate) entry: Entry,
    pub(crate) found: Found,
    pub(crate) signs: Vec<tokio_postgres::SimpleQueryMessage>,
}

impl Run<'_> {
    /// Reads the ledger, also one that disagrees with the plan.
    async fn look_over_drift(&mut self) -> Result<(), Error> {
        match self.look().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.no_effect("the schema has no ledger".to_owned())),
            Err(error) if error.is_drift() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The migration of the plan, with nothing to run, as the subject of a line.
    fn planned(&self, version: Version) -> Result<Task, Error> {
        let all = tasks(&self.plan).into_iter();
        let mut all = all.filter(|task| task.version == version);
        all.next().ok_or_else(|| {
            let folder = self.plan.folder();
            self.no_effect(format!("there is no migration {version} in {folder}"))
        })
    }

    fn no_effect(&self, why: String) -> Error {
        Error::NoEffect {
            schema: self.plan.schema(),
            why,
        }
    }

    /// The attempt that has no end, and what the database shows about it.
    pub(crate) async fn open_attempt(&mut self, version: Version) -> Result<Open, Error> {
        self.look_over_drift().await?;
        let task = diff::next_part(&self.planned(version)?, &self.ledger);
        let Some(entry) = self.ledger.open_attempt(version).cloned() else {
            let state = match self.ledger.done_as(version, task.checksum) {
                Some(done) => format!("it was applied at {} by {}", done.at, done.by),
                None => "the ledger has no attempt of it without an end".to_owned(),
            };
            return Err(self.no_effect(format!("{} is not in doubt: {state}", task.name)));
        };
        let found = self.find(&task, entry.attempt).await?;
        let message = messages::signs(&self.plan, &task);
        let signs = self.link.session.send(&message).await;
        let signs = signs.map_err(|error| self.message_failed(error, Doing::ListingSigns))?;
        Ok(Open {
            task,
            entry,
            found,
            signs,
        })
    }

    /// Records how an attempt ended. What the catalogs show is not overruled.
    pub(crate) async fn resolve(
        &mut self,
        version: Version,
        applied: bool,
        is_running: impl Fn(&Open) -> Option<String>,
    ) -> Result<Task, Error> {
        loop {
            let open = self.open_attempt(version).await?;
            let Open {
                task, entry, found, ..
            } = &open;
            let name = task.name;
            let against = match (found, applied) {
                (Found::Busy, _) => Some(format!("a session is still working on {name}")),
                (Found::Done, false) => Some(format!(
                    "the catalogs show that {name} has its effect: say `--applied`, or start again, which records it"
                )),
                (Found::Undone, true) => Some(format!(
                    "the catalogs show that {name} has no effect: say `--not-applied`, or start again, which repeats it"
                )),
                (Found::Done | Found::NoSign, true) if entry.checksum != task.checksum => {
                    Some(format!(
                        "{name} was edited since the attempt began: restore the text that ran, whose checksum is {}",
                        entry.checksum
                    ))
                }
                (Found::Done | Found::NoSign, true) | (Found::Undone | Found::NoSign, false) => {
                    is_running(&open)
                }
            };
            if let Some(why) = against {
                return Err(self.no_effect(why));
            }
            let (line, body) = match applied {
                true => (line(task, entry.attempt), finishing(task, entry.attempt)),
                false => {
                    let abandoned = Line {
                        event: LedgerEvent::Abandoned,
                        task,
                        attempt: entry.attempt,
                        checksum: entry.checksum,
                    };
                    (abandoned, String::new())
                }
            };
            if self.record(&[Write { line, body: &body }]).await? {
                return Ok(*task);
            }
        }
    }

    /// Records that what was applied as `from` is the plan's `to`.
    pub(crate) async fn renumber(&mut self, from: Version, to: Version) -> Result<Task, Error> {
        loop {
            self.look_over_drift().await?;
            let task = self.planned(to)?.without_step();
            self.may_renumber(from, &task)?;
            let freed = Task {
                version: from,
                ..task
            };
            let renew = messages::renew_ledger(&self.plan);
            let lines = [
                (LedgerEvent::Vacated, &freed, &*renew),
                (LedgerEvent::Renumbered, &task, ""),
            ];
            let writes = lines.map(|(event, task, body)| Write {
                line: Line {
                    event,
                    task,
                    attempt: 1,
                    checksum: task.checksum,
                },
                body,
            });
            if self.record(&writes).await? {
                return Ok(task);
            }
        }
    }

    /// Records that the plan's first file stands for what was applied one by one. Each of those is still known by its
    /// number and its text, so that binaries from before the squash start.
    pub(super) async fn record_baseline(&mut self) -> Result<(), Error> {
        while let (false, Some(first)) =
            (self.ledger.replaced.is_empty(), self.plan.startup().first())
        {
            let first = self.planned(first.version())?.without_step();
            let freed = |entry: &Entry| Task {
                version: entry.version,
                checksum: entry.checksum,
                ..first
            };
            let freed: Vec<_> = self.ledger.replaced.iter().map(freed).collect();
            let vacated = freed.iter().map(|task| (LedgerEvent::Vacated, task));
            let lines = vacated.chain([(LedgerEvent::Squashed, &first)]);
            let renew = messages::renew_ledger(&self.plan);
            let writes: Vec<_> = lines
                .enumerate()
                .map(|(n, (event, task))| Write {
                    line: Line {
                        event,
                        task,
                        attempt: 1,
                        checksum: task.checksum,
                    },
                    body: if n == 0 { &renew } else { "" },
                })
                .collect();
            if self.record(&writes).await? {
                self.look_over_drift().await?;
            }
        }
        Ok(())
    }

    fn may_renumber(&self, from: Version, task: &Task) -> Result<(), Error> {
        let (to, name, ledger) = (task.version, task.name, &self.ledger);
        let refuse = |why: String| Err(self.no_effect(why));
        if from.category() != to.category() {
            return refuse(format!(
                "{from} and {to} are of different categories, which run at different times"
            ));
        }
        if ledger.open_attempt(from).is_some() {
            return refuse(format!(
                "{from} was started and has no end: `onward resolve` comes first"
            ));
        }
        if ledger.was_moved(from, task.checksum) {
            return refuse(format!(
                "{name} is recorded here under its new number already"
            ));
        }
        let Some(done) = ledger.done(from) else {
            return refuse(format!(
                "{from} is not applied in this database, so there is nothing to record: it runs as {name}"
            ));
        };
        if !ledger.has_seen(from, task.checksum) {
            return refuse(format!(
                "{from} was applied as {}, whose text is another one than that of {name}: applied {}, here {}",
                done.name, done.checksum, task.checksum
            ));
        }
        match ledger.done(to) {
            None => Ok(()),
            Some(other) => refuse(format!(
                "{to} is applied in this database as {}, another file: give that one its new number first",
                other.name
            )),
        }
    }

    /// Records that the plan's text of an applied migration says the same as the one with the checksum `proven`.
    pub(crate) async fn restamp(
        &mut self,
        version: Version,
        proven: Checksum,
    ) -> Result<Task, Error> {
        loop {
            self.look_over_drift().await?;
            let task = self.planned(version)?.without_step();
            let name = task.name;
            let why = match self.ledger.done(version) {
                _ if version.category() == crate::plan::version::Category::Seed => Some(format!(
                    "{name} is a seed, which runs again by itself when its text changes"
                )),
                None => Some(format!(
                    "{name} is not applied in this database, so its text may change"
                )),
                Some(_) if self.ledger.has_seen(version, task.checksum) => {
                    Some(format!("{name} is applied with this very text"))
                }
                Some(done) if done.checksum != proven => Some(format!(
                    "{name} was applied with the checksum {}, and the old text has another one, {proven}",
                    done.checksum
                )),
                Some(_) => None,
            };
            if let Some(why) = why {
                return Err(self.no_effect(why));
            }
            let line = Line {
                event: LedgerEvent::Restamped,
                task: &task,
                attempt: 1,
                checksum: task.checksum,
            };
            let body = messages::renew_ledger(&self.plan);
            if self.record(&[Write { line, body: &body }]).await? {
                return Ok(task);
            }
        }
    }

    /// True when the ledger has the lines; false when another session was faster.
    async fn record(&mut self, writes: &[Write<'_>]) -> Result<bool, Error> {
        match self.write_all(writes).await? {
            Written::Committed => Ok(true),
            Written::LostRace => self.wait_over_drift().await.map(|()| false),
            Written::Refused(refused) => {
                let tries = self.waiter.count_try();
                if refused.recovery().may_retry(tries) {
                    return self.wait_over_drift().await.map(|()| false);
                }
                let error = SendError::Refused(refused);
                Err(self.message_failed(error, Doing::EndingAttempt))
            }
        }
    }

    async fn wait_over_drift(&mut self) -> Result<(), Error> {
        match self.wait_for_others(DOING).await {
            Err(error) if error.is_drift() => Ok(()),
            answer => answer,
        }
    }
}
