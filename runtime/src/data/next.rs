//! What a worker does next. Pure: no clock, no server.

use crate::ledger::data::{Progress, State};
use crate::ledger::task::{Task, in_background, in_order};
use crate::ledger::{Ledger, diff};
use crate::plan::kind::Data;
use crate::plan::version::{Category, Version};
use crate::plan::{Job, Plan};

/// A data migration that is not done.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) task: Task,
    pub(crate) kind: &'static Data,
    /// `None` before it has begun.
    pub(crate) progress: Option<Progress>,
}

/// Why a data migration does not run.
///
/// ```
/// fn print(held: &onward::data::Held) {
///     println!("{held}");
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Held {
    /// An operator has to say something.
    State {
        /// What it is.
        state: State,
        /// Why, when it failed.
        reason: Option<String>,
    },
    /// Its file was edited after it had begun.
    Edited,
    /// Other data migrations have to be done first.
    Requires {
        /// Those that are not.
        missing: Vec<Version>,
    },
    /// Startup migrations or seeds have to be applied first.
    Behind {
        /// The first of them.
        version: Version,
    },
    /// It is code, and this worker does not have it.
    NoCode,
}

impl std::fmt::Display for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::State { state, reason } => match (state, reason) {
                (State::Approval, _) => f.write_str("waits for approval: `onward data approve`"),
                (State::Paused, _) => f.write_str("paused: `onward data resume`"),
                (State::Cancelled, _) => f.write_str("cancelled: `onward data retry` takes it up again"),
                (_, Some(reason)) => write!(f, "{state}: {reason}"),
                (_, None) => write!(f, "{state}"),
            },
            Self::Edited => f.write_str(
                "its file was edited after it had begun: restore the text and put the change into a new file, or begin \
                 again with `onward data retry --from-start` when a row may be changed twice",
            ),
            Self::Requires { missing } => {
                let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
                write!(f, "waits for {}", missing.join(", "))
            }
            Self::Behind { version } => write!(f, "waits for {version}, which a start of the service applies"),
            Self::NoCode => f.write_str(
                "is code of the service, and this worker does not have it: `Worker::code`",
            ),
        }
    }
}

/// What is to be done with a data migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Write down that it has begun.
    Begin,
    /// Walk the table from its first row.
    Pass,
    /// Run the statement on the next range.
    Batch,
    /// Run the statement again.
    Repeat,
    /// Run everything at once.
    Whole,
    /// Run the service's code.
    Code,
    /// Run its steps outside of transactions.
    Steps,
    /// Run the statement on a row that was left out.
    Again,
    /// Ask whether a row is left.
    Check,
}

/// The data migrations that are not done, in the order of their versions, with the reason why each of them does not
/// run, when there is one.
pub(crate) fn pending(
    plan: &Plan,
    ledger: &Ledger,
    progress: &[Progress],
    has_code: impl Fn(Version) -> bool,
) -> Vec<(Pending, Option<Held>)> {
    let order = in_order(plan);
    let tasks = in_background(plan.data()).into_iter();
    let all = tasks.zip(plan.data().iter().map(crate::plan::Migration::kind));
    let pending = all.filter(|(task, _)| diff::is_pending(task, ledger));
    pending
        .map(|(task, kind)| {
            let progress = progress.iter().find(|one| one.version == task.version);
            let pending = Pending {
                task,
                kind,
                progress: progress.cloned(),
            };
            let held = held(&pending, &order, ledger, &has_code);
            (pending, held)
        })
        .collect()
}

fn held(
    pending: &Pending,
    order: &[Task],
    ledger: &Ledger,
    has_code: impl Fn(Version) -> bool,
) -> Option<Held> {
    let Pending {
        task,
        kind,
        progress,
    } = pending;
    if let Some(progress) = progress {
        if progress.checksum != task.checksum {
            return Some(Held::Edited);
        }
        if progress.state.waits_for_people() {
            return Some(Held::State {
                state: progress.state,
                reason: progress.reason.clone(),
            });
        }
    }
    let missing = diff::missing(task, ledger);
    if !missing.is_empty() {
        return Some(Held::Requires { missing });
    }
    let ahead = order
        .iter()
        .take_while(|one| one.version != task.version)
        .filter(|one| match one.version.category() {
            Category::Startup | Category::Seed => true,
            Category::Release | Category::Data => false,
        })
        .find(|one| diff::is_pending(one, ledger));
    if let Some(ahead) = ahead {
        return Some(Held::Behind {
            version: ahead.version,
        });
    }
    let is_code = matches!(kind.job, Job::Code);
    (is_code && !has_code(task.version)).then_some(Held::NoCode)
}

/// What comes next for a data migration that is not held. `is_dry` says that its last batch has found no row.
pub(crate) fn deed(pending: &Pending, is_dry: bool) -> Deed {
    let Some(progress) = &pending.progress else {
        return Deed::Begin;
    };
    match pending.kind.job {
        Job::Whole => Deed::Whole,
        Job::Ranges(_) if progress.pass == 0 => Deed::Pass,
        Job::Ranges(_) if progress.is_over && progress.again > 0 => Deed::Again,
        Job::Ranges(_) if progress.is_over => Deed::Check,
        Job::Ranges(_) => Deed::Batch,
        Job::Repeated if is_dry => Deed::Check,
        Job::Repeated => Deed::Repeat,
        Job::Code if is_dry => Deed::Check,
        Job::Code => Deed::Code,
        Job::Background => Deed::Steps,
    }
}

/// Why a data migration is not done although every other row is.
pub(crate) const LEFT_OUT: &str = "rows were left out because they fail: mend them, then take them again with `onward data retry`";

/// What a check that has found a row left leads to.
pub(crate) fn after_check(pending: &Pending) -> Result<Deed, &'static str> {
    const STUCK: &str = "rows are left, and passes over the table do not make them fewer: either the statement gives \
        them a value that `done when` does not take for done, such as NULL, or a release that still runs writes them. \
        Mend the rows or that release, then `onward data retry`";
    let Some(progress) = &pending.progress else {
        return Ok(Deed::Begin);
    };
    match pending.kind.job {
        Job::Ranges(_) if progress.skipped > 0 => Err(LEFT_OUT),
        // Rows that appeared behind the cursor are fewer each time, when the statement does change them.
        Job::Ranges(_)
            if progress.pass_rows > 0
                && (progress.pass < 3 || progress.pass_rows < progress.before_rows) =>
        {
            Ok(Deed::Pass)
        }
        Job::Ranges(_) | Job::Repeated | Job::Code | Job::Whole | Job::Background => Err(STUCK),
    }
}
