//! `onward release`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::bridge::plan;
use crate::connect::{Database, connect, connector};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::report::{ErrorJson, ReportJson};
use crate::output::{Format, explain};

#[derive(Clone, Debug, Args)]
pub(crate) struct Release {
    /// The folder of the module, such as migrations/auth.
    folder: PathBuf,
    #[command(flatten)]
    database: Database,
    /// The server's own URL, when the other one goes through a pooler such as PgBouncer: it is used
    /// instead.
    #[arg(long, env = "ONWARD_DIRECT_URL", hide_env_values = true)]
    direct_url: Option<String>,
    /// The role that owns the module, when it is not the login's own: it is taken with SET LOCAL ROLE.
    #[arg(long)]
    role: Option<onward::Role>,
    /// Older binaries that may keep running on what this applies: those that know this release migration
    /// or a later one. Without it a binary that lacks one of them refuses to start.
    #[arg(long, value_name = "VERSION")]
    compatible_from: Option<onward::Version>,
    /// For whom the answer is.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(crate) async fn run(
    command: &Release,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let plan = plan(&command.folder)?;
    let url = command.direct_url.as_ref().unwrap_or(&command.database.url);
    // A wrong URL is told at once; a server that goes away in the middle is waited for.
    drop(connect(url).await?);
    let connector = connector(url)?;
    let mut release = onward::Release::new(&plan);
    if let Some(role) = &command.role {
        release = release.role(role.clone());
    }
    if let Some(version) = command.compatible_from {
        release = release.compatible_from(version);
    }
    let result = release.run_with(&connector).await;
    match (&result, command.format) {
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
