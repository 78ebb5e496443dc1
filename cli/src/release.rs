//! `onward release`.

use std::io::Write;

use onward::Release;

use crate::args::{Format, Release as Command};
use crate::database::connect;
use crate::folder::plan;
use crate::report::{ErrorJson, ReportJson};
use crate::{CouldNotRun, Outcome, explain};

pub(crate) async fn run(
    command: &Command,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let plan = plan(&command.folder)?;
    let mut client = connect(&command.output.url).await?;
    let result = Release::new(&plan).run(&mut client).await;
    match (&result, command.output.format) {
        (Ok(report), Format::Text) => writeln!(out, "{report}")?,
        (Ok(report), Format::Json) => {
            writeln!(out, "{:#}", serde_json::json!(ReportJson::new(report)))?;
        }
        (Err(error), Format::Text) => explain(err, error)?,
        (Err(error), Format::Json) => {
            writeln!(out, "{:#}", serde_json::json!(ErrorJson::new(error)))?;
        }
    }
    Ok(match result {
        Ok(_) => Outcome::Good,
        Err(_) => Outcome::Refused,
    })
}
