//! `onward status`.

use std::io::Write;

use clap::Args;
use onward::{Plan, status};

use crate::bridge::Seen;
use crate::connect::{Database, connect};
use crate::fleet::Fleet;
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::report::StatusJson;
use crate::output::{Format, write_json};

/// Show which migrations are applied and which are pending
///
/// Also reports drift, such as an applied file that was edited, and a ledger that was changed by
/// hand. Changes nothing and blocks no other session. Findings of `onward check` do not stop it.
///
/// Exit status: 0 when every startup, seed and release migration is applied and nothing has drifted,
/// 1 otherwise, also while one of them waits for a data migration (`waiting`), 2 when a folder cannot be read or the
/// database does not answer. Pending data migrations do not count.
#[derive(Clone, Debug, Args)]
pub(crate) struct Status {
    /// Folders of modules, such as migrations/auth.
    #[arg(required = true, value_name = "FOLDER")]
    pub(crate) folders: Vec<Module>,
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) fleet: Fleet,
    /// Output format; `json` is one array with an object for each folder.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

pub(crate) async fn run(
    command: &Status,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let modules = Seen::all(&command.folders)?;
    let target = command.database.target()?;
    target.announce(err)?;
    for note in modules.iter().flat_map(Seen::notes) {
        writeln!(err, "{note}")?;
    }
    let client = connect(&target).await?;
    let plans: Vec<&Plan> = modules.iter().map(|module| &module.plan).collect();
    let all = status(&client, &plans).await.map_err(CouldNotRun::Status)?;
    match command.format {
        Format::Text => {
            for one in &all {
                writeln!(out, "{one}")?;
            }
        }
        Format::Json => {
            let all: Vec<_> = all.iter().map(StatusJson::new).collect();
            write_json(out, &all)?;
        }
    }
    Ok(match all.iter().all(onward::Status::is_current) {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}
