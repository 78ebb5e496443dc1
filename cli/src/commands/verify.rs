//! `onward verify`.

use std::io::Write;

use clap::Args;
use onward::{Verified, verify};

use crate::bridge::Seen;
use crate::connect::{Database, connect};
use crate::fleet::Fleet;
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::report::VerifiedJson;
use crate::output::{Format, write_json};

/// Check that the ledger of a module was not changed by hand
///
/// Each line of the ledger holds a digest over itself and the line before it. Reports the first line
/// that was changed, removed or inserted. Changes nothing and blocks no other session.
///
/// Exit status: 0 when the ledger is intact, 1 when it is not, 2 when there is no ledger or the
/// database does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Verify {
    /// Folder of the module, such as migrations/auth.
    pub(crate) folder: Module,
    /// Line that an earlier run printed, `#7 <digest>`: the ledger must still hold it. Also detects a
    /// ledger that was replaced as a whole.
    #[arg(long, value_name = "LINE")]
    head: Option<onward::Head>,
    #[command(flatten)]
    pub(crate) database: Database,
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
    let module = Seen::of(&command.folder)?;
    let target = command.database.target()?;
    target.announce(err)?;
    for note in module.notes() {
        writeln!(err, "{note}")?;
    }
    let client = connect(&target).await?;
    let verified = verify(&client, &module.plan)
        .await
        .map_err(CouldNotRun::Verify)?;
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
