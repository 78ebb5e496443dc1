//! The verbs by which an operator says something to a data migration.

use std::io::Write;

use clap::Args;
use onward::data::{self, Command};

use super::One;
use super::answer::{StatusJson, line, state};
use crate::failure::FailureJson;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, error_chain, write_json};

/// Stop a data migration behind the batch that is running; it keeps its place
///
/// Exit status: 0 when it is paused, 1 when that makes no difference in its state, 2 when the folder has errors or
/// the database does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Pause {
    #[command(flatten)]
    pub(super) one: One,
}

/// Let a paused data migration go on
///
/// Exit status: 0 when it goes on, 1 when that makes no difference in its state, 2 when the folder has errors or the
/// database does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Resume {
    #[command(flatten)]
    pub(super) one: One,
}

/// Give a data migration up; what it has changed stays
///
/// `onward data retry` takes it up again.
///
/// Exit status: 0 when it is given up, 1 when that makes no difference in its state, 2 when the folder has errors or
/// the database does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Cancel {
    #[command(flatten)]
    pub(super) one: One,
}

/// Let a failed or cancelled data migration go on, and take the rows again that were left out
///
/// Exit status: 0 when it goes on, 1 when that makes no difference in its state, 2 when the folder has errors or the
/// database does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Retry {
    #[command(flatten)]
    pub(super) one: One,
    /// Begin at the first row, with the text that the file has now; also where it was edited half way. For
    /// statements that may change a row twice.
    #[arg(long)]
    from_start: bool,
}

/// Let a data migration begin whose file says `-- onward: approve`
///
/// Exit status: 0 when it begins, 1 when that makes no difference in its state, 2 when the folder has errors or the
/// database does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Approve {
    #[command(flatten)]
    pub(super) one: One,
}

/// Let a data migration go faster or slower
///
/// Exit status: 0 when it is set, 1 when that makes no difference in its state, 2 when the folder has errors or the
/// database does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Speed {
    #[command(flatten)]
    pub(super) one: One,
    /// Share of the usual speed: 1 is the usual one, 0.5 half of it; from 0.01 to 10.
    #[arg(value_name = "SPEED")]
    to: f64,
}

/// What is said to which one.
pub(super) struct Said<'a> {
    one: &'a One,
    command: Command,
}

impl Pause {
    pub(super) const fn command(&self) -> Said<'_> {
        said(&self.one, Command::Pause)
    }
}

impl Resume {
    pub(super) const fn command(&self) -> Said<'_> {
        said(&self.one, Command::Resume)
    }
}

impl Cancel {
    pub(super) const fn command(&self) -> Said<'_> {
        said(&self.one, Command::Cancel)
    }
}

impl Retry {
    pub(super) const fn command(&self) -> Said<'_> {
        let command = match self.from_start {
            true => Command::Restart,
            false => Command::Retry,
        };
        said(&self.one, command)
    }
}

impl Approve {
    pub(super) const fn command(&self) -> Said<'_> {
        said(&self.one, Command::Approve)
    }
}

impl Speed {
    pub(super) const fn command(&self) -> Said<'_> {
        said(&self.one, Command::Speed(self.to))
    }
}

const fn said(one: &One, command: Command) -> Said<'_> {
    Said { one, command }
}

pub(super) async fn run(
    said: &Said<'_>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let One {
        folder,
        version,
        common,
    } = said.one;
    let (plan, client, _) = common.open(folder, err).await?;
    let role = common.server.role.as_ref();
    let answer = data::steer(&client, &plan, role, *version, said.command).await;
    match (&answer, common.format) {
        (Ok(status), Format::Text) => {
            let line = line(status, status.name.len(), state(status).len());
            writeln!(out, "{line}")?;
        }
        (Ok(status), Format::Json) => write_json(out, &StatusJson::new(status))?,
        (Err(error), Format::Text) => error_chain(err, error)?,
        (Err(error), Format::Json) => {
            write_json(out, &FailureJson::of_run(error))?;
            error_chain(err, error)?;
        }
    }
    Ok(match answer {
        Ok(_) => Outcome::Good,
        Err(_) => Outcome::Refused,
    })
}
