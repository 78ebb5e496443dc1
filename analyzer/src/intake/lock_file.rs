//! `onward.lock`: which files a module has, in version control. Two branches that add a file conflict in it.

use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::intake::file_name::{Category, Version, version_of};
use crate::intake::module::Source;

/// The file's name, in the module's folder.
///
/// ```
/// assert_eq!(onward_analyzer::lock_file::FILE, "onward.lock");
/// ```
pub const FILE: &str = "onward.lock";

const HEAD: &str =
    "# `onward lock` writes this file. Commit it; after a conflict, run that command again.\n";
const SEALED: &str = "sealed";

/// A file as the lock file knows it.
///
/// ```
/// use onward_analyzer::lock_file::LockFile;
/// use onward_analyzer::source::Module;
///
/// let module = Module::in_memory("auth", [("001_a.sql", "SELECT 1;")]);
/// let lock = LockFile::of(&module.sources, &[]);
/// assert_eq!(lock.entries[0].name, "001_a.sql");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The version in its name.
    pub version: Version,
    /// The file's name.
    pub name: String,
    /// SHA-256 of its normalised text, in hexadecimal.
    pub checksum: String,
    /// Whether its text may never change again.
    pub is_sealed: bool,
}

impl Entry {
    fn of(source: &Source, is_sealed: bool) -> Self {
        Self {
            version: source.version,
            name: source.name.clone(),
            checksum: hex(&Sha256::digest(&source.text)),
            is_sealed,
        }
    }

    /// The digest over all entries up to this one.
    fn chain(&self, before: &str) -> String {
        let Self {
            name,
            checksum,
            is_sealed,
            ..
        } = self;
        hex(&Sha256::digest(format!(
            "{before} {name} {checksum} {is_sealed}"
        )))
    }
}

/// The text of an `onward.lock`.
///
/// ```
/// use onward_analyzer::lock_file::LockFile;
///
/// let (lock, wrong) = LockFile::read("");
/// assert!(lock.entries.is_empty() && wrong.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockFile {
    /// One for each file, in the order of the files.
    pub entries: Vec<Entry>,
    /// Where each of them stands in the text that was read.
    lines: Vec<Range<usize>>,
}

/// How a lock file and the files of its folder disagree.
///
/// ```
/// use onward_analyzer::lock_file::{LockFile, Unlocked};
/// use onward_analyzer::source::Module;
///
/// let module = Module::in_memory("auth", [("001_a.sql", "SELECT 1;")]);
/// let extra = LockFile::default().compare(&module.sources);
/// assert!(matches!(extra[0].1, Unlocked::Extra { .. }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlocked {
    /// A sealed file has another text.
    SealedEdited {
        /// Its name.
        name: String,
    },
    /// A sealed file is gone, or has another name.
    SealedMissing {
        /// Its name.
        name: String,
        /// The file with its text, if there is one.
        now: Option<String>,
    },
    /// A file is not in the lock file, and stands before one of its category that is sealed.
    BeforeSealed {
        /// Its name.
        name: String,
        /// The last sealed one.
        sealed: String,
    },
    /// A file is not in the lock file.
    Extra {
        /// Its name.
        name: String,
    },
    /// A file of the lock file is gone.
    Missing {
        /// Its name.
        name: String,
    },
    /// A line is not one of these, or does not follow from the line before it.
    Damaged {
        /// Its number, from 1.
        line: usize,
    },
}

/// Where a disagreement is.
///
/// ```
/// use onward_analyzer::lock_file::At;
///
/// assert_ne!(At::File("001_a.sql".into()), At::Lock(0..9));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// In this file.
    File(String),
    /// In the lock file.
    Lock(Range<usize>),
}

impl LockFile {
    /// For these files, sealed up to these versions of their categories.
    ///
    /// ```
    /// use onward_analyzer::lock_file::LockFile;
    /// use onward_analyzer::source::Module;
    ///
    /// let module = Module::in_memory("auth", [("001_a.sql", "CREATE TABLE auth.a (id int PRIMARY KEY);")]);
    /// assert!(LockFile::of(&module.sources, &[]).sealed().is_empty());
    /// ```
    #[must_use]
    pub fn of(sources: &[Source], sealed: &[Version]) -> Self {
        let is_sealed = |source: &Source| {
            sealed
                .iter()
                .any(|last| last.category == source.version.category && source.version <= *last)
        };
        Self {
            entries: sources
                .iter()
                .map(|source| Entry::of(source, is_sealed(source)))
                .collect(),
            lines: Vec::new(),
        }
    }

    /// The last sealed version of each category.
    ///
    /// ```
    /// use onward_analyzer::lock_file::LockFile;
    /// use onward_analyzer::source::Module;
    ///
    /// let module = Module::in_memory("auth", [("001_a.sql", "CREATE TABLE auth.a (id int PRIMARY KEY);")]);
    /// let last = module.sources[0].version;
    /// assert_eq!(LockFile::of(&module.sources, &[last]).sealed(), [last]);
    /// ```
    #[must_use]
    pub fn sealed(&self) -> Vec<Version> {
        let last = |category| {
            let sealed = self.entries.iter().filter(|entry| entry.is_sealed);
            let versions = sealed.map(|entry| entry.version);
            versions
                .filter(|version| version.category == category)
                .max()
        };
        [
            Category::Startup,
            Category::Seed,
            Category::Release,
            Category::Data,
        ]
        .into_iter()
        .filter_map(last)
        .collect()
    }

    /// Reads a text, as far as it is whole; with the first line that is not.
    ///
    /// ```
    /// use onward_analyzer::lock_file::LockFile;
    /// use onward_analyzer::source::Module;
    ///
    /// let module = Module::in_memory("auth", [("001_a.sql", "CREATE TABLE auth.a (id int PRIMARY KEY);")]);
    /// let text = LockFile::of(&module.sources, &[]).text();
    /// assert!(LockFile::read(&text).1.is_none());
    /// assert!(LockFile::read("001_a.sql edited by hand\n").1.is_some());
    /// ```
    #[must_use]
    pub fn read(text: &str) -> (Self, Option<(At, Unlocked)>) {
        let mut lock = Self::default();
        let (mut chain, mut start) = (String::new(), 0);
        let mut wrong = None;
        for (n, line) in text.split_inclusive('\n').enumerate() {
            // The name of the file, or what stands in its place.
            let name = line.split_whitespace().next().unwrap_or_default();
            let span = start..start + name.len();
            start += line.len();
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let read = entry(line);
            let is_next = read
                .as_ref()
                .is_some_and(|(entry, said)| entry.chain(&chain) == *said);
            if !is_next && wrong.is_none() {
                let damaged = Unlocked::Damaged { line: n + 1 };
                wrong = Some((At::Lock(span.clone()), damaged));
            }
            if let Some((entry, said)) = read {
                chain = said;
                lock.entries.push(entry);
                lock.lines.push(span);
            }
        }
        (lock, wrong)
    }

    /// The text. Every line holds a digest over all lines before it, so that two branches cannot both add one.
    ///
    /// ```
    /// use onward_analyzer::lock_file::LockFile;
    /// use onward_analyzer::source::Module;
    ///
    /// let module = Module::in_memory("auth", [("001_a.sql", "CREATE TABLE auth.a (id int PRIMARY KEY);")]);
    /// let text = LockFile::of(&module.sources, &[]).text();
    /// assert!(text.contains("\n001_a.sql "));
    /// ```
    #[must_use]
    pub fn text(&self) -> String {
        let (mut text, mut chain) = (HEAD.to_owned(), String::new());
        for entry in &self.entries {
            chain = entry.chain(&chain);
            let Entry { name, checksum, .. } = entry;
            text.push_str(&[name, " ", checksum, " ", &chain].concat());
            text.push_str(if entry.is_sealed { " sealed\n" } else { "\n" });
        }
        text
    }

    /// Every disagreement with the files of the folder. A file that is not sealed may be edited.
    ///
    /// ```
    /// use onward_analyzer::lock_file::LockFile;
    /// use onward_analyzer::source::Module;
    ///
    /// let module = Module::in_memory("auth", [("001_a.sql", "CREATE TABLE auth.a (id int PRIMARY KEY);")]);
    /// let lock = LockFile::of(&module.sources, &[]);
    /// assert!(lock.compare(&module.sources).is_empty());
    /// assert_eq!(lock.compare(&[]).len(), 1);
    /// ```
    #[must_use]
    pub fn compare(&self, sources: &[Source]) -> Vec<(At, Unlocked)> {
        let files = LockFile::of(sources, &[]).entries;
        let gone = self.entries.iter().enumerate().filter_map(|(n, entry)| {
            let name = entry.name.clone();
            let Some(file) = files.iter().find(|file| file.name == entry.name) else {
                let at = At::Lock(self.lines.get(n).cloned().unwrap_or_default());
                let same = files.iter().find(|file| file.checksum == entry.checksum);
                let now = same.map(|file| file.name.clone());
                return Some(match entry.is_sealed {
                    true => (at, Unlocked::SealedMissing { name, now }),
                    false => (at, Unlocked::Missing { name }),
                });
            };
            let is_edited = entry.is_sealed && file.checksum != entry.checksum;
            is_edited.then(|| {
                let at = At::File(name.clone());
                (at, Unlocked::SealedEdited { name })
            })
        });
        let extra = files.iter().filter_map(|file| {
            let name = file.name.clone();
            let is_known = |entry: &Entry| {
                let is_sealed_text = entry.is_sealed && entry.checksum == file.checksum;
                entry.name == name || is_sealed_text && entry.version == file.version
            };
            if self.entries.iter().any(is_known) {
                return None;
            }
            let later = self.entries.iter().rfind(|entry| {
                entry.is_sealed
                    && entry.version.category == file.version.category
                    && entry.version >= file.version
            });
            let at = At::File(name.clone());
            Some(match later {
                Some(sealed) => {
                    let sealed = sealed.name.clone();
                    (at, Unlocked::BeforeSealed { name, sealed })
                }
                None => (at, Unlocked::Extra { name }),
            })
        });
        gone.chain(extra).collect()
    }
}

/// An entry, and the digest that its line has.
fn entry(line: &str) -> Option<(Entry, String)> {
    let words: Vec<_> = line.split(' ').collect();
    let (name, checksum, chain, is_sealed) = match words[..] {
        [name, checksum, chain] => (name, checksum, chain, false),
        [name, checksum, chain, SEALED] => (name, checksum, chain, true),
        _ => return None,
    };
    let entry = Entry {
        version: version_of(name)?,
        name: name.to_owned(),
        checksum: checksum.to_owned(),
        is_sealed,
    };
    Some((entry, chain.to_owned()))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::module::Module;

    fn module<'a>(files: &[(&'a str, &'a str)]) -> Module {
        Module::in_memory("shop", files.iter().copied())
    }

    #[test]
    fn what_is_written_is_read() {
        let module = module(&[("001_a.sql", "SELECT 1;"), ("002_b.sql", "SELECT 2;")]);
        let last = module.sources[0].version;
        let lock = LockFile::of(&module.sources, &[last]);
        let text = lock.text();
        let (read, wrong) = LockFile::read(&text);
        assert_eq!((&read.entries, wrong), (&lock.entries, None));
        assert_eq!(read.sealed(), [last]);
        assert!(read.compare(&module.sources).is_empty());
    }

    #[test]
    fn a_line_that_was_changed_or_merged_by_hand_is_found() {
        let module = module(&[("001_a.sql", "SELECT 1;"), ("002_b.sql", "SELECT 2;")]);
        let text = LockFile::of(&module.sources, &[]).text();
        let lines: Vec<_> = text.lines().collect();
        let without_first = [lines[0], lines[2]].join("\n");
        let with_seal = text.replacen("\n002", " sealed\n002", 1);
        let with_rubbish = text.clone() + "<<<<<<< ours\n";
        for (text, line) in [(without_first, 2), (with_seal, 2), (with_rubbish, 4)] {
            let (_, wrong) = LockFile::read(&text);
            let found = wrong.map(|(_, wrong)| wrong);
            assert_eq!(found, Some(Unlocked::Damaged { line }), "{text}");
        }
    }
}
