//! `onward release`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::bridge::plan;
use crate::connect::{Database, connect, connector};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::report::{ErrorJson, ReportJson};
use crate::output::{Format, error_chain};

/// Apply the pending release migrations (100-199) of one module
///
/// Applies startup migrations and seeds first where some are still pending, because release
/// migrations build on them. Safe to repeat: what is applied already is skipped.
///
/// Exit status: 0 when everything is applied, 1 when the run was refused or failed, 2 when the folder
/// has errors or the database does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Release {
    /// Folder of the module, such as migrations/auth.
    folder: PathBuf,
    #[command(flatten)]
    database: Database,
    /// URL of the server itself, for when `--url` leads to a connection pooler such as PgBouncer; used
    /// instead of `--url`.
    #[arg(
        long,
        value_name = "URL",
        env = "ONWARD_DIRECT_URL",
        hide_env_values = true
    )]
    direct_url: Option<String>,
    /// Role that owns the module's objects; each transaction switches to it with SET LOCAL ROLE.
    /// Default: the role that logs in.
    #[arg(long)]
    role: Option<onward::Role>,
    /// Oldest release migration that a binary must know to start on the result, such as 103. Default:
    /// a binary that does not know every applied release migration refuses to start.
    #[arg(long, value_name = "VERSION")]
    compatible_from: Option<onward::Version>,
    /// Output format; `json` is one object, also when the run fails.
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
    // A wrong URL fails at once. Later, the run waits for a server that goes away.
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
        (Err(error), Format::Text) => error_chain(err, error)?,
        (Err(error), Format::Json) => {
            writeln!(out, "{:#}", serde_json::json!(ErrorJson::new(error)))?;
        }
    }
    Ok(match result {
        Ok(_) => Outcome::Good,
        Err(_) => Outcome::Refused,
    })
}
