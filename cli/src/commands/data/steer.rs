//! The verbs by which an operator says something to a data migration.

use std::io::Write;

use clap::Args;
use onward::data::{self, Command};

use super::answer::StatusJson;
use super::one::One;
use super::remote;
use crate::commands::recorded::refused;
use crate::failure::FailureJson;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, error_chain, write_json};
use crate::service::ServiceError;

/// Stop a data migration behind the batch that is running; it keeps its place
///
/// Exit status: 0 when it is paused, 1 when that makes no difference in its state, 2 when the folder has errors or
/// the database or service does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Pause {
    #[command(flatten)]
    pub(super) one: One,
}

/// Let a paused data migration go on
///
/// Exit status: 0 when it goes on, 1 when that makes no difference in its state, 2 when the folder has errors or the
/// database or service does not answer.
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
/// the database or service does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Cancel {
    #[command(flatten)]
    pub(super) one: One,
}

/// Let a failed or cancelled data migration go on, and take the rows again that were left out
///
/// Exit status: 0 when it goes on, 1 when that makes no difference in its state, 2 when the folder has errors or the
/// database or service does not answer.
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
/// database or service does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Approve {
    #[command(flatten)]
    pub(super) one: One,
}

/// Let a data migration go faster or slower
///
/// Exit status: 0 when it is set, 1 when that makes no difference in its state, 2 when the folder has errors or the
/// database or service does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Speed {
    #[command(flatten)]
    pub(super) one: One,
    /// Share of the usual speed: 1 is the usual one, 0.5 half of it; from 0.01 to 10.
    #[arg(value_name = "SPEED", required_unless_present = "service")]
    to: Option<String>,
}

/// What is said to which one.
pub(super) struct Said<'a> {
    one: &'a One,
    more: Option<&'a str>,
    command: Command,
}

impl Pause {
    pub(super) const fn said(&self) -> Said<'_> {
        said(&self.one, Command::Pause)
    }
}

impl Resume {
    pub(super) const fn said(&self) -> Said<'_> {
        said(&self.one, Command::Resume)
    }
}

impl Cancel {
    pub(super) const fn said(&self) -> Said<'_> {
        said(&self.one, Command::Cancel)
    }
}

impl Retry {
    pub(super) const fn said(&self) -> Said<'_> {
        let command = match self.from_start {
            true => Command::Restart,
            false => Command::Retry,
        };
        said(&self.one, command)
    }
}

impl Approve {
    pub(super) const fn said(&self) -> Said<'_> {
        said(&self.one, Command::Approve)
    }
}

impl Speed {
    pub(super) fn said(&self) -> Result<Said<'_>, CouldNotRun> {
        let more = self.to.as_deref();
        let word = self.one.named(more)?.rest.unwrap_or_default();
        let to = word.parse::<f64>().ok().filter(|to| to.is_finite());
        let to = to.ok_or_else(|| CouldNotRun::Speed(word.to_owned()))?;
        Ok(Said {
            one: &self.one,
            more,
            command: Command::Speed(to),
        })
    }
}

const fn said(one: &One, command: Command) -> Said<'_> {
    Said {
        one,
        more: None,
        command,
    }
}

pub(super) async fn run(
    said: &Said<'_>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let common = &said.one.common;
    let named = said.one.named(said.more)?;
    if let Some(endpoint) = common.endpoint()? {
        let answer = remote::steer(&endpoint, &named, said.command, err).await;
        let status = match answer {
            Ok(status) => status,
            Err(CouldNotRun::Service(error @ ServiceError::Refused { .. })) => {
                if common.format == Format::Json {
                    write_json(out, &FailureJson::of_service(&error.to_string()))?;
                }
                error_chain(err, &error)?;
                return Ok(Outcome::Refused);
            }
            Err(error) => return Err(error),
        };
        return print(&status, common.format, out);
    }
    let (plan, client, _) = common.open(&named.folder()?, err).await?;
    let answer = data::steer(&client, &plan, common.role(), named.version, said.command).await;
    let error = match answer {
        Ok(status) => return print(&StatusJson::new(plan.schema(), &status), common.format, out),
        Err(error) => error,
    };
    refused(&error, common.format, out, err)
}

fn print(
    status: &StatusJson,
    format: Format,
    out: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    match format {
        Format::Text => writeln!(out, "{}", status.line())?,
        Format::Json => write_json(out, status)?,
    }
    Ok(Outcome::Good)
}
