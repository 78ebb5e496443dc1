//! `onward resolve`.

use std::io::Write;

use clap::{ArgGroup, Args};
use onward::Version;
use onward::operator;

use super::recorded::{answer, refused};
use crate::bridge::Seen;
use crate::connect::{Server, connect};
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::operator as json;
use crate::output::{Format, write_json};

/// Say how a migration ended whose outcome is not known
///
/// A statement that cannot run in a transaction may end without an answer, when the connection or the server does.
/// `onward status` shows it as `in-doubt`, and no start repeats it where that may do harm. Without `--applied` and
/// `--not-applied` this prints what the ledger and the catalogs show, and changes nothing.
///
/// With one of them a line is added to the ledger, with the role, the time and the reason. What the catalogs show is
/// not overruled, and an attempt that still runs is not ended.
///
/// Exit status: 0 when it is recorded, or shown; 1 when it is not in doubt, still runs, or the catalogs say otherwise;
/// 2 when the folder cannot be read or the database does not answer.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("outcome").args(["applied", "not_applied"]).requires("because"))]
pub(crate) struct Resolve {
    /// Folder of the module, such as migrations/auth.
    folder: Module,
    /// Migration that is in doubt, such as 101.
    version: Version,
    /// Its effect exists completely: it counts as applied.
    #[arg(long)]
    applied: bool,
    /// Nothing of its effect exists: the next run begins again.
    #[arg(long)]
    not_applied: bool,
    /// What you found. The ledger keeps it.
    #[arg(long, value_name = "WHY", requires = "outcome")]
    because: Option<String>,
    #[command(flatten)]
    server: Server,
    /// Output format; `json` is one object, also when it is refused.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

pub(crate) async fn run(
    command: &Resolve,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let module = Seen::of(&command.folder)?;
    let target = command.server.target()?;
    target.announce(err)?;
    let mut client = connect(&target).await?;
    let mut resolve = operator::Resolve::new(&module.plan, command.version);
    if let Some(role) = command.server.role() {
        resolve = resolve.role(role.clone());
    }
    let doubt = resolve.clone().look(&mut client).await;
    let doubt = match doubt {
        Ok(doubt) => doubt,
        Err(error) => return refused(&error, command.format, out, err),
    };
    drop(client);
    let Some(why) = &command.because else {
        match command.format {
            Format::Text => {
                writeln!(out, "{doubt}")?;
                writeln!(
                    out,
                    "Nothing was changed. Repeat the command with --applied or --not-applied, and --because \"<what you \
                     found>\"."
                )?;
            }
            Format::Json => write_json(out, &json::doubt(&doubt))?,
        }
        return Ok(Outcome::Good);
    };
    writeln!(err, "{doubt}")?;
    let outcome = match command.applied {
        true => operator::Outcome::Applied,
        false => operator::Outcome::NotApplied,
    };
    let result = resolve.record_with(outcome, why, &target.connector()).await;
    answer(&result, command.format, out, err)
}
