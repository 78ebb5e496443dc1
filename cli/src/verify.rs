//! `onward verify`.

use std::io::Write;

use onward::{Verified, verify};

use crate::args::{Format, Verify as Command};
use crate::database::connect;
use crate::folder::plan;
use crate::report::VerifiedJson;
use crate::{CouldNotRun, Outcome};

pub(crate) async fn run(command: &Command, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let plan = plan(&command.folder)?;
    let client = connect(&command.output.url).await?;
    let verified = verify(&client, &plan).await.map_err(CouldNotRun::Verify)?;
    let verified = match command.head {
        Some(head) => verified.against(head),
        None => verified,
    };
    match command.output.format {
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
