//! `onward adopt`.

mod database;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::adopt::{Adoption, Tool, Written, read, write};
use crate::census::ScratchPlace;
use crate::connect::Place;
use crate::named::FolderError;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{FORMAT_VERSION, Format, write_json};

/// Turn a folder of another tool's migrations into a module, and take over its databases
///
/// With `--from`: numbers the files in the order in which the other tool runs them, leaves out what goes back, the tool's
/// marks and transaction control, and writes `onward.toml` so that the old files are not checked by rules that came later.
/// With `git mv` where git knows the files.
///
/// Without `--from`, for a folder that was adopted so: compares the database with the files, by checksums where the tool
/// has them, and creates Onward's ledger with what the tool has applied. Nothing runs, and its table stays as it is.
///
/// Both show what they would do; `--write` does it.
///
/// Exit status: 0 when it can be adopted, 1 when something needs a decision, 2 when there is no answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Adopt {
    /// Folder of the other tool, such as migrations; it becomes the module's.
    folder: PathBuf,
    /// What has written it. Without it, the folder was adopted, and its database follows.
    #[arg(long, value_enum)]
    from: Option<Tool>,
    /// Schema of the module: the one that names without a schema mean in these files.
    #[arg(long, default_value = "public")]
    schema: String,
    #[command(flatten)]
    database: Place,
    /// Role that owns the module's objects. Default: the role that logs in.
    #[arg(long)]
    role: Option<onward::Role>,
    /// The other tool's table, when it has another name.
    #[arg(long, value_name = "TABLE")]
    history: Option<String>,
    /// Do not compare the schema with what the applied files create, because of this.
    #[arg(long, value_name = "REASON")]
    no_schema_check: Option<String>,
    #[command(flatten)]
    scratch: ScratchPlace,
    /// Change the files, or create the ledger.
    #[arg(long)]
    write: bool,
    /// Output format; `json` is one object.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

pub(crate) async fn run(
    command: &Adopt,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    match command.from {
        Some(tool) => files(command, tool, out),
        None => database::run(command, out, err).await,
    }
}

fn files(command: &Adopt, tool: Tool, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let folder = &command.folder;
    if !folder.is_dir() {
        return Err(CouldNotRun::Folder(FolderError::NotFound {
            folder: folder.clone(),
            tried: vec![folder.clone()],
        }));
    }
    let adoption = Adoption::of(tool, &command.schema, read(folder)?);
    let is_possible = adoption.problems.is_empty();
    let written = match command.write && is_possible {
        true => Some(write(folder, &adoption)?),
        false => None,
    };
    match command.format {
        Format::Text => text(command, &adoption, written, out)?,
        Format::Json => write_json(out, &document(command, &adoption, written))?,
    }
    Ok(
        match is_possible && written != Some(Written::NotCommitted) {
            true => Outcome::Good,
            false => Outcome::Refused,
        },
    )
}

fn text(
    command: &Adopt,
    adoption: &Adoption,
    written: Option<Written>,
    out: &mut impl Write,
) -> Result<(), CouldNotRun> {
    let folder = command.folder.display();
    let (count, tool, schema) = (adoption.moves.len(), adoption.tool.name(), &adoption.schema);
    let what = if count == 1 {
        "migration"
    } else {
        "migrations"
    };
    writeln!(
        out,
        "{folder}: {count} {what} of {tool}, as startup migrations of the schema {schema}"
    )?;
    for one in &adoption.moves {
        write!(out, "  {} -> {}", one.from, one.to)?;
        match one.changes.is_empty() {
            true => writeln!(out)?,
            false => writeln!(out, ": {}", one.changes.join(", "))?,
        }
    }
    if !adoption.unused.is_empty() {
        writeln!(out, "No longer used, because migrations only go forward:")?;
    }
    for path in &adoption.unused {
        writeln!(out, "  {path}")?;
    }
    match adoption.has_settings {
        true => writeln!(out, "Write into onward.toml, where it does not have them:")?,
        false => writeln!(out, "onward.toml:")?,
    }
    for line in adoption.settings.lines() {
        writeln!(out, "  {line}")?;
    }
    if !adoption.problems.is_empty() {
        writeln!(out, "Nothing was changed. Decide first:")?;
        for problem in &adoption.problems {
            writeln!(out, "  {}: {}", problem.path, problem.what)?;
        }
        return Ok(());
    }
    match written {
        None => writeln!(
            out,
            "Nothing was changed. Repeat the command with --write to do it."
        )?,
        Some(Written::NotCommitted) => writeln!(
            out,
            "Nothing was changed: git has changes in this folder that are not committed. Commit or stash them, so that \
             the next commit shows what adopting changes."
        )?,
        Some(Written::WithGit) => writeln!(out, "Done. Next: onward check {folder}")?,
        Some(Written::Beside) => writeln!(
            out,
            "Done. Each old file stays beside, with `.before` behind its name. Next: onward check {folder}"
        )?,
    }
    Ok(())
}

fn document(command: &Adopt, adoption: &Adoption, written: Option<Written>) -> serde_json::Value {
    let moves = adoption.moves.iter();
    let problems = adoption.problems.iter();
    json!({
        "format_version": FORMAT_VERSION,
        "folder": command.folder.display().to_string(),
        "schema": adoption.schema,
        "written": matches!(written, Some(Written::WithGit | Written::Beside)),
        "moves": moves
            .map(|one| json!({ "from": one.from, "to": one.to, "changes": one.changes }))
            .collect::<Vec<_>>(),
        "unused": adoption.unused,
        "settings": adoption.settings,
        "problems": problems
            .map(|one| json!({ "path": one.path, "what": one.what }))
            .collect::<Vec<_>>(),
    })
}
