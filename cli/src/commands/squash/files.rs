//! The folder before and after a squash.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use onward_analyzer::file_name::{Category, Version, version_of};
use onward_analyzer::lock_file::{self, LockFile};
use onward_analyzer::plan::Migration;
use onward_analyzer::source::{self, SQUASHED};
use onward_analyzer::{Analysis, settings};

use super::baseline;
use crate::git;

/// A squash that is not written yet.
pub(super) struct Squashed {
    folder: PathBuf,
    /// The name of the module's folder, after which its schema may be named.
    schema: String,
    /// The files that the baseline replaces, by name.
    replaced: Vec<String>,
    baseline: String,
    /// `onward.toml` afterwards.
    settings: String,
}

impl Squashed {
    /// Or what needs a decision first.
    pub(super) fn of(
        folder: &Path,
        analysis: &Analysis,
        through: Version,
    ) -> Result<Self, Vec<String>> {
        let startup = analysis.plan.iter().flat_map(|plan| &plan.startup);
        let replaced: Vec<&Migration> = startup.filter(|one| one.version <= through).collect();
        let module = &analysis.module;
        let mut problems = Vec::new();
        if replaced.last().is_none_or(|last| last.version != through) {
            problems.push(format!("there is no startup migration {through}"));
        } else if replaced.len() < 2 {
            problems.push(format!("{through} is the only file up to {through}"));
        }
        let text = fs::read_to_string(folder.join(settings::FILE)).unwrap_or_default();
        let first = Version {
            category: Category::Startup,
            number: 1,
        };
        // Old files were accepted one by one, for databases in use; the baseline runs on empty ones.
        let settings = match module.settings.checks(first) {
            false => text,
            true if text.contains("lint_from") => {
                problems.push(
                    "the baseline is not for the rules about databases in use: set `lint_from` for startup migrations to \
                     002 or later in onward.toml"
                        .to_owned(),
                );
                text
            }
            true => ["lint_from = \"002\"\n", &text].concat(),
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            folder: folder.to_owned(),
            schema: module.schema.clone(),
            baseline: baseline::text(&replaced, &module.sources),
            replaced: replaced.iter().map(|one| one.name.clone()).collect(),
            settings,
        })
    }

    /// How many files it replaces.
    pub(super) fn replaced(&self) -> usize {
        self.replaced.len()
    }

    /// The folder as it would be, elsewhere.
    pub(super) fn trial(&self) -> io::Result<Trial> {
        let root = std::env::temp_dir().join(format!("onward-squash-{}", std::process::id()));
        let trial = Trial {
            folder: root.join(&self.schema),
            root,
        };
        fs::create_dir_all(&trial.folder)?;
        for name in self.files()? {
            if !self.replaced.contains(&name) && name != lock_file::FILE {
                fs::copy(self.folder.join(&name), trial.folder.join(&name))?;
            }
        }
        fs::write(trial.folder.join(baseline::FILE), &self.baseline)?;
        fs::write(trial.folder.join(settings::FILE), &self.settings)?;
        Ok(trial)
    }

    /// The files of the module, without its folders.
    fn files(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// Moves what is replaced, and keeps a copy of the rest with it: a module as it was.
    pub(super) fn write(&self) -> io::Result<()> {
        let kept = self.folder.join(SQUASHED);
        let before = self.folder.join(format!("{SQUASHED}.before"));
        let has_earlier = kept.is_dir();
        if has_earlier {
            fs::rename(&kept, &before)?;
        }
        fs::create_dir_all(&kept)?;
        if has_earlier {
            fs::rename(&before, kept.join(SQUASHED))?;
        }
        for name in self.files()? {
            match self.replaced.contains(&name) {
                true => {
                    git::rename(&self.folder, &name, &format!("{SQUASHED}/{name}")).map(drop)?
                }
                false => fs::copy(self.folder.join(&name), kept.join(&name)).map(drop)?,
            }
        }
        self.name_schema(&kept)?;
        fs::write(self.folder.join(baseline::FILE), &self.baseline)?;
        fs::write(self.folder.join(settings::FILE), &self.settings)?;
        self.lock()
    }

    /// The module is no longer in a folder with the name of its schema.
    fn name_schema(&self, kept: &Path) -> io::Result<()> {
        let file = kept.join(settings::FILE);
        let text = fs::read_to_string(&file).unwrap_or_default();
        let is_named = settings::read(&text).is_ok_and(|settings| settings.schema.is_some());
        match is_named {
            true => Ok(()),
            false => fs::write(file, format!("schema = \"{}\"\n{text}", self.schema)),
        }
    }

    /// Writes `onward.lock` again, where there is one, with its seals.
    fn lock(&self) -> io::Result<()> {
        let file = self.folder.join(lock_file::FILE);
        let Ok(text) = fs::read_to_string(&file) else {
            return Ok(());
        };
        let (lock, _) = LockFile::read(&text);
        let mut seals = lock.sealed();
        let exists = |name: &String| version_of(name);
        let last = self.replaced.iter().filter_map(exists).max();
        for seal in &mut seals {
            if last.is_some_and(|last| seal.category == Category::Startup && *seal <= last) {
                seal.number = 1;
            }
        }
        let module = source::read(&self.folder, &self.schema);
        fs::write(file, LockFile::of(&module.sources, &seals).text())
    }
}

/// A folder that is removed at the end.
pub(super) struct Trial {
    root: PathBuf,
    folder: PathBuf,
}

impl Trial {
    pub(super) fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        // What is left lies in the system's folder for such files.
        fs::remove_dir_all(&self.root).ok();
    }
}
