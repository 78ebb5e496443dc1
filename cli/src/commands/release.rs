//! `onward release`.

use std::io::{self, IsTerminal as _, Write};

use clap::Args;
use onward::{Category, Plan, status};
use tokio_postgres::Client;

use crate::bridge::plan_of;
use crate::connect::{Server, connect};
use crate::failure::FailureJson;
use crate::fleet::Fleet;
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::report::ReportJson;
use crate::output::{Format, error_chain, waiting, write_json};

/// Apply the pending release migrations (100-199) of one module
///
/// Applies startup migrations and seeds first where some are still pending, because release
/// migrations build on them. Safe to repeat: what is applied already is skipped.
///
/// Run it before the deploy of the version that has these migrations, and when the running release no longer
/// needs what they take away. The running release may restart on them unless `--breaks-running` is given.
///
/// Refuses before it applies any of them when one requires a data migration that is not done, and prints how far that
/// is.
///
/// Exit status: 0 when everything is applied, 1 when the run was refused or failed, 2 when the folder
/// has errors or the database does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Release {
    /// Folder of the module, such as migrations/auth.
    pub(crate) folder: Module,
    #[command(flatten)]
    pub(crate) server: Server,
    #[command(flatten)]
    pub(crate) fleet: Fleet,
    /// Oldest binary that may start from now on, by the last release migration that it knows, such as 103;
    /// `none` for one that knows no release migration. Default: the running release, which knows every
    /// release migration but those that this run applies. Also changes it for what is applied already.
    #[arg(long, value_name = "VERSION", conflicts_with = "breaks_running")]
    compatible_from: Option<onward::OldestBinary>,
    /// Only binaries that know everything that is applied may start from now on: a pod of the running
    /// release that restarts before the deploy refuses. Asks first.
    #[arg(long)]
    pub(crate) breaks_running: bool,
    /// Answer yes to the question that `--breaks-running` asks.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Output format; `json` is one object, also when the run fails.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Reports what the running release will no longer do, and whether the operator wants that.
async fn confirmed(
    command: &Release,
    client: &Client,
    plan: &Plan,
    err: &mut impl Write,
) -> Result<bool, CouldNotRun> {
    let all = status(client, &[plan]).await.map_err(CouldNotRun::Status)?;
    let pending = all.iter().flat_map(|one| one.pending(Category::Release));
    writeln!(
        err,
        "{}: --breaks-running: from now on only binaries that know every release migration start. A pod of the \
         running release that restarts, or moves to another node, refuses until the new version is deployed. \
         This run applies:",
        plan.schema()
    )?;
    let mut names = pending.map(|one| one.name).peekable();
    if names.peek().is_none() {
        writeln!(
            err,
            "  nothing: it changes what is recorded about those that are applied"
        )?;
    }
    names.try_for_each(|name| writeln!(err, "  {name}"))?;
    if command.yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() {
        return Err(CouldNotRun::Unconfirmed);
    }
    write!(err, "Go on? [y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    let is_yes = matches!(answer.trim(), "y" | "Y" | "yes");
    if !is_yes {
        writeln!(err, "Nothing was done.")?;
    }
    Ok(is_yes)
}

pub(crate) async fn run(
    command: &Release,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let plan = plan_of(&command.folder)?;
    let target = command.server.target()?;
    target.announce(err)?;
    // A wrong URL fails at once. Later, the run waits for a server that goes away.
    let client = connect(&target).await?;
    if command.breaks_running && !confirmed(command, &client, &plan, err).await? {
        return Ok(Outcome::Refused);
    }
    drop(client);
    let connector = target.connector();
    let mut release = onward::Release::new(&plan).listener(waiting::tell);
    if let Some(role) = &command.server.role {
        release = release.role(role.clone());
    }
    if let Some(oldest) = command.compatible_from {
        release = release.compatible_from(oldest);
    }
    if command.breaks_running {
        release = release.breaks_running();
    }
    let result = release.run_with(&connector).await;
    match (&result, command.format) {
        (Ok(report), Format::Text) => writeln!(out, "{report}")?,
        (Ok(report), Format::Json) => write_json(out, &ReportJson::new(report))?,
        (Err(error), Format::Text) => error_chain(err, error)?,
        (Err(error), Format::Json) => {
            write_json(out, &FailureJson::of_run(error))?;
            error_chain(err, error)?;
        }
    }
    Ok(match result {
        Ok(_) => Outcome::Good,
        Err(_) => Outcome::Refused,
    })
}
