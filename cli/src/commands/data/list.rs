//! `onward data list`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use onward::data;

use super::Common;
use super::answer::{StatusJson, line, state};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, write_json};

/// List the data migrations of a module: how far each one is, and why it does not run
///
/// Exit status: 0 when all of them are done, 1 otherwise, 2 when the folder cannot be read or the database does
/// not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct List {
    /// Folder of the module, such as migrations/auth.
    folder: PathBuf,
    #[command(flatten)]
    pub(super) common: Common,
}

pub(super) async fn run(
    verb: &List,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let (plan, client) = verb.common.look(&verb.folder, err).await?;
    let all = data::list(&client, &plan, verb.common.server.role.as_ref())
        .await
        .map_err(CouldNotRun::Status)?;
    match verb.common.format {
        Format::Text if all.is_empty() => {
            writeln!(out, "{}: no data migrations", plan.schema())?;
        }
        Format::Text => {
            let names = all.iter().map(|one| one.name.len()).max().unwrap_or(0);
            let states = all.iter().map(|one| state(one).len()).max().unwrap_or(0);
            writeln!(out, "{}", plan.schema())?;
            for one in &all {
                writeln!(out, "  {}", line(one, names, states))?;
            }
        }
        Format::Json => {
            let all: Vec<_> = all.iter().map(StatusJson::new).collect();
            write_json(out, &all)?;
        }
    }
    Ok(match all.iter().all(|one| one.done.is_some()) {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}
