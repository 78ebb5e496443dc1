//! `onward verify`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use onward::{Verified, verify};

use crate::bridge::plan;
use crate::connect::{Database, connect};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::Format;
use crate::output::report::VerifiedJson;

#[derive(Clone, Debug, Args)]
pub(crate) struct Verify {
    /// The folder of the module, such as migrations/auth.
    folder: PathBuf,
    /// A line that an earlier run or check has printed, `#7 <digest>`: it has to be there still.
    #[arg(long)]
    head: Option<onward::Head>,
    #[command(flatten)]
    database: Database,
    /// For whom the answer is.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(crate) async fn run(command: &Verify, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let plan = plan(&command.folder)?;
    let client = connect(&command.database.url).await?;
    let verified = verify(&client, &plan).await.map_err(CouldNotRun::Verify)?;
    let verified = match command.head {
        Some(head) => verified.against(head),
        None => verified,
    };
    match command.format {
        Format::Text => writeln!(out, "{verified}")?,
        Format::Json => {
            writeln!(out, "{:#}", serde_json::json!(VerifiedJson::new(&verified)))?;
        }
    }
    Ok(outcome(&verified))
}

/// That others may write is worth a line, and no alarm: the chain shows whether they did.
fn outcome(verified: &Verified) -> Outcome {
    match verified.tampering() {
        None => Outcome::Good,
        Some(_) => Outcome::Refused,
    }
}
