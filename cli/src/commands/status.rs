//! `onward status`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use onward::{Plan, status};

use crate::bridge::plan;
use crate::connect::{Database, connect};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::Format;
use crate::output::report::StatusJson;

#[derive(Clone, Debug, Args)]
pub(crate) struct Status {
    /// The folders of the modules, such as migrations/auth.
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    #[command(flatten)]
    database: Database,
    /// For whom the answer is.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(crate) async fn run(command: &Status, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let plans = command
        .folders
        .iter()
        .map(|folder| plan(folder))
        .collect::<Result<Vec<_>, _>>()?;
    let client = connect(&command.database.url).await?;
    let all = status(&client, &plans.iter().collect::<Vec<&Plan>>())
        .await
        .map_err(CouldNotRun::Status)?;
    match command.format {
        Format::Text => {
            for one in &all {
                writeln!(out, "{one}")?;
            }
        }
        Format::Json => {
            let all: Vec<_> = all.iter().map(StatusJson::new).collect();
            writeln!(out, "{:#}", serde_json::json!(all))?;
        }
    }
    Ok(match all.iter().all(onward::Status::is_current) {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}
