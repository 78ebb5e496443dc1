//! A module: its migrations in order, and the problems with their names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::finding::Place;
use crate::intake::file_name::{Category, Version, WrongName, next_free, version_of};
use crate::intake::foreign_names::foreign_names;
use crate::intake::lock_file::{self, At, LockFile};
use crate::intake::normalize::Normal;
use crate::intake::problem::{Fact, Problem};
use crate::intake::settings::{self, Settings};

/// One migration file.
///
/// ```
/// use onward_analyzer::source::Module;
///
/// let module = Module::in_memory("auth", [("001_users.sql", "SELECT 1;\r\n")]);
/// assert_eq!(module.sources[0].text, "SELECT 1;\n");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The version in its name.
    pub version: Version,
    /// The file's name.
    pub name: String,
    /// The path as messages show it.
    pub path: String,
    /// The normalised text: without a leading byte order mark, and with LF as line ending.
    pub text: String,
}

/// A folder after reading: the files that can be used, and the problems of the others.
///
/// ```
/// use onward_analyzer::source::Module;
///
/// let module = Module::in_memory("auth", [("1_users.sql", "SELECT 1;")]);
/// assert_eq!(module.problems.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// The folder as messages show it.
    pub folder: String,
    /// The one schema that the module owns.
    pub schema: String,
    /// The settings in its `onward.toml`.
    pub settings: Settings,
    /// The migrations, sorted by version.
    pub sources: Vec<Source>,
    /// Every text that was read, by its path as messages show it; problems and findings point into these
    /// texts.
    pub texts: BTreeMap<String, String>,
    /// The files that were read, for cargo to track.
    pub watched: Vec<PathBuf>,
    /// The problems of the folder and its files.
    pub problems: Vec<Problem>,
}

impl Module {
    /// Builds a module from texts that are already in memory, for tests and tools. Each file is a name and
    /// a text; `schema` is also the name of the folder.
    ///
    /// ```
    /// use onward_analyzer::source::Module;
    ///
    /// let module = Module::in_memory("auth", [("001_a.sql", "CREATE TABLE auth.a (id int PRIMARY KEY);")]);
    /// assert_eq!((module.folder.as_str(), module.sources.len()), ("migrations/auth", 1));
    /// ```
    #[must_use]
    pub fn in_memory<'a>(
        schema: &str,
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut module = Self {
            folder: format!("migrations/{schema}"),
            schema: schema.to_owned(),
            ..Self::default()
        };
        let files = files
            .into_iter()
            .map(|(name, text)| (name.to_owned(), Normal::of(text).text))
            .collect();
        module.assemble(files);
        module
    }

    /// The same module with the settings in this text of an `onward.toml`.
    ///
    /// ```
    /// use onward_analyzer::source::Module;
    ///
    /// let module = Module::in_memory("auth", [("001_a.sql", "SELECT 1;")]).with_settings("min_pg = 17");
    /// assert_eq!(module.settings.min_pg, 17);
    /// ```
    #[must_use]
    pub fn with_settings(mut self, text: &str) -> Self {
        self.read_settings(text.to_owned());
        self
    }

    /// Reads the text of `onward.toml`. What is wrong with it is a problem of the module.
    pub(crate) fn read_settings(&mut self, text: String) {
        let shown = self.path(settings::FILE);
        match settings::read(&text) {
            Ok(settings) => self.settings = settings,
            Err(wrong) => {
                for (span, message) in wrong {
                    let id = settings::FINDING;
                    let place = Place::at(shown.clone(), span);
                    self.report(place, Fact::Unusable { id, message });
                }
            }
        }
        self.texts.insert(shown, text);
    }

    /// The same module with this text of an `onward.lock`.
    ///
    /// ```
    /// use onward_analyzer::source::Module;
    ///
    /// let module = Module::in_memory("auth", [("001_a.sql", "SELECT 1;")]).with_lock("");
    /// assert_eq!(module.problems.len(), 1);
    /// ```
    #[must_use]
    pub fn with_lock(mut self, text: &str) -> Self {
        self.compare_lock(text.to_owned());
        self
    }

    /// Compares the files with the text of `onward.lock`. What is wrong is a problem of the module.
    pub(crate) fn compare_lock(&mut self, text: String) {
        let shown = self.path(lock_file::FILE);
        let (lock, damaged) = LockFile::read(&text);
        let compared = match damaged {
            Some(damaged) => vec![damaged],
            None => lock.compare(&self.sources),
        };
        for (at, unlocked) in compared {
            let place = match at {
                At::File(name) => Place::file(self.path(&name)),
                At::Lock(span) => Place::at(shown.clone(), span),
            };
            self.report(place, Fact::Unlocked(unlocked));
        }
        self.texts.insert(shown, text);
    }

    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }

    pub(crate) fn report(&mut self, place: Place, fact: Fact) {
        self.problems.push(Problem { place, fact });
    }

    /// Checks the names, and keeps the files whose name is valid.
    pub(crate) fn assemble(&mut self, mut files: Vec<(String, String)>) {
        files.sort();
        let taken: BTreeSet<Version> = files
            .iter()
            .filter_map(|(name, _)| version_of(name))
            .collect();
        let mut given = taken.clone();
        let foreign = foreign_names(files.iter().map(|(name, _)| name.as_str()), &mut given);
        for (name, text) in files {
            let path = self.path(&name);
            let Some(version) = version_of(&name) else {
                if !foreign.iter().any(|(from, _)| *from == name) {
                    let wrong = WrongName::explain(&name, &given);
                    given.extend(wrong.version);
                    self.report(Place::file(path), Fact::WrongName { name, wrong });
                }
                continue;
            };
            if text.trim().is_empty() {
                let name = name.clone();
                self.report(Place::file(path.clone()), Fact::Empty { name });
            }
            self.texts.insert(path.clone(), text.clone());
            self.sources.push(Source {
                version,
                name,
                path,
                text,
            });
        }
        if let Some((first, _)) = foreign.first() {
            let place = Place::file(self.path(first));
            let folder = self.folder.clone();
            let names = foreign;
            self.report(place, Fact::ForeignNames { folder, names });
        }
        self.sources
            .sort_by(|a, b| (a.version, &a.name).cmp(&(b.version, &b.name)));
        let duplicates = duplicates(&self.sources, &taken);
        let gaps = gaps(&self.sources);
        self.problems.extend(duplicates.into_iter().chain(gaps));
    }
}

fn duplicates(sources: &[Source], taken: &BTreeSet<Version>) -> Vec<Problem> {
    let pairs = sources.windows(2).filter_map(|pair| match pair {
        [first, second] if first.version == second.version => Some((first, second)),
        _ => None,
    });
    let mut taken = taken.clone();
    pairs
        .map(|(first, second)| {
            let version = second.version;
            let title = second.name.split_once('_').map_or("", |(_, title)| title);
            let free = next_free(version.category, &taken).map(|number| {
                taken.insert(Version { number, ..version });
                format!("{}_{title}", version.category.name(number))
            });
            Problem {
                place: Place::file(&second.path),
                fact: Fact::DuplicateVersion {
                    version,
                    first: first.name.clone(),
                    second: second.name.clone(),
                    free,
                },
            }
        })
        .collect()
}

/// With which a file begins that stands for all between it and the next one.
const SQUASH: &str = "-- onward: replaces ";

/// The gaps between two versions of a category. A gap matters because another branch may fill it later.
fn gaps(sources: &[Source]) -> Vec<Problem> {
    let pairs = sources.windows(2).filter_map(|pair| match pair {
        [before, after]
            if before.version.category == after.version.category
                && !before.text.starts_with(SQUASH)
                && before.version.number + 1 < after.version.number =>
        {
            Some((before, after))
        }
        _ => None,
    });
    pairs
        .map(|(before, after)| Problem {
            place: Place::file(&after.path),
            fact: Fact::VersionGap {
                before: before.version,
                after: after.version,
            },
        })
        .collect()
}

/// The next free version of a category, for messages that suggest a file.
pub(crate) fn next_name(sources: &[Source], category: Category) -> String {
    let mut taken = sources.iter().map(|source| source.version).collect();
    take_name(category, &mut taken)
}

/// Returns the next free version of a category, and adds it to the taken ones. When none is free, it is
/// [`Category::no_number`].
pub(crate) fn take_name(category: Category, taken: &mut BTreeSet<Version>) -> String {
    match next_free(category, taken) {
        Some(number) => {
            taken.insert(Version { category, number });
            category.name(number)
        }
        None => category.no_number().to_owned(),
    }
}
