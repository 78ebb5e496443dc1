//! `onward status`.

use std::io::Write;

use onward::{Plan, Status, status};

use crate::args::{Format, Status as Command};
use crate::database::connect;
use crate::folder::plan;
use crate::report::StatusJson;
use crate::{CouldNotRun, Outcome};

pub(crate) async fn run(command: &Command, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let plans = command
        .folders
        .iter()
        .map(|folder| plan(folder))
        .collect::<Result<Vec<_>, _>>()?;
    let client = connect(&command.output.url).await?;
    let all = status(&client, &plans.iter().collect::<Vec<&Plan>>())
        .await
        .map_err(CouldNotRun::Status)?;
    match command.output.format {
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
    Ok(match all.iter().all(Status::is_current) {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}
