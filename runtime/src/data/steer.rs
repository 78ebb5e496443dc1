//! What an operator asks of data migrations, and says to them.

use tokio_postgres::{Client, SimpleQueryMessage};

use crate::data::building::Building;
use crate::data::next::{self, Held};
use crate::data::work::limits;
use crate::ledger::Ledger;
use crate::ledger::data::{Progress, State};
use crate::ledger::task::{Task, in_background};
use crate::messages::data::Also;
use crate::messages::{self, Frame};
use crate::outcome::error::Error;
use crate::plan::Plan;
use crate::plan::version::Version;
use crate::run::look;
use crate::session::role::Role;
use crate::session::row::{parsed, row};
use crate::session::server_error::Recovery;
use crate::session::{SendError, ask};

/// One data migration of the plan, and how far it is.
///
/// ```
/// fn line(one: &onward::data::Status) -> String {
///     format!("{} {}", one.name, if one.done.is_some() { "done" } else { "pending" })
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Status {
    /// `DM001`.
    pub version: Version,
    /// The file's name.
    pub name: &'static str,
    /// Since when it is done: RFC 3339 in UTC, by the server's clock.
    pub done: Option<String>,
    /// How far it is; `None` before it has begun, and where it was done in one statement.
    pub progress: Option<Progress>,
    /// Why it does not run, when something is in its way.
    pub held: Option<Held>,
    /// The index that a session builds for it at this moment.
    pub building: Option<Building>,
}

/// What an operator says to a data migration.
///
/// ```
/// let command = onward::data::Command::Speed(0.5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Command {
    /// It may begin.
    Approve,
    /// It stops behind the batch that is running, and keeps its place.
    Pause,
    /// It goes on.
    Resume,
    /// It is given up. What it has changed stays.
    Cancel,
    /// It goes on where it failed or was cancelled, and takes the rows again that were left out.
    Retry,
    /// It begins again at the first row, with the text that its file has now.
    Restart,
    /// How fast it goes: 1 is the usual speed, 0.5 half of it.
    Speed(f64),
}

impl Command {
    /// In which states it makes sense.
    const fn from(self) -> &'static [State] {
        match self {
            Self::Approve => &[State::Approval],
            Self::Pause => &[State::Running],
            Self::Resume => &[State::Paused],
            Self::Cancel => &[
                State::Approval,
                State::Running,
                State::Paused,
                State::Failed,
            ],
            Self::Retry | Self::Restart => &[State::Failed, State::Cancelled],
            Self::Speed(_) => &[
                State::Approval,
                State::Running,
                State::Paused,
                State::Failed,
            ],
        }
    }

    /// As it is typed.
    const fn verb(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
            Self::Retry => "retry",
            Self::Restart => "retry --from-start",
            Self::Speed(_) => "speed",
        }
    }
}

/// A batch that was done.
///
/// ```
/// fn slowest(history: &onward::data::History) -> Option<u32> {
///     history.batches.iter().map(|batch| batch.ms).max()
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DoneBatch {
    /// Its number, from 1.
    pub number: u64,
    /// The key of its last row, as a JSON array.
    pub until: Option<String>,
    /// Rows that were changed.
    pub rows: u64,
    /// Milliseconds on the server.
    pub ms: u32,
    /// When it was committed: RFC 3339 in UTC, by the server's clock.
    pub at: String,
}

/// A row that was left out because it fails.
///
/// ```
/// fn print(row: &onward::data::SkippedRow) {
///     println!("{} fails with {}", row.key, row.sqlstate);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedRow {
    /// Its key, as a JSON array.
    pub key: String,
    /// Why, in five characters; empty when it is about to be tried again.
    pub sqlstate: String,
    /// The table that the error names.
    pub object: Option<String>,
    /// When: RFC 3339 in UTC, by the server's clock.
    pub at: String,
}

/// What a data migration has done lately.
///
/// ```
/// fn rows(history: &onward::data::History) -> u64 {
///     history.batches.iter().map(|batch| batch.rows).sum()
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct History {
    /// The newest batches, the newest first. The database keeps 1000 of each data migration.
    pub batches: Vec<DoneBatch>,
    /// The rows that were left out, the newest first.
    pub skipped: Vec<SkippedRow>,
}

/// The data migrations of a plan and how far they are, in the order of their versions. Reads only; one message.
///
/// # Errors
///
/// [`Error::Connection`], [`Error::Permission`] and [`Error::Server`].
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &tokio_postgres::Client) -> Result<(), onward::Error> {
/// for one in onward::data::list(client, plan, None).await? {
///     println!("{}: {:?}", one.name, one.progress);
/// }
/// # Ok(())
/// # }
/// ```
pub async fn list(client: &Client, plan: &Plan, role: Option<&Role>) -> Result<Vec<Status>, Error> {
    let set_role = messages::as_role(role);
    let message = [
        messages::read(plan, &set_role, ""),
        messages::data::look(plan),
        messages::data::building(plan),
    ]
    .concat();
    match ask(client, &message).await {
        Ok(answer) => {
            let (ledger, progress) = (Ledger::parse(&answer), Progress::all(&answer));
            Ok(statuses(plan, &ledger, &progress, Building::all(&answer)))
        }
        Err(SendError::Refused(refused)) if refused.is_missing() && refused.is_of_our_block() => {
            Ok(statuses(plan, &Ledger::empty(), &[], Vec::new()))
        }
        Err(error) => Err(look::failed(client, plan, error).await),
    }
}

/// A worker somewhere may have the code.
fn statuses(
    plan: &Plan,
    ledger: &Ledger,
    progress: &[Progress],
    mut building: Vec<Building>,
) -> Vec<Status> {
    let pending = next::pending(plan, ledger, progress, |_| true);
    in_background(plan.data())
        .iter()
        .map(|task| {
            let pending = pending
                .iter()
                .find(|(one, _)| one.task.version == task.version);
            let progress = progress.iter().find(|one| one.version == task.version);
            Status {
                version: task.version,
                name: task.name,
                done: ledger.done(task.version).map(|entry| entry.at.clone()),
                progress: progress.cloned(),
                held: pending.and_then(|(_, held)| held.clone()),
                // The worker runs one after the other, so it is that of the first one that fits.
                building: pending.and_then(|_| {
                    let at = building.iter().position(|one| one.is_of(task.step))?;
                    Some(building.remove(at))
                }),
            }
        })
        .collect()
}

/// Says something to a data migration that has begun. A worker hears of it behind the batch that is running.
///
/// # Errors
///
/// [`Error::NoEffect`] when that makes no sense in the state in which it is, and what [`list`] returns.
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &tokio_postgres::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use onward::data::{Command, steer};
///
/// steer(client, plan, None, "DM001".parse()?, Command::Pause).await?;
/// # Ok(())
/// # }
/// ```
pub async fn steer(
    client: &Client,
    plan: &Plan,
    role: Option<&Role>,
    version: Version,
    command: Command,
) -> Result<Status, Error> {
    // Whose the ledger is has to be known before anything of it is written.
    let all = list(client, plan, role).await?;
    let before = all.into_iter().find(|one| one.version == version);
    let task = in_background(plan.data())
        .into_iter()
        .find(|task| task.version == version);
    let (Some(task), Some(before)) = (task, before) else {
        return Err(no_effect(
            plan,
            format!("there is no data migration {version} in {}", plan.folder()),
        ));
    };
    let set_role = messages::as_role(role);
    let message = message(plan, &set_role, &task, &before, command)?;
    match ask(client, &message).await {
        Ok(answer) => after(plan, before, &answer),
        Err(SendError::Refused(refused)) if refused.recovery() == Recovery::LookAgain => {
            Err(no_effect(
                plan,
                format!(
                    "{} has changed meanwhile, and nothing was done: look at it with `onward data show`, then decide again",
                    task.name
                ),
            ))
        }
        Err(error) => Err(look::failed(client, plan, error).await),
    }
}

fn message(
    plan: &Plan,
    role: &str,
    task: &Task,
    before: &Status,
    command: Command,
) -> Result<String, Error> {
    let name = task.name;
    let Some(progress) = before.progress.as_ref().filter(|_| before.done.is_none()) else {
        let why = match before.done {
            Some(_) => "is done",
            None => "has not begun: a worker begins it, or `onward data run`",
        };
        return Err(no_effect(plan, format!("{name} {why}")));
    };
    let is_edited = progress.checksum != task.checksum;
    let may =
        command.from().contains(&progress.state) || (is_edited && command == Command::Restart);
    if !may {
        let verb = command.verb();
        let why = format!(
            "{name} is {}, and `{verb}` makes no difference there",
            progress.state
        );
        return Err(no_effect(plan, why));
    }
    if is_edited && command != Command::Restart {
        return Err(no_effect(plan, format!("{name}: {}", Held::Edited)));
    }
    let frame = Frame {
        plan,
        role,
        run: "",
        batch: None,
        because: None,
        has_functions: false,
        has_summary: false,
    };
    let set = |state: State, also: Also| {
        let reason = progress
            .reason
            .as_deref()
            .filter(|_| state == progress.state);
        messages::data::set_state(&frame, limits(), task, command.from(), state, reason, also)
    };
    Ok(match command {
        Command::Approve | Command::Resume => set(State::Running, Also::Nothing),
        Command::Pause => set(State::Paused, Also::Nothing),
        Command::Cancel => set(State::Cancelled, Also::Nothing),
        Command::Retry => set(State::Running, Also::TakeAgain),
        Command::Restart => messages::data::restart(&frame, limits(), task),
        Command::Speed(speed) => {
            if !(0.01..=10.0).contains(&speed) {
                let why = "a speed is between 0.01 and 10; 1 is the usual one".to_owned();
                return Err(no_effect(plan, why));
            }
            set(progress.state, Also::Speed(speed))
        }
    })
}

fn after(plan: &Plan, before: Status, answer: &[SimpleQueryMessage]) -> Result<Status, Error> {
    let all = Progress::all(answer);
    let progress = all.into_iter().find(|one| one.version == before.version);
    let Some(progress) = progress else {
        return Err(no_effect(
            plan,
            format!("{} has changed meanwhile", before.name),
        ));
    };
    let held = progress.state.waits_for_people().then(|| Held::State {
        state: progress.state,
        reason: progress.reason.clone(),
    });
    Ok(Status {
        progress: Some(progress),
        held,
        ..before
    })
}

fn no_effect(plan: &Plan, why: String) -> Error {
    Error::NoEffect {
        schema: plan.schema(),
        why,
    }
}

/// What a data migration has done lately: up to `most` batches and as many rows that were left out.
///
/// # Errors
///
/// [`Error::Connection`], [`Error::Permission`] and [`Error::Server`].
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &tokio_postgres::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let history = onward::data::history(client, plan, None, "DM001".parse()?, 20).await?;
/// println!("{:?}", history.batches.first());
/// # Ok(())
/// # }
/// ```
pub async fn history(
    client: &Client,
    plan: &Plan,
    role: Option<&Role>,
    version: Version,
    most: u32,
) -> Result<History, Error> {
    let set_role = messages::as_role(role);
    let message = [
        messages::read(plan, &set_role, ""),
        messages::data::history(plan, &set_role, version, most),
    ]
    .concat();
    let answer = match ask(client, &message).await {
        Ok(answer) => answer,
        Err(SendError::Refused(refused)) if refused.is_missing() && refused.is_of_our_block() => {
            return Ok(History::default());
        }
        Err(error) => return Err(look::failed(client, plan, error).await),
    };
    let mut history = History::default();
    for row in answer.iter().filter_map(row) {
        if let (Some(number), Some(rows), Some(ms), Some(at)) = (
            parsed(row, "batch"),
            parsed(row, "rows"),
            parsed(row, "ms"),
            parsed(row, "at"),
        ) {
            history.batches.push(DoneBatch {
                number,
                until: parsed(row, "key"),
                rows,
                ms,
                at,
            });
        } else if let (Some(key), Some(sqlstate), Some(at)) = (
            parsed(row, "key"),
            parsed(row, "sqlstate"),
            parsed(row, "at"),
        ) {
            history.skipped.push(SkippedRow {
                key,
                sqlstate,
                object: parsed(row, "object"),
                at,
            });
        }
    }
    Ok(history)
}
