//! `onward renumber`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use onward::{Category, Version, operator};
use onward_analyzer::lock_file::{self, LockFile};
use serde_json::json;

use super::recorded::answer;
use crate::bridge::Seen;
use crate::connect::{Place, connect};
use crate::git;
use crate::named::FolderError;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{FORMAT_VERSION, Format, write_json};

/// Give a migration another number, where two branches took the same one
///
/// Without `--because`: renames the file, with `git mv` where git knows it, and writes the new number where other files
/// require it. Where the file is not applied anywhere, that is all.
///
/// With `--because`, once for each database where it was applied under the old number: records that, when the checksum
/// of the applied text is that of the file with the new number. The old number is free then, for the other branch's
/// file. Binaries that still have the text under its old number know that it is applied.
///
/// Exit status: 0 when it is done, 1 when it is refused, 2 when the folder cannot be read or the database does not
/// answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Renumber {
    /// Folder of the module, such as migrations/auth.
    folder: PathBuf,
    /// Number that it had, such as 003; the name of the file, when two files have it.
    from: String,
    /// Number that it gets, such as 004.
    to: Version,
    /// Record it in a database, and why. The ledger keeps it.
    #[arg(long, value_name = "WHY")]
    because: Option<String>,
    #[command(flatten)]
    database: Place,
    /// Role that owns the module's objects. Default: the role that logs in.
    #[arg(long)]
    role: Option<onward::Role>,
    /// Output format; `json` is one object, also when it is refused.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

pub(crate) async fn run(
    command: &Renumber,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    match &command.because {
        None => file(command, out),
        Some(why) => record(command, why, out, err).await,
    }
}

async fn record(
    command: &Renumber,
    why: &str,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let module = Seen::of(&command.folder)?;
    let number = command.from.split('_').next().unwrap_or_default();
    let Ok(from) = number.parse::<Version>() else {
        return refused(command, &not_a_number(&command.from), out);
    };
    let target = command.database.target(command.role.as_ref())?;
    target.announce(err)?;
    // A wrong URL fails at once. Later, the run waits for a server that goes away.
    drop(connect(&target).await?);
    let mut renumber = operator::Renumber::new(&module.plan, from, command.to, why);
    if let Some(role) = &command.role {
        renumber = renumber.role(role.clone());
    }
    let result = renumber.run_with(&target.connector()).await;
    answer(&result, command.format, out, err)
}

fn not_a_number(from: &str) -> String {
    format!("`{from}` is not the number of a migration, nor the name of its file")
}

/// What a rename does.
struct Rename {
    from: String,
    to: String,
    version: Version,
    /// The files that require it, with their new texts.
    requiring: Vec<(String, String)>,
}

fn file(command: &Renumber, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let folder = &command.folder;
    if !folder.is_dir() {
        return Err(CouldNotRun::Folder(FolderError::NotFound {
            folder: folder.clone(),
            tried: vec![folder.clone()],
        }));
    }
    let rename = match planned(folder, &command.from, command.to)? {
        Ok(rename) => rename,
        Err(why) => return refused(command, &why, out),
    };
    let with_git = git::rename(folder, &rename.from, &rename.to)?;
    for (name, text) in &rename.requiring {
        fs::write(folder.join(name), text)?;
    }
    let requiring: Vec<_> = rename.requiring.iter().map(|(name, _)| name).collect();
    match command.format {
        Format::Text => {
            let how = if with_git { "git mv" } else { "renamed" };
            writeln!(out, "{how}: {} -> {}", rename.from, rename.to)?;
            for name in requiring {
                writeln!(out, "  {name} requires {} now", command.to)?;
            }
            let (folder, from) = (folder.display(), rename.version);
            writeln!(
                out,
                "Next: onward check {folder}\nWhere it is applied as {from} already: onward renumber {folder} {from} {} \
                 --because \"<why>\" --url <url>",
                command.to
            )?;
        }
        Format::Json => write_json(
            out,
            &json!({
                "format_version": FORMAT_VERSION,
                "from": rename.from,
                "to": rename.to,
                "requiring": requiring,
                "git": with_git,
                "problem": null,
            }),
        )?,
    }
    Ok(Outcome::Good)
}

fn refused(command: &Renumber, why: &str, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    match command.format {
        Format::Text => writeln!(out, "Nothing was changed: {why}.")?,
        Format::Json => write_json(
            out,
            &json!({ "format_version": FORMAT_VERSION, "problem": why }),
        )?,
    }
    Ok(Outcome::Refused)
}

/// The one file that is meant, and its new name; or why there is none.
fn planned(folder: &Path, from: &str, to: Version) -> std::io::Result<Result<Rename, String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Ok(version) = Version::of(&name) {
            files.push((name, version));
        }
    }
    files.sort();
    let meant: Vec<_> = files
        .iter()
        .filter(|(name, version)| name == from || version.to_string() == from)
        .collect();
    let (name, version) = match &meant[..] {
        [one] => (&one.0, one.1),
        [] => {
            return Ok(Err(format!(
                "there is no migration {from} in {}",
                folder.display()
            )));
        }
        several => {
            let names: Vec<_> = several.iter().map(|(name, _)| name.as_str()).collect();
            return Ok(Err(format!(
                "{from} is the number of {}: name the file",
                names.join(" and of ")
            )));
        }
    };
    let seals = folder.join(lock_file::FILE);
    if seals.exists() {
        let (sealed, _) = LockFile::read(&fs::read_to_string(seals)?);
        if sealed
            .entries
            .iter()
            .any(|one| one.is_sealed && one.name == *name)
        {
            return Ok(Err(format!(
                "{name} is sealed in {}: a release has shipped it under this number",
                lock_file::FILE
            )));
        }
    }
    if let Some((taken, _)) = files.iter().find(|(_, taken)| *taken == to) {
        return Ok(Err(format!("{to} is the number of {taken}")));
    }
    if version.category() != to.category() {
        return Ok(Err(format!(
            "{version} and {to} are of different categories, which run at different times"
        )));
    }
    let title = name.split_once('_').map_or("", |(_, title)| title);
    let mut rename = Rename {
        from: name.clone(),
        to: format!("{to}_{title}"),
        version,
        requiring: Vec::new(),
    };
    if version.category() == Category::Data {
        for (name, _) in &files {
            let text = fs::read_to_string(folder.join(name))?;
            if let Some(text) = requires_now(&text, version, to) {
                let name = if *name == rename.from {
                    &rename.to
                } else {
                    name
                };
                rename.requiring.push((name.clone(), text));
            }
        }
    }
    Ok(Ok(rename))
}

/// The text with the new number in its `-- onward: requires`; `None` when it does not require the old one.
fn requires_now(text: &str, from: Version, to: Version) -> Option<String> {
    let (from, to) = (from.to_string(), to.to_string());
    let line = |line: &str| {
        let directive = line.trim_start().strip_prefix("--");
        let directive = directive.and_then(|rest| rest.trim_start().strip_prefix("onward:"));
        let is_one = directive.is_some_and(|rest| rest.trim_start().starts_with("requires"));
        match is_one {
            true => line.replace(&from, &to),
            false => line.to_owned(),
        }
    };
    let new: String = text.split_inclusive('\n').map(line).collect();
    (new != text).then_some(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_directive_changes() -> Result<(), onward::InvalidVersion> {
        let (from, to) = ("DM001".parse()?, "DM004".parse()?);
        let text = "-- DM001 comes first\n-- onward: requires DM001\nSELECT 'DM001';";
        assert_eq!(
            requires_now(text, from, to).as_deref(),
            Some("-- DM001 comes first\n-- onward: requires DM004\nSELECT 'DM001';")
        );
        assert_eq!(requires_now("SELECT 1;", from, to), None);
        Ok(())
    }
}
