//! `onward verify`.

use std::io::Write;

use clap::Args;
use onward::{Plan, Verified, verify};
use serde::Serialize;
use tokio_postgres::Client;

use crate::bridge::Seen;
use crate::census::{ScratchPlace, Wanted, compare};
use crate::connect::{Database, Target, connect};
use crate::fleet::Fleet;
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::difference::{self, ComparedJson};
use crate::output::report::VerifiedJson;
use crate::output::{FORMAT_VERSION, Format, write_json};

/// Check that the ledger of a module was not changed by hand, or with --schema, that the schema was not
///
/// Each line of the ledger holds a digest over itself and the line before it. Reports the first line
/// that was changed, removed or inserted. Changes nothing and blocks no other session.
///
/// With --schema, compares the database with what the applied migrations create: tables, columns, constraints, indexes,
/// views, functions, triggers, policies, sequences, types and privileges, by name. The files are applied to a scratch
/// database, which is dropped afterwards, and both catalogs are compared, so that two spellings of one default are equal.
/// The database itself is only read.
///
/// Exit status: 0 when nothing was changed, 1 when something was, 2 when the ledger does not exist or
/// the database does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Verify {
    /// Folder of the module, such as migrations/auth; with --schema also several, such as migrations/*.
    #[arg(required = true, value_name = "FOLDER")]
    pub(crate) folders: Vec<Module>,
    /// Compare the schema with what the applied migrations create.
    #[arg(long, conflicts_with = "head")]
    schema: bool,
    /// Line that an earlier run printed, `#7 <digest>`: the ledger must still hold it. Also detects a
    /// ledger that was replaced as a whole.
    #[arg(long, value_name = "LINE")]
    head: Option<onward::Head>,
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    scratch: ScratchPlace,
    #[command(flatten)]
    pub(crate) fleet: Fleet,
    /// Output format; `json` is one object.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

pub(crate) async fn run(
    command: &Verify,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let modules = Seen::all(&command.folders)?;
    let target = command.database.target()?;
    target.announce(err)?;
    for note in modules.iter().flat_map(Seen::notes) {
        writeln!(err, "{note}")?;
    }
    let plans: Vec<Plan> = modules.iter().map(|module| module.plan).collect();
    let client = connect(&target).await?;
    match (command.schema, plans.as_slice()) {
        (true, plans) => schemas(command, plans, (&target, &client), out).await,
        (false, [plan]) => ledger(command, plan, &client, out).await,
        (false, _) => Err(CouldNotRun::ManyLedgers),
    }
}

async fn ledger(
    command: &Verify,
    plan: &Plan,
    client: &Client,
    out: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let verified = verify(client, plan).await.map_err(CouldNotRun::Verify)?;
    let verified = match command.head {
        Some(head) => verified.against(head),
        None => verified,
    };
    match command.format {
        Format::Text => writeln!(out, "{verified}")?,
        Format::Json => write_json(out, &VerifiedJson::new(&verified))?,
    }
    Ok(outcome(&verified))
}

/// Other roles with the right to write are listed but are not an error: the digests show whether they wrote.
fn outcome(verified: &Verified) -> Outcome {
    match verified.tampering() {
        None => Outcome::Good,
        Some(_) => Outcome::Refused,
    }
}

/// Keys are only ever added.
#[derive(Serialize)]
struct SchemasJson<'a> {
    format_version: u8,
    modules: Vec<ComparedJson<'a>>,
}

async fn schemas(
    command: &Verify,
    plans: &[Plan],
    (target, live): (&Target, &Client),
    out: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let wanted = Wanted {
        plans,
        live,
        scratch: &command.scratch.target(target)?,
        role: None,
        beside: None,
    };
    let all = compare(&wanted).await?;
    match command.format {
        Format::Text => all.iter().try_for_each(|one| difference::write(out, one))?,
        Format::Json => {
            let document = SchemasJson {
                format_version: FORMAT_VERSION,
                modules: all.iter().map(ComparedJson::new).collect(),
            };
            write_json(out, &document)?;
        }
    }
    Ok(match all.iter().all(|one| one.differences.is_empty()) {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}
