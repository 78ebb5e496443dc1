//! `onward lock`.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use onward_analyzer::file_name::{Category, Version};
use onward_analyzer::lock_file::{self, LockFile, Unlocked};
use onward_analyzer::source::{self, Module};
use serde_json::json;

use crate::named::Named;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{FORMAT_VERSION, Format, count};

/// Write onward.lock, so that two branches which add a migration conflict in version control
///
/// One line for each file, with a digest over all lines before it. With the file in the folder, the compiler and
/// `onward check` report each file that it lacks and each that is gone. Run this after every new migration, and after a
/// conflict.
///
/// `--seal 087` seals the files of that category up to 087: from then on an edit of one is an error of the build.
///
/// Exit status: 0 when it is written, or up to date with `--check`; 1 when it is not, or when a sealed file was changed:
/// then nothing is written; 2 when a folder cannot be read.
#[derive(Clone, Debug, Args)]
pub(crate) struct Lock {
    /// Folders of modules, such as migrations/auth.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Last migration that is sealed, such as 087, 103 or DM004; repeat it for several categories.
    #[arg(long, value_name = "VERSION", value_parser = version)]
    seal: Vec<Version>,
    /// Change nothing; report whether the file is up to date, also about texts that are not sealed.
    #[arg(long, conflicts_with = "seal")]
    check: bool,
    /// Output format; `json` is one array with an object for each folder.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text)
        .ok_or_else(|| format!("`{text}` is not a version such as 087, 103 or DM004"))
}

/// What became of the file of one folder.
enum Done {
    Written { files: usize, sealed: usize },
    UpToDate,
    OutOfDate,
    Refused(Vec<String>),
}

pub(crate) fn run(command: &Lock, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let mut all = Vec::new();
    for named in Named::all(&command.folders)? {
        let module = source::read(named.found(), &named.folder);
        let done = one(command, &named, &module)?;
        all.push((named.folder, done));
    }
    match command.format {
        Format::Text => all
            .iter()
            .try_for_each(|(folder, done)| text(folder, done, out))?,
        Format::Json => {
            let documents: Vec<_> = all
                .iter()
                .map(|(folder, done)| document(folder, done))
                .collect();
            writeln!(out, "{:#}", json!(documents))?;
        }
    }
    let is_good = |done: &Done| matches!(done, Done::Written { .. } | Done::UpToDate);
    Ok(match all.iter().all(|(_, done)| is_good(done)) {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}

fn one(command: &Lock, named: &Named, module: &Module) -> Result<Done, CouldNotRun> {
    let path = named.found().join(lock_file::FILE);
    let before = fs::read_to_string(&path).unwrap_or_default();
    let (lock, _) = LockFile::read(&before);
    let mut problems = sealed(&lock, module);
    let mut seals = lock.sealed();
    for seal in &command.seal {
        problems.extend(unsealable(*seal, module));
        seals.push(*seal);
    }
    if module.sources.is_empty() {
        problems.push("there is no migration in the folder".to_owned());
    }
    if !problems.is_empty() {
        return Ok(Done::Refused(problems));
    }
    let now = LockFile::of(&module.sources, &seals);
    let text = now.text();
    if text == before {
        return Ok(Done::UpToDate);
    }
    if command.check {
        return Ok(Done::OutOfDate);
    }
    fs::write(&path, text)?;
    Ok(Done::Written {
        files: now.entries.len(),
        sealed: now.entries.iter().filter(|entry| entry.is_sealed).count(),
    })
}

/// What keeps the file from being written: its seals do not fit the files.
fn sealed(lock: &LockFile, module: &Module) -> Vec<String> {
    let compared = lock.compare(&module.sources).into_iter();
    let problems = compared.filter_map(|(_, unlocked)| match unlocked {
        Unlocked::SealedEdited { name } => Some(format!(
            "{name} is sealed, and its text was edited: restore it, and write the change as a new migration"
        )),
        Unlocked::SealedMissing { name, now } => Some(match now {
            Some(now) => format!("{name} is sealed, and is called {now} here: rename it back"),
            None => format!("{name} is sealed, and is not in the folder: restore it"),
        }),
        Unlocked::BeforeSealed { name, sealed } => Some(format!(
            "{name} is new, and stands before {sealed}, which is sealed: give it a later number"
        )),
        Unlocked::Extra { .. } | Unlocked::Missing { .. } | Unlocked::Damaged { .. } => None,
    });
    problems.collect()
}

fn unsealable(seal: Version, module: &Module) -> Option<String> {
    if seal.category == Category::Seed {
        return Some(format!(
            "{seal} is a seed, which may be edited: it runs again then"
        ));
    }
    let exists = module.sources.iter().any(|source| source.version == seal);
    (!exists).then(|| format!("there is no migration {seal} to seal"))
}

fn text(folder: &str, done: &Done, out: &mut impl Write) -> std::io::Result<()> {
    match done {
        Done::Written { files, sealed } => writeln!(
            out,
            "{folder}/{}: {}, {sealed} sealed. Commit it",
            lock_file::FILE,
            count(*files, "file")
        ),
        Done::UpToDate => writeln!(out, "{folder}/{}: up to date", lock_file::FILE),
        Done::OutOfDate => writeln!(
            out,
            "{folder}/{}: not up to date: run `onward lock {folder}`, and commit what it writes",
            lock_file::FILE
        ),
        Done::Refused(problems) => {
            writeln!(out, "{folder}: nothing was written:")?;
            problems
                .iter()
                .try_for_each(|problem| writeln!(out, "  {problem}"))
        }
    }
}

fn document(folder: &str, done: &Done) -> serde_json::Value {
    let (word, problems) = match done {
        Done::Written { .. } => ("written", &[][..]),
        Done::UpToDate => ("up-to-date", &[][..]),
        Done::OutOfDate => ("out-of-date", &[][..]),
        Done::Refused(problems) => ("refused", &problems[..]),
    };
    json!({
        "format_version": FORMAT_VERSION,
        "folder": folder,
        "lock": word,
        "problems": problems,
    })
}
