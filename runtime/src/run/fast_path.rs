//! The first look: whether there is anything to do at all, in one message of one row.

use tokio_postgres::SimpleQueryMessage;

use crate::ledger::head::Head;
use crate::ledger::task::{Task, digests, of_category};
use crate::outcome::error::Error;
use crate::plan::Plan;
use crate::plan::checksum::Checksum;
use crate::plan::version::Category;
use crate::run::{errors, privileges};
use crate::session::element::{element, is_true};
use crate::session::engine::Engine;
use crate::session::row::{flag, row, text};
use crate::session::server_error::{Recovery, ServerError};

/// The answer to the first message when nothing is wrong and nothing is pending.
#[derive(Clone, Debug)]
pub(crate) struct FastPath {
    pub(crate) head: Head,
    /// How many of the release migrations are there: the first so many.
    pub(crate) released: usize,
    /// How many of the data migrations.
    pub(crate) converted: usize,
}

/// The part of the answer that was not planned before the rest had shown that it may be.
pub(crate) fn look(answer: &[SimpleQueryMessage]) -> Option<&str> {
    answer
        .iter()
        .filter_map(row)
        .find_map(|row| text(row, "look"))
}

/// An error when the connection or the server is not one for a run.
pub(crate) fn accept(plan: &Plan, answer: &[SimpleQueryMessage]) -> Result<(), Error> {
    let Some(row) = answer.iter().find_map(row) else {
        return Ok(());
    };
    if flag(row, "in_transaction") {
        return Err(errors::open_transaction(plan, false));
    }
    if let Some(version) = text(row, "too_old") {
        return Err(Error::UnsupportedServer {
            schema: plan.schema(),
            version: version.to_owned(),
        });
    }
    match text(row, "version").and_then(|version| Engine::running(version, text(row, "yb_ddl"))) {
        Some(engine) => Err(errors::foreign_engine(plan, engine)),
        None => Ok(()),
    }
}

/// Whether the look at the whole ledger has more to say about the error: another engine, or a table with other columns.
pub(crate) fn is_unexplained(refused: &ServerError) -> bool {
    refused.recovery() == Recovery::Fail && !privileges::is_about_role(refused)
}

/// Whether the schema has no ledger.
pub(crate) fn is_missing(answer: &[SimpleQueryMessage]) -> bool {
    look(answer).is_some_and(|look| is_true(look, "missing"))
}

impl FastPath {
    /// `None` when something is pending, or when only the whole ledger can show what is wrong.
    pub(crate) fn read(plan: &Plan, answer: &[SimpleQueryMessage]) -> Option<Self> {
        let look = look(answer)?;
        match ["standby", "leftovers"]
            .iter()
            .any(|what| is_true(look, what))
        {
            true => None,
            false => Self::of_any_server(plan, answer),
        }
    }

    /// The same for a look that nothing follows: it may be on a standby, and what is left to clean up is left.
    pub(crate) fn of_any_server(plan: &Plan, answer: &[SimpleQueryMessage]) -> Option<Self> {
        let look = look(answer)?;
        // A standby has only what its primary's log had.
        let is_durable = is_true(look, "standby") || !is_true(look, "deferred");
        let news = ["open", "ahead"];
        if !(is_true(look, "whole") && is_durable) || news.iter().any(|what| is_true(look, what)) {
            return None;
        }
        let done = |category, name| {
            let tasks = of_category(plan, category);
            let digest = element(look, name).and_then(|digest| digest.parse().ok());
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
                seq: element(look, "head_seq")?.parse().ok()?,
                chain: element(look, "head_chain")?.parse().ok()?,
            },
            released: done(Category::Release, "release")?.0,
            converted: done(Category::Data, "data")?.0,
        })
    }
}

/// How many of the first tasks a digest covers; `None` if it covers anything else.
fn how_many(tasks: &[Task], digest: Option<Checksum>) -> Option<usize> {
    let Some(digest) = digest else {
        return Some(0);
    };
    let position = digests(tasks).position(|so_far| so_far == digest);
    position.map(|position| position.saturating_add(1))
}
