//! `onward release`.

use std::io::Write;

use onward::Release;

use crate::args::{Format, Release as Command};
use crate::database::{connect, connector};
use crate::folder::plan;
use crate::report::{ErrorJson, ReportJson};
use crate::{CouldNotRun, Outcome, explain};

pub(crate) async fn run(
    command: &Command,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let plan = plan(&command.folder)?;
    let url = command.direct_url.as_ref().unwrap_or(&command.output.url);
    // A wrong URL is told at once; a server that goes away in the middle is waited for.
    drop(connect(url).await?);
    let connector = connector(url)?;
    let mut release = Release::new(&plan);
    if let Some(role) = &command.role {
        release = release.role(role.clone());
    }
    if let Some(version) = command.compatible_from {
        release = release.compatible_from(version);
    }
    let result = release.run_with(&connector).await;
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
