//! `onward up`.

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};

use crate::bridge::plan_of;
use crate::connect::{Server, connect};
use crate::failure::FailureJson;
use crate::fleet::Fleet;
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::report::ReportJson;
use crate::output::{Format, error_chain, waiting};

/// Apply everything that is pending, in a database of development or CI
///
/// Startup migrations, seeds, release migrations and data migrations, in the order in which `onward check` reads
/// them. Brings an empty database up whole, and any other to the state of the folders. Safe to repeat.
///
/// `--startup` stops before release and data migrations: what a start of the service would apply, for a service that only
/// verifies, and before `onward release`.
///
/// Without it not for production: it runs release migrations without an operator's decision, and a data migration as
/// one statement, which on a large table holds its locks for long. `onward release` is the command for production.
///
/// Exit status: 0 when everything is applied, 1 when a run was refused or failed (the modules behind it are
/// not tried), 2 when a folder has errors or the database does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Up {
    /// Folders of modules, such as migrations/*; applied in this order.
    #[arg(required = true, value_name = "FOLDER")]
    pub(crate) folders: Vec<Module>,
    #[command(flatten)]
    pub(crate) server: Server,
    /// Only what a start of the service applies: startup migrations and seeds.
    #[arg(long)]
    startup: bool,
    #[command(flatten)]
    pub(crate) fleet: Fleet,
    /// Output format; `json` is one array with an object for each folder, up to one that failed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

pub(crate) async fn run(
    command: &Up,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    // No module is touched when another one cannot be read.
    let plans = command
        .folders
        .iter()
        .map(plan_of)
        .collect::<Result<Vec<_>, _>>()?;
    let target = command.server.target()?;
    target.announce(err)?;
    // A wrong URL fails at once. Later, the run waits for a server that goes away.
    drop(connect(&target).await?);
    let connector = target.connector();
    let (mut documents, mut outcome) = (Vec::<Value>::new(), Outcome::Good);
    for plan in &plans {
        let mut up = onward::Up::new(plan).listener(waiting::tell);
        if command.startup {
            up = up.startup_only();
        }
        if let Some(role) = command.server.role() {
            up = up.role(role.clone());
        }
        let result = up.run_with(&connector).await;
        match (&result, command.format) {
            (Ok(report), Format::Text) => writeln!(out, "{report}")?,
            (Ok(report), Format::Json) => documents.push(json!(ReportJson::new(report))),
            (Err(error), Format::Text) => error_chain(err, error)?,
            (Err(error), Format::Json) => {
                documents.push(json!(FailureJson::of_run(error)));
                error_chain(err, error)?;
            }
        }
        if result.is_err() {
            outcome = Outcome::Refused;
            break;
        }
    }
    if command.format == Format::Json {
        writeln!(out, "{:#}", Value::Array(documents))?;
    }
    Ok(outcome)
}
