//! `onward baseline`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use onward::{Plan, Version, status};
use serde::Serialize;

use crate::bridge::plan;
use crate::census::{Difference, ScratchPlace, Wanted, nearest};
use crate::commands::recorded::refused;
use crate::connect::{Server, connect};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::difference::{DifferenceJson, line};
use crate::output::{FORMAT_VERSION, Format, count, write_json};

/// Create the ledger of a database that no tool knows, with what it has already
///
/// Finds the newest migration after which the schema is exactly as it is in the database: the files are applied to a
/// scratch database, one after the other, and both catalogs are compared. Where nothing fits, prints the nearest
/// migration and what differs from it.
///
/// Shows what it has found; `--write` creates the ledger with a line for each migration up to that one. Nothing of them
/// runs. Each line keeps who did so, when, and why. What is left is pending, and the next start runs it.
///
/// Exit status: 0 when a migration fits, 1 when none does or there is a ledger already, 2 when there is no answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Baseline {
    /// Folder of the module, such as migrations/auth.
    folder: PathBuf,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    scratch: ScratchPlace,
    /// Create the ledger.
    #[arg(long, requires = "because")]
    write: bool,
    /// Why, for those who read the ledger later; every line keeps it.
    #[arg(long, value_name = "REASON")]
    because: Option<String>,
    /// Output format; `json` is one object.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Keys are only ever added.
#[derive(Serialize)]
struct BaselineJson<'a> {
    format_version: u8,
    schema: &'a str,
    written: bool,
    /// The file after which the schema is as in the database, or the nearest.
    through: Option<&'a str>,
    differences: Vec<DifferenceJson<'a>>,
}

pub(crate) async fn run(
    command: &Baseline,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let plan = plan(&command.folder)?;
    let target = command.server.target()?;
    target.announce(err)?;
    let client = connect(&target).await?;
    let all = status(&client, &[&plan])
        .await
        .map_err(CouldNotRun::Status)?;
    if all.iter().any(|one| one.head().is_some()) {
        let schema = plan.schema();
        let error = onward::Error::HasLedger { schema };
        return refused(&error, command.format, out, err);
    }
    let wanted = Wanted {
        plans: &[plan],
        live: &client,
        scratch: &command.scratch.target(&target)?,
        role: command.server.role(),
        beside: None,
    };
    let found = nearest(&wanted, &plan).await?;
    drop(client);
    let fits = found
        .as_ref()
        .filter(|(_, differences)| differences.is_empty());
    let mut is_written = false;
    if let (Some((through, _)), true, Some(because)) = (fits, command.write, &command.because) {
        let why = format!("baseline: {because}");
        let mut baseline = onward::Adopt::baseline(&plan, *through, why);
        if let Some(role) = command.server.role() {
            baseline = baseline.role(role.clone());
        }
        if let Err(error) = baseline.run_with(&target.connector()).await {
            return refused(&error, command.format, out, err);
        }
        is_written = true;
    }
    answer(command, &plan, found.as_ref(), is_written, out)?;
    Ok(match fits {
        Some(_) => Outcome::Good,
        None => Outcome::Refused,
    })
}

/// The file of a version.
fn name(plan: &Plan, version: Version) -> &'static str {
    let startup = plan.startup().iter().map(|one| (one.version(), one.name()));
    let release = plan.release().iter().map(|one| (one.version(), one.name()));
    let mut all = startup.chain(release);
    all.find(|(one, _)| *one == version)
        .map_or("", |(_, name)| name)
}

fn answer(
    command: &Baseline,
    plan: &Plan,
    found: Option<&(Version, Vec<Difference>)>,
    is_written: bool,
    out: &mut impl Write,
) -> Result<(), CouldNotRun> {
    let schema = plan.schema();
    if command.format == Format::Json {
        let differences = found.iter().flat_map(|(_, all)| all);
        let document = BaselineJson {
            format_version: FORMAT_VERSION,
            schema,
            written: is_written,
            through: found.map(|(version, _)| name(plan, *version)),
            differences: differences.map(DifferenceJson::new).collect(),
        };
        return Ok(write_json(out, &document)?);
    }
    let Some((version, differences)) = found else {
        writeln!(
            out,
            "{schema}: the folder has no startup or release migration"
        )?;
        return Ok(());
    };
    let file = name(plan, *version);
    match (differences.len(), is_written) {
        (0, true) => writeln!(
            out,
            "{schema}: the schema is as {file} leaves it. The ledger is created. Next: onward status {} --url <url>",
            command.folder.display()
        )?,
        (0, false) => writeln!(
            out,
            "{schema}: the schema is as {file} leaves it\nNothing was changed. Repeat the command with --write --because \
             <reason> to create the ledger."
        )?,
        (n, _) => {
            let differences_in_words = count(n, "difference");
            writeln!(
                out,
                "{schema}: no migration leaves the schema as it is here. The nearest is {file}, with {differences_in_words}:"
            )?;
            let mut lines = differences.iter().map(line);
            lines.try_for_each(|line| writeln!(out, "  {line}"))?;
            writeln!(
                out,
                "Nothing was changed. Mend the database, or the files, and repeat the command."
            )?;
        }
    }
    Ok(())
}
