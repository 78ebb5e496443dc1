//! `onward restamp`.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use onward::{Checksum, Drift, Version, operator, status};
use onward_analyzer::normalize::Normal;
use onward_analyzer::position::Position;
use onward_analyzer::split::difference;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::recorded::answer;
use crate::bridge::Seen;
use crate::connect::{Server, connect};
use crate::git;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{FORMAT_VERSION, Format, write_json};

/// Accept an edit of an applied migration that changes comments or blanks only
///
/// Looks for the text that was applied, by its checksum in the ledger, among all texts that git has of the file, or
/// takes it from `--was`. Then compares both token by token. If they say the same to the server, a line is added to the
/// ledger, with the role, the time and the reason; binaries with either text start. Anything else is refused, with the
/// first difference.
///
/// Exit status: 0 when it is recorded; 1 when the texts differ, the old text is not found, or nothing was edited; 2 when
/// the folder cannot be read or the database does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Restamp {
    /// Folder of the module, such as migrations/auth.
    folder: PathBuf,
    /// Migration that was edited, such as 003.
    version: Version,
    /// Why the text was edited. The ledger keeps it.
    #[arg(long, value_name = "WHY")]
    because: String,
    /// File with the text that was applied, where git does not have it.
    #[arg(long, value_name = "FILE")]
    was: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
    /// Output format; `json` is one object, also when it is refused.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

pub(crate) async fn run(
    command: &Restamp,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let module = Seen::of(&command.folder)?;
    let target = command.server.target()?;
    target.announce(err)?;
    let client = connect(&target).await?;
    let all = status(&client, &[&module.plan]).await;
    let all = all.map_err(CouldNotRun::Status)?;
    drop(client);
    let edited = all
        .iter()
        .flat_map(|one| one.drift())
        .find_map(|drift| match drift {
            Drift::Modified {
                version,
                name,
                applied,
                ..
            } if *version == command.version => Some((name, *applied)),
            _ => None,
        });
    let Some((name, applied)) = edited else {
        let why = format!(
            "{} was not edited since it was applied here",
            command.version
        );
        return refused(command, &why, out);
    };
    let now = module.text_of(name).unwrap_or_default();
    let texts = match &command.was {
        Some(file) => vec![fs::read_to_string(file)?],
        None => git::texts_of(module.found(), name),
    };
    let mut texts = texts.iter().map(|text| Normal::of(text).text);
    let Some(old) = texts.find(|text| checksum(text) == applied) else {
        let why = format!(
            "the text of {name} that was applied, with the checksum {applied}, is not {}",
            match &command.was {
                Some(file) => format!("that of {}", file.display()),
                None => "in the git history of the file: name a file that has it with `--was`"
                    .to_owned(),
            }
        );
        return refused(command, &why, out);
    };
    if let Some((before, after)) = difference(&old, &now) {
        let shown = |text: &str, at: &std::ops::Range<usize>| {
            let line = Position::of(text, at.start).line;
            let found = text.get(at.clone()).unwrap_or_default();
            let found = match found {
                "" => "the end of the text".to_owned(),
                found => format!("`{}`", found.chars().take(60).collect::<String>()),
            };
            (line, found)
        };
        let ((from, was), (to, is)) = (shown(&old, &before), shown(&now, &after));
        let why = format!(
            "{name} says something else now: line {from} had {was}, and line {to} has {is}. Restore its text, and write \
             the change as a new migration"
        );
        return refused(command, &why, out);
    }
    let mut restamp =
        operator::Restamp::new(&module.plan, command.version, applied, &*command.because);
    if let Some(role) = command.server.role() {
        restamp = restamp.role(role.clone());
    }
    let result = restamp.run_with(&target.connector()).await;
    answer(&result, command.format, out, err)
}

fn checksum(text: &str) -> Checksum {
    Checksum(Sha256::digest(text).into())
}

fn refused(command: &Restamp, why: &str, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    match command.format {
        Format::Text => writeln!(out, "Nothing was changed: {why}.")?,
        Format::Json => write_json(
            out,
            &json!({ "format_version": FORMAT_VERSION, "problem": why }),
        )?,
    }
    Ok(Outcome::Refused)
}
