//! Errors of a run, each built from the plan, the progress and the facts.

use std::time::Duration;

use crate::ledger::drift::Drift;
use crate::ledger::gate::Held;
use crate::ledger::task::Task;
use crate::ledger::{Ledger, diff};
use crate::messages::build_name;
use crate::outcome::error::Error;
use crate::outcome::failed_statement::FailedStatement;
use crate::outcome::missing_right::{MissingRight, Names};
use crate::outcome::progress::Progress;
use crate::outcome::unfinished::Unfinished;
use crate::plan::{Plan, Step};
use crate::run::doing::Doing;
use crate::run::privileges;
use crate::run::waiter::Waiter;
use crate::session::SendError;
use crate::session::echo::echo;
use crate::session::engine::Engine;
use crate::session::foreign_part::ForeignPart;
use crate::session::other_meaning::OtherMeaning;
use crate::session::server_error::{Recovery, ServerError};

/// An error when the ledger is in a state in which no migration may be applied.
pub(crate) fn check(plan: &Plan, ledger: &Ledger, progress: &Progress) -> Result<(), Error> {
    if ledger.standby {
        return Err(standby(plan, progress));
    }
    if let Some(tampering) = &ledger.tampering {
        return Err(Error::Tampered {
            schema: plan.schema(),
            tampering: tampering.clone(),
            progress: progress.clone(),
        });
    }
    let all = diff::drift(plan, ledger);
    // Another file, or an edit, explains the others more often than they explain it.
    let worst = all.iter().min_by_key(|drift| match drift {
        Drift::BehindBaseline { .. } => 0,
        Drift::OtherFile { .. } => 0,
        Drift::Modified { .. } => 1,
        Drift::Unknown { .. } => 2,
        Drift::ReleaseAhead { .. } => 3,
        Drift::OutOfOrder { .. } => 4,
    });
    worst.map_or(Ok(()), |worst| Err(drifted(plan, &all, worst, progress)))
}

/// One error for everything that drifted in the same way.
fn drifted(plan: &Plan, all: &[Drift], worst: &Drift, progress: &Progress) -> Error {
    let schema = plan.schema();
    let progress = progress.clone();
    let of_a_kind = all.iter().filter(|drift| drift.as_str() == worst.as_str());
    let drift: Vec<Drift> = of_a_kind.cloned().collect();
    match worst {
        Drift::Modified { .. } => Error::Modified {
            schema,
            drift,
            progress,
        },
        Drift::OtherFile { .. } => Error::OtherFile {
            schema,
            drift,
            progress,
        },
        Drift::BehindBaseline { .. } => Error::BehindBaseline {
            schema,
            folder: plan.folder(),
            drift,
            progress,
        },
        Drift::Unknown { .. } => Error::Unknown {
            schema,
            drift,
            progress,
        },
        Drift::ReleaseAhead { .. } => Error::ReleaseAhead {
            schema,
            drift,
            progress,
        },
        Drift::OutOfOrder { .. } => Error::OutOfOrder {
            schema,
            drift,
            progress,
        },
    }
}

/// A migration that waits for data migrations.
pub(crate) fn requires(
    plan: &Plan,
    progress: &Progress,
    held: &Held,
    data: Vec<Unfinished>,
) -> Error {
    Error::Requires {
        schema: plan.schema(),
        name: held.task.name,
        missing: held.missing.clone(),
        data,
        progress: progress.clone(),
    }
}

pub(crate) fn standby(plan: &Plan, progress: &Progress) -> Error {
    Error::Standby {
        schema: plan.schema(),
        progress: progress.clone(),
    }
}

pub(crate) fn foreign_engine(plan: &Plan, engine: Engine) -> Error {
    Error::UnsupportedEngine {
        schema: plan.schema(),
        engine: Box::new(engine),
    }
}

pub(crate) fn open_transaction(plan: &Plan, failed: bool) -> Error {
    Error::OpenTransaction {
        schema: plan.schema(),
        failed,
    }
}

/// The session behind a borrowed connection, or behind a pooler, cannot be kept for one statement.
pub(crate) fn needs_session(
    plan: &Plan,
    progress: &Progress,
    task: &Task,
    borrowed: bool,
) -> Error {
    let statement = task.step.statements().first();
    Error::NeedsSession {
        schema: plan.schema(),
        name: task.name,
        statement: statement.map_or_else(String::new, |statement| echo(statement.sql)),
        borrowed,
        progress: progress.clone(),
    }
}

/// A name in an index build means something else on this connection.
pub(crate) fn ambiguous_name(
    plan: &Plan,
    progress: &Progress,
    task: &Task,
    mut found: Box<OtherMeaning>,
) -> Error {
    let statement = task.step.statements().first();
    found.statement = statement.map_or_else(String::new, |statement| echo(statement.sql));
    Error::AmbiguousName {
        schema: plan.schema(),
        folder: plan.folder(),
        name: task.name,
        found,
        progress: progress.clone(),
    }
}

pub(crate) fn out_of_time(
    plan: &Plan,
    progress: &Progress,
    budget: Duration,
    doing: String,
) -> Error {
    Error::OutOfTime {
        schema: plan.schema(),
        doing,
        budget,
        progress: progress.clone(),
    }
}

/// A message of the runner's own, and not of a migration, failed.
pub(crate) fn message_failed(
    plan: &Plan,
    progress: &Progress,
    budget: Duration,
    owner: Option<&str>,
    error: SendError,
    what: Doing,
) -> Error {
    let (schema, doing) = (plan.schema(), what.to_string());
    let refused = match error {
        SendError::TimedOut => return out_of_time(plan, progress, budget, doing),
        SendError::Lost(source) => {
            return Error::Connection {
                schema,
                doing,
                progress: progress.clone(),
                source,
            };
        }
        SendError::Refused(refused) => refused,
    };
    if let Some(part) = refused.foreign_part {
        return foreign_ledger(plan, progress, part);
    }
    let recovery = refused.recovery();
    if recovery == Recovery::ForeignEngine
        && let Some(engine) = Engine::of(refused.said.message())
    {
        return foreign_engine(plan, engine);
    }
    let right = privileges::by_message(&refused, what);
    let (progress, source) = (progress.clone(), refused.said);
    if recovery == Recovery::Standby {
        Error::Standby { schema, progress }
    } else if recovery == Recovery::Permission || right == MissingRight::TakeRole {
        Error::Permission {
            schema,
            right,
            role: privileges::ROLE.to_owned(),
            doing: doing.into(),
            fix: right.fix(unnamed(plan, owner)),
            progress,
            source,
        }
    } else {
        Error::Server {
            schema,
            doing,
            progress,
            source,
        }
    }
}

/// The role and the database are asked for behind an error only.
fn unnamed<'a>(plan: &'a Plan, owner: Option<&'a str>) -> Names<'a> {
    Names {
        schema: plan.schema(),
        owner,
        role: None,
        database: None,
    }
}

fn foreign_ledger(plan: &Plan, progress: &Progress, part: Box<ForeignPart>) -> Error {
    Error::ForeignLedger {
        schema: plan.schema(),
        part,
        progress: progress.clone(),
    }
}

/// The server refused a statement of a migration for good. `blockers` are named when it did not get its
/// locks.
pub(crate) fn statement_failed(
    plan: &Plan,
    progress: &Progress,
    ledger: &Ledger,
    task: &Task,
    refused: &ServerError,
    waiter: &Waiter,
) -> Error {
    let (tries, blockers) = (waiter.tries(), waiter.blockers());
    let finished = ledger.finished(task.version).count();
    let mut failed = FailedStatement::new(plan.folder(), task, refused, tries, finished);
    if refused.is_lock_timeout() || refused.is_deadlock() {
        blockers.clone_into(&mut failed.blockers);
    }
    let (schema, progress) = (plan.schema(), progress.clone());
    let source = match task.step {
        // The operator knows the name in the file.
        Step::BuildIndex(build) => {
            let stem = build_name::stem(build.index, task.version);
            refused.said.clone().with_name(&stem, build.index)
        }
        Step::Transaction(_)
        | Step::DropIndex { .. }
        | Step::DetachPartition { .. }
        | Step::NonTransactional { .. }
        | Step::Sequence { .. } => refused.said.clone(),
    };
    if refused.recovery() == Recovery::Permission {
        let is_statement =
            !matches!(task.step, Step::Transaction(_)) || refused.is_about(task.step.statements());
        let right = privileges::by_statement(refused, is_statement, &failed.statement);
        return Error::Permission {
            schema,
            right,
            role: privileges::ROLE.to_owned(),
            doing: failed.location_and_statement().into(),
            fix: right.fix(unnamed(plan, None)),
            progress,
            source,
        };
    }
    Error::Failed {
        schema,
        failed: Box::new(failed),
        progress,
        source,
    }
}
