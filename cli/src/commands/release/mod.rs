//! `onward release`.

mod agreed;
mod building;
mod expected;
mod stake;

use std::io::Write;

use clap::Args;
use onward::plan::Agreement;
use onward::{Category, Plan, Status, status};
use tokio_postgres::Client;

use self::agreed::agreed;
use self::expected::is_as_expected;
use crate::bridge::plan_of;
use crate::census::ScratchPlace;
use crate::commands::recorded::refused;
use crate::confirm::confirmed;
use crate::connect::{Server, connect};
use crate::fleet::Fleet;
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::report::ReportJson;
use crate::output::{Format, waiting, write_json};

/// Apply the pending release migrations (100-199) of one module
///
/// Run it when the running release no longer needs what they take away, and before the deploy of the version that has
/// these migrations is complete. The running release may restart on them unless `--breaks-running` is given. Safe to
/// repeat: what is applied already is skipped.
///
/// Refuses while startup migrations or seeds of the folder are pending: what they add has to be there first. A start of
/// the version that has them applies them, also one that waits for this release; so does `onward up --startup`.
///
/// Shows what is at stake first, with the size of each table that is locked, and asks. While an index is built it reports
/// how far it is. A database without a ledger is brought up without a question: no release runs there.
///
/// Refuses before it applies any of them when one requires a data migration that is not done, and prints how far that
/// is; when the schema is not what the applied migrations create, as `onward verify --schema` finds it; and when a column
/// would be dropped whose values its successor does not have.
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
    /// release that restarts before the deploy refuses.
    #[arg(long)]
    pub(crate) breaks_running: bool,
    /// Who has approved it. The ledger keeps it.
    #[arg(long, value_name = "NAME")]
    approved_by: Option<String>,
    /// Ticket in which it was approved. The ledger keeps it.
    #[arg(long, value_name = "TICKET")]
    ticket: Option<String>,
    /// Answer yes to the question. Without a terminal there is no other answer.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Do not compare the schema with what the applied migrations create first, because of this.
    #[arg(long, value_name = "REASON")]
    no_schema_check: Option<String>,
    #[command(flatten)]
    scratch: ScratchPlace,
    /// Output format; `json` is one object, also when the run fails.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
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
    let all = status(&client, &[&plan]).await;
    let all = all.map_err(CouldNotRun::Status)?;
    let mut holds = Vec::new();
    // What is refused anyway is not asked about, and on a database without a ledger no release runs.
    if let Some(status) = all.first().filter(|status| stake::is_asked_about(status)) {
        let places = (&target, &client);
        if !is_as_expected(command, places, &plan, status, (&mut *out, &mut *err)).await? {
            return Ok(Outcome::Refused);
        }
        match agreed(command, &client, &plan, status, (&mut *out, &mut *err)).await? {
            Some(agreed) => holds = agreed,
            None => return Ok(Outcome::Refused),
        }
        if !wants(command, &client, &plan, status, err).await? {
            return Ok(Outcome::Refused);
        }
    }
    let connector = target.connector();
    let release = release(command, &plan, holds).run_with(&connector);
    // Reports how far an index is, beside the run, until the run ends.
    let result = tokio::select! {
        result = release => result,
        never = building::watch(&client) => match never {},
    };
    match (&result, command.format) {
        (Ok(report), Format::Text) => writeln!(out, "{report}")?,
        (Ok(report), Format::Json) => write_json(out, &ReportJson::new(report))?,
        (Err(error), _) => return refused(error, command.format, out, err),
    }
    Ok(Outcome::Good)
}

fn release(command: &Release, plan: &Plan, holds: Vec<&'static Agreement>) -> onward::Release {
    let release = onward::Release::new(plan).listener(waiting::tell);
    let mut release = release.__agreed(holds);
    if let Some(role) = command.server.role() {
        release = release.role(role.clone());
    }
    if let Some(oldest) = command.compatible_from {
        release = release.compatible_from(oldest);
    }
    if command.breaks_running {
        release = release.breaks_running();
    }
    if let Some(who) = &command.approved_by {
        release = release.approved_by(who);
    }
    if let Some(ticket) = &command.ticket {
        release = release.ticket(ticket);
    }
    release
}

/// Shows what is at stake, and asks whether the operator wants it.
async fn wants(
    command: &Release,
    client: &Client,
    plan: &Plan,
    status: &Status,
    err: &mut impl Write,
) -> Result<bool, CouldNotRun> {
    let has_release = status.pending(Category::Release).next().is_some();
    if !has_release && !command.breaks_running {
        return Ok(true);
    }
    stake::show(plan, status, client, err).await?;
    if command.breaks_running {
        writeln!(
            err,
            "--breaks-running: from now on only binaries that know every release migration start. A pod of the running \
             release that restarts, or moves to another node, refuses until the new version is deployed."
        )?;
    }
    confirmed(command.yes, err)
}
