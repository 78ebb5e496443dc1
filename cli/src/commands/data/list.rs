//! `onward data list`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use onward::data;

use super::answer::{StatusJson, line};
use super::{Common, remote};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, write_json};

/// List the data migrations of a module: how far each one is, and why it does not run
///
/// Exit status: 0 when all of them are done, 1 otherwise, 2 when the folder cannot be read or the database or service
/// does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct List {
    /// Folder of the module, such as migrations/auth; with --service its schema, or nothing for all of its modules.
    #[arg(required_unless_present = "service")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

/// The data migrations of a module.
pub(super) struct Module {
    pub(super) schema: String,
    pub(super) data: Vec<StatusJson>,
}

pub(super) async fn run(
    verb: &List,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let folder = verb.folder.clone().unwrap_or_default();
    let modules = match verb.common.endpoint()? {
        Some(endpoint) => {
            let name = verb.folder.as_ref().map(|name| name.display().to_string());
            remote::list(&endpoint, name.as_deref(), err).await?
        }
        None => {
            let (plan, client) = verb.common.look(&folder, err).await?;
            let all = data::list(&client, &plan, verb.common.role()).await;
            let all = all.map_err(CouldNotRun::Status)?;
            vec![Module {
                schema: plan.schema().to_owned(),
                data: StatusJson::all(plan.schema(), &all),
            }]
        }
    };
    let all = || modules.iter().flat_map(|module| &module.data);
    match verb.common.format {
        Format::Text => modules.iter().try_for_each(|one| print(one, out))?,
        Format::Json => write_json(out, &all().collect::<Vec<_>>())?,
    }
    Ok(match all().all(|one| one.done_at.is_some()) {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}

fn print(module: &Module, out: &mut impl Write) -> io::Result<()> {
    let Module { schema, data } = module;
    if data.is_empty() {
        return writeln!(out, "{schema}: no data migrations");
    }
    let names = data.iter().map(|one| one.name.len()).max().unwrap_or(0);
    let states = data.iter().map(|one| one.state.len()).max().unwrap_or(0);
    writeln!(out, "{schema}")?;
    for one in data {
        writeln!(out, "  {}", line(one, names, states))?;
    }
    Ok(())
}
