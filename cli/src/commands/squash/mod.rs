//! `onward squash`.

mod baseline;
mod files;
mod proof;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use onward_analyzer::file_name::{Category, Version};
use onward_analyzer::{Analysis, analyze, report, source};
use serde_json::json;

use self::files::Squashed;
use crate::connect::{DatabaseError, Place};
use crate::named::{FolderError, Named};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{FORMAT_VERSION, Format, count};

/// Put startup migrations together into one file
///
/// The file `001_baseline.sql` does what the files up to `--through` did, one by one. New databases run it alone; databases
/// that have all of those files know that it is applied, and binaries from before the squash still start on them. The
/// module as it was stays in the folder `squashed`: a database that has a part of the files gets the rest with `onward
/// release <folder>/squashed`.
///
/// `--url` names a server for two databases that are created and dropped: one with the files as they were, one with the
/// baseline. Everything of the schema must be equal in both. Without it, and without `--write`, nothing is changed.
///
/// Exit status: 0 when it is proved, and written with `--write`; 1 when the two databases differ, or something needs a
/// decision; 2 when the folder has errors or the server does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Squash {
    /// Folder of the module, such as migrations/auth.
    folder: PathBuf,
    /// Last startup migration that is put together with those before it, such as 087.
    #[arg(long, value_name = "VERSION", value_parser = startup)]
    through: Version,
    #[command(flatten)]
    database: Place,
    /// Change the folder.
    #[arg(long)]
    write: bool,
    /// Output format; `json` is one object.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

fn startup(text: &str) -> Result<Version, String> {
    Version::parse(text)
        .filter(|version| version.category == Category::Startup)
        .ok_or_else(|| format!("`{text}` is not a startup migration, such as 087"))
}

/// What became of it.
struct Answer {
    files: usize,
    problems: Vec<String>,
    is_proved: bool,
    is_written: bool,
}

pub(crate) async fn run(
    command: &Squash,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let named = Named::of(&command.folder)?;
    let analysis = named.analyzed();
    if analysis.plan.is_none() {
        return Err(CouldNotRun::Folder(errors(command, &analysis)));
    }
    let squashed = match Squashed::of(named.found(), &analysis, command.through) {
        Ok(squashed) => squashed,
        Err(problems) => {
            let answer = Answer {
                files: 0,
                problems,
                is_proved: false,
                is_written: false,
            };
            return say(command, &answer, out);
        }
    };
    let mut answer = Answer {
        files: squashed.replaced(),
        problems: Vec::new(),
        is_proved: false,
        is_written: false,
    };
    let target = match command.database.target(None) {
        Ok(target) => Some(target),
        Err(DatabaseError::Unnamed) => None,
        Err(error) => return Err(error.into()),
    };
    if let Some(target) = target {
        target.announce(err)?;
        let trial = squashed.trial()?;
        let analysis = analyze(source::read(trial.path(), &named.folder));
        if analysis.plan.is_none() {
            let reports = report::by_file(&analysis.findings, &analysis.module.texts);
            answer.problems = reports;
            return say(command, &answer, out);
        }
        match proof::differences(&target, &command.folder, trial.path(), err).await? {
            Ok(()) => answer.is_proved = true,
            Err(problems) => answer.problems = problems,
        }
    } else if command.write {
        answer.problems.push(
            "the result is not proved: name a server for two databases with `--url`".to_owned(),
        );
    }
    if answer.is_proved && command.write {
        squashed.write()?;
        answer.is_written = true;
    }
    say(command, &answer, out)
}

fn errors(command: &Squash, analysis: &Analysis) -> FolderError {
    FolderError::Findings {
        folder: command.folder.clone(),
        reports: report::by_file(&analysis.findings, &analysis.module.texts),
    }
}

fn say(command: &Squash, answer: &Answer, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let Answer {
        files,
        problems,
        is_proved,
        is_written,
    } = answer;
    if command.format == Format::Json {
        let document = json!({
            "format_version": FORMAT_VERSION,
            "folder": command.folder.display().to_string(),
            "through": command.through.to_string(),
            "files": files,
            "proved": is_proved,
            "written": is_written,
            "problems": problems,
        });
        writeln!(out, "{document:#}")?;
    } else {
        let (folder, through) = (command.folder.display(), command.through);
        if problems.is_empty() {
            writeln!(
                out,
                "{folder}: {} through {through}, as 001_baseline.sql",
                count(*files, "file")
            )?;
        }
        if *is_proved {
            writeln!(out, "Two databases, with and without it, are equal.")?;
        }
        if !problems.is_empty() {
            writeln!(out, "Nothing was changed. Decide first:")?;
            problems
                .iter()
                .try_for_each(|problem| writeln!(out, "  {problem}"))?;
        } else if *is_written {
            writeln!(
                out,
                "Done. The files as they were are in {folder}/squashed. Next: onward check {folder}"
            )?;
        } else if *is_proved {
            writeln!(
                out,
                "Nothing was changed. Repeat the command with --write to do it."
            )?;
        } else {
            writeln!(
                out,
                "Nothing was changed. Name a server with --url, on which it is proved that both are equal."
            )?;
        }
    }
    Ok(match problems.is_empty() {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}
