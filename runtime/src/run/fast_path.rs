//! The first look: whether there is anything to do at all, in one message of one row.

use sha2::{Digest, Sha256};
use tokio_postgres::SimpleQueryMessage;

use crate::ledger::head::Head;
use crate::ledger::task::{Task, tasks};
use crate::outcome::error::Error;
use crate::plan::Plan;
use crate::plan::checksum::Checksum;
use crate::plan::version::Category;
use crate::run::errors;
use crate::session::row::{flag, parsed, row, text};

/// The answer to the first message when nothing is wrong and nothing is pending.
#[derive(Clone, Debug)]
pub(crate) struct FastPath {
    pub(crate) head: Head,
    /// How many of the release migrations are there: the first so many.
    pub(crate) released: usize,
    /// How many of the data migrations.
    pub(crate) converted: usize,
}

/// An error when the connection or the server is not one for a run.
pub(crate) fn accept(plan: &Plan, answer: &[SimpleQueryMessage]) -> Result<(), Error> {
    let Some(row) = answer.iter().find_map(row) else {
        return Ok(());
    };
    if flag(row, "in_transaction") {
        return Err(errors::open_transaction(plan, false));
    }
    match text(row, "too_old") {
        Some(version) => Err(Error::UnsupportedServer {
            schema: plan.schema(),
            version: version.to_owned(),
        }),
        None => Ok(()),
    }
}

fn is(task: &Task, category: Category) -> bool {
    task.version.category() == category
}

impl FastPath {
    /// `None` when something is pending, or when only the whole ledger can show what is wrong.
    pub(crate) fn read(plan: &Plan, answer: &[SimpleQueryMessage]) -> Option<Self> {
        let row = answer.iter().find_map(row)?;
        let has = |what: &&str| flag(row, what);
        match ["standby", "leftovers"].iter().any(has) {
            true => None,
            false => Self::of_any_server(plan, answer),
        }
    }

    /// The same for a look that nothing follows: it may be on a standby, and what is left to clean up is left.
    pub(crate) fn of_any_server(plan: &Plan, answer: &[SimpleQueryMessage]) -> Option<Self> {
        let row = answer.iter().find_map(row)?;
        let has = |what: &&str| flag(row, what);
        // A standby has only what its primary's log had.
        let is_durable = flag(row, "standby") || !flag(row, "deferred");
        let news = ["open", "ahead"];
        if !(flag(row, "whole") && is_durable) || news.iter().any(has) {
            return None;
        }
        let all = tasks(plan);
        let done = |category, column| {
            let tasks: Vec<_> = all.iter().filter(|task| is(task, category)).collect();
            let digest = text(row, column).and_then(|digest| digest.parse().ok());
            how_many(&tasks, digest).map(|done| (done, tasks.len()))
        };
        // Another text of a seed may be in force, or one that this binary does not know: the whole ledger tells.
        let is_current = |(done, all)| done == all;
        if !(is_current(done(Category::Startup, "startup")?)
            && is_current(done(Category::Seed, "seed")?))
        {
            return None;
        }
        Some(Self {
            head: Head {
                seq: parsed(row, "head_seq")?,
                chain: parsed(row, "head_chain")?,
            },
            released: done(Category::Release, "release")?.0,
            converted: done(Category::Data, "data")?.0,
        })
    }
}

/// How many of the first tasks a digest covers; `None` if it covers anything else.
fn how_many(tasks: &[&Task], digest: Option<Checksum>) -> Option<usize> {
    let Some(digest) = digest else {
        return Some(0);
    };
    let mut hash = Sha256::new();
    tasks
        .iter()
        .position(|task| {
            hash.update(task.version.to_string());
            hash.update(task.checksum.to_string());
            let so_far: [u8; 32] = hash.clone().finalize().into();
            Checksum(so_far) == digest
        })
        .map(|position| position.saturating_add(1))
}
