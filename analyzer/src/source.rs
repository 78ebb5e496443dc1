//! Reading a folder. Nothing else in this crate touches the file system.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::file_name::{Category, Version, WrongName, next_free, version_of};
use crate::finding::{Finding, Message, Place, Severity};
use crate::original::Normal;
use crate::settings::{self, Settings};

/// The largest file, in bytes: it is compiled into the binary and travels in one message.
///
/// ```
/// assert_eq!(onward_analyzer::source::MAX_FILE_BYTES, 32 * 1024 * 1024);
/// ```
pub const MAX_FILE_BYTES: u64 = 32 << 20;

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
    /// The path as it is shown.
    pub path: String,
    /// The text, with line endings normalised to LF and without a leading byte order mark.
    pub text: String,
}

/// A folder, read: everything that is right in it, and findings for the rest.
///
/// ```
/// use onward_analyzer::source::Module;
///
/// let module = Module::in_memory("auth", [("1_users.sql", "SELECT 1;")]);
/// assert_eq!(module.findings[0].rule, "file-name");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// The folder as it is shown.
    pub folder: String,
    /// The one schema that the module owns.
    pub schema: String,
    /// What its `onward.toml` says.
    pub settings: Settings,
    /// The migrations in the order of their versions.
    pub sources: Vec<Source>,
    /// Every text that was read, by the path it is shown with; findings point into these.
    pub texts: BTreeMap<String, String>,
    /// The files that decide what was read, for cargo to watch.
    pub watched: Vec<PathBuf>,
    /// What was wrong.
    pub findings: Vec<Finding>,
}

impl Module {
    /// A module of texts that are already in memory, for tests and tools.
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
            .map(|(name, text)| (name.to_owned(), normalised(text)))
            .collect();
        module.assemble(files);
        module
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }

    fn find(&mut self, rule: &'static str, place: Place, message: Message) {
        self.findings
            .push(Finding::new(rule, Severity::Forbid, place, message));
    }

    /// Checks the names, and keeps the files that have a right one.
    fn assemble(&mut self, mut files: Vec<(String, String)>) {
        files.sort();
        let taken: BTreeSet<Version> = files
            .iter()
            .filter_map(|(name, _)| version_of(name))
            .collect();
        for (name, text) in files {
            let path = self.path(&name);
            let Some(version) = version_of(&name) else {
                let wrong = WrongName::explain(&name, &taken);
                self.find(
                    wrong.rule,
                    Place::file(path),
                    Message::new(
                        format!("`{name}` is no migration's name: {}", wrong.what),
                        "the name decides when a migration runs: 001-099 at startup, 100-199 by an \
                         operator, S001-S999 as seeds, DM001-DM999 as data migrations",
                        wrong.cure,
                    ),
                );
                continue;
            };
            if text.trim().is_empty() {
                self.find(
                    "empty-file",
                    Place::file(path.clone()),
                    Message::new(
                        format!("`{name}` is empty"),
                        "it would be recorded as applied without having done anything, and could \
                         never be filled later",
                        "write its statements, or remove the file",
                    ),
                );
            }
            self.texts.insert(path.clone(), text.clone());
            self.sources.push(Source {
                version,
                name,
                path,
                text,
            });
        }
        self.sources
            .sort_by(|a, b| (a.version, &a.name).cmp(&(b.version, &b.name)));
        self.check_duplicates(&taken);
        self.check_gaps();
    }

    fn check_duplicates(&mut self, taken: &BTreeSet<Version>) {
        let twice: Vec<(Source, Source)> = self
            .sources
            .windows(2)
            .filter_map(|pair| match pair {
                [first, second] if first.version == second.version => {
                    Some((first.clone(), second.clone()))
                }
                _ => None,
            })
            .collect();
        for (first, second) in twice {
            let version = second.version;
            let free = version.category.name(next_free(version.category, taken));
            let title = second.name.split_once('_').map_or("", |(_, title)| title);
            self.find(
                "duplicate-version",
                Place::file(second.path),
                Message::new(
                    format!(
                        "version {version} stands twice: `{}` and `{}`",
                        first.name, second.name
                    ),
                    "a version is the identity of a migration; which of the two ran first would \
                     depend on the machine",
                    format!(
                        "rename the one that was never applied, for example to `{free}_{title}`"
                    ),
                ),
            );
        }
    }

    /// A hole between two versions of a category is a warning: a branch may be about to fill it.
    fn check_gaps(&mut self) {
        let versions: BTreeSet<Version> = self.sources.iter().map(|s| s.version).collect();
        let gaps: Vec<Finding> = versions
            .iter()
            .zip(versions.iter().skip(1))
            .filter(|(a, b)| a.category == b.category && a.number + 1 < b.number)
            .filter_map(|(a, b)| {
                let after = self.sources.iter().find(|source| source.version == *b)?;
                Some(gap(&after.path, *a, *b))
            })
            .collect();
        self.findings.extend(gaps);
    }
}

fn gap(path: &str, before: Version, after: Version) -> Finding {
    let category = after.category;
    let (first, last) = (before.number + 1, after.number - 1);
    let missing = match first == last {
        true => category.name(first),
        false => format!("{} to {}", category.name(first), category.name(last)),
    };
    let message = Message::new(
        format!("between {before} and {after} the version {missing} is missing"),
        "a file that fills the gap after a later one was applied is refused at run time as out of \
         order",
        "number the files without gaps, or let the branch that holds the missing one land first",
    );
    Finding::new("version-gap", Severity::Warn, Place::file(path), message)
}

/// Finds the folder that the macro names: relative to `start` or to one of the folders above it,
/// up to and including the workspace root (the topmost folder with a `Cargo.lock`, when there is
/// one). The first hit wins.
///
/// # Errors
///
/// Every place that was tried.
///
/// ```
/// use std::path::Path;
///
/// let tried = onward_analyzer::source::locate("no/such/folder", Path::new("/")).unwrap_err();
/// assert_eq!(tried, [Path::new("/no/such/folder")]);
/// ```
pub fn locate(literal: &str, start: &Path) -> Result<PathBuf, Vec<PathBuf>> {
    let above: Vec<&Path> = start.ancestors().collect();
    let root = above
        .iter()
        .rposition(|folder| folder.join("Cargo.lock").is_file());
    let tried: Vec<PathBuf> = above
        .iter()
        .take(root.map_or(above.len(), |root| root + 1))
        .map(|folder| folder.join(literal))
        .collect();
    tried
        .iter()
        .find(|folder| folder.is_dir())
        .cloned()
        .ok_or(tried)
}

/// Finds the folder for the crate that is being compiled: from `CARGO_MANIFEST_DIR`, and if it is
/// not there, from the file that names it, which matters where a test compiles a file of one crate
/// as part of another.
///
/// # Errors
///
/// Every place that was tried; none when cargo does not run the compiler.
///
/// ```
/// let found = onward_analyzer::source::locate_for_crate("src", None);
/// assert!(found.is_ok_and(|folder| folder.is_absolute()));
/// ```
pub fn locate_for_crate(literal: &str, caller: Option<&Path>) -> Result<PathBuf, Vec<PathBuf>> {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let caller = caller.and_then(|file| file.canonicalize().ok());
    let starts = manifest
        .iter()
        .map(PathBuf::as_path)
        .chain(caller.iter().filter_map(|file| file.parent()));
    let mut tried = Vec::new();
    for start in starts {
        match locate(literal, start) {
            Ok(found) => return Ok(found),
            Err(places) => places.into_iter().for_each(|place| {
                if !tried.contains(&place) {
                    tried.push(place);
                }
            }),
        }
    }
    Err(tried)
}

/// Reads the folder at `path`, which findings call `shown`. Total: what cannot be read is a finding.
///
/// ```
/// use std::path::Path;
///
/// let module = onward_analyzer::source::read(Path::new("/no/such/folder"), "migrations/auth");
/// assert_eq!(module.findings[0].rule, "unreadable-folder");
/// ```
#[must_use]
pub fn read(path: &Path, shown: &str) -> Module {
    let mut module = Module {
        folder: shown.to_owned(),
        ..Module::default()
    };
    let settings = read_settings(path, &mut module);
    let schema = settings.schema.clone();
    module.schema = schema.unwrap_or_else(|| folder_name(path));
    module.settings = settings;
    if let Some(message) = settings::wrong_schema(&module.schema) {
        module.find("schema-name", Place::file(shown), message);
    }
    let names = match list(path) {
        Ok(names) => names,
        Err(error) => {
            module.find(
                "unreadable-folder",
                Place::file(shown),
                unreadable(shown, &error),
            );
            return module;
        }
    };
    let mut files = Vec::new();
    for name in names {
        match read_file(path, &name) {
            Ok(None) => {}
            Ok(Some(text)) => {
                module.watched.push(path.join(&name));
                files.push((name, text));
            }
            Err(unreadable) => {
                let (rule, message) = *unreadable;
                let place = Place::file(module.path(&name));
                module.find(rule, place, message);
            }
        }
    }
    if files.is_empty() && module.findings.is_empty() {
        module.find(
            "unreadable-folder",
            Place::file(shown),
            Message::new(
                format!("`{shown}` holds no migrations"),
                "a plan without a single migration is most likely a wrong path",
                "name the folder of one module, or add its first file: `001_<what_it_does>.sql`",
            ),
        );
    }
    module.assemble(files);
    module
}

fn folder_name(path: &Path) -> String {
    path.canonicalize()
        .ok()
        .as_deref()
        .unwrap_or(path)
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn read_settings(path: &Path, module: &mut Module) -> Settings {
    let file = path.join(settings::FILE);
    let text = match fs::read_to_string(&file) {
        Ok(text) => normalised(&text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Settings::default(),
        Err(error) => {
            let place = Place::file(module.path(settings::FILE));
            module.find("settings", place, unreadable(settings::FILE, &error));
            return Settings::default();
        }
    };
    module.watched.push(file);
    let shown = module.path(settings::FILE);
    module.texts.insert(shown.clone(), text.clone());
    settings::read(&text).unwrap_or_else(|wrong| {
        for (span, message) in wrong {
            module.find("settings", Place::at(shown.clone(), span), message);
        }
        Settings::default()
    })
}

/// The names in the folder, sorted; those that are not text are shown as well as they can be.
fn list(path: &Path) -> io::Result<Vec<String>> {
    let mut names = fs::read_dir(path)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

type Unreadable = Box<(&'static str, Message)>;

/// The normalised text of a migration; `None` for what is none of our business.
fn read_file(folder: &Path, name: &str) -> Result<Option<String>, Unreadable> {
    if name.starts_with('.') {
        return Ok(None);
    }
    let path = folder.join(name);
    let wrong = |rule, message| Err(Box::new((rule, message)));
    let io = |error: io::Error| Box::new(("unreadable-file", unreadable(name, &error)));
    let kind = fs::symlink_metadata(&path).map_err(io)?.file_type();
    if kind.is_symlink() && !stays_inside(folder, &path) {
        return wrong("unreadable-folder", leaves(name));
    }
    let metadata = fs::metadata(&path).map_err(io)?;
    if metadata.is_dir() {
        return wrong("unreadable-folder", folder_inside(name));
    }
    if !name.to_ascii_lowercase().ends_with(".sql") {
        return Ok(None);
    }
    if !metadata.is_file() {
        return wrong("unreadable-file", no_file(name));
    }
    if metadata.len() > MAX_FILE_BYTES {
        return wrong("unreadable-file", too_large(name, metadata.len()));
    }
    let bytes = fs::read(&path).map_err(io)?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let message = not_utf8(name, error.as_bytes(), error.utf8_error());
            return wrong("unreadable-file", message);
        }
    };
    match text.find('\0') {
        Some(at) => wrong("unreadable-file", nul_byte(name, &text, at)),
        None => Ok(Some(normalised(&text))),
    }
}

fn normalised(text: &str) -> String {
    Normal::of(text).text
}

fn stays_inside(folder: &Path, link: &Path) -> bool {
    match (folder.canonicalize(), link.canonicalize()) {
        (Ok(folder), Ok(target)) => target.starts_with(folder),
        (Err(_), _) | (_, Err(_)) => false,
    }
}

fn unreadable(name: &str, error: &io::Error) -> Message {
    Message::new(
        format!("`{name}` cannot be read: {error}"),
        "a plan is made of every file of the folder, or not at all",
        "check that it exists and that the build may read it",
    )
}

fn leaves(name: &str) -> Message {
    Message::new(
        format!("`{name}` is a symbolic link that leaves the folder or leads nowhere"),
        "what a migration says must not depend on what else is on the machine",
        "copy the file into the folder",
    )
}

fn folder_inside(name: &str) -> Message {
    Message::new(
        format!("`{name}` is a folder inside of the module's folder"),
        "a module is one folder of files; what lies deeper would be left out without a word",
        "move its files up, or make it a module of its own beside this one",
    )
}

fn no_file(name: &str) -> Message {
    Message::new(
        format!("`{name}` is no regular file"),
        "reading a pipe, a socket or a device can block the build, and gives something else each time",
        "replace it by a file",
    )
}

fn too_large(name: &str, bytes: u64) -> Message {
    Message::new(
        format!("`{name}` has {bytes} bytes; the limit is {MAX_FILE_BYTES}"),
        "a migration is compiled into the binary and sent to the server in one message",
        "split it, or load the data beside the migrations, for example with COPY",
    )
}

fn not_utf8(name: &str, bytes: &[u8], error: std::str::Utf8Error) -> Message {
    let at = error.valid_up_to();
    let line = bytes.iter().take(at).filter(|&&byte| byte == b'\n').count() + 1;
    let byte = bytes.get(at).copied().unwrap_or_default();
    Message::new(
        format!("`{name}` is not UTF-8: byte 0x{byte:02X} at offset {at}, in line {line}"),
        "SQL is sent to the server as UTF-8, and the checksum is taken over the text",
        "save the file as UTF-8",
    )
}

fn nul_byte(name: &str, text: &str, at: usize) -> Message {
    let line = text.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1;
    Message::new(
        format!("`{name}` holds a NUL byte at offset {at}, in line {line}"),
        "PostgreSQL takes a NUL for the end of the text and would not see what follows",
        "remove the byte; is the file really text, and not UTF-16?",
    )
}

/// What is left of a category's range, for the messages that name a next file.
pub(crate) fn next_name(sources: &[Source], category: Category) -> String {
    let mut taken = sources.iter().map(|source| source.version).collect();
    take_name(category, &mut taken)
}

/// The next free version of a category, which is taken from now on.
pub(crate) fn take_name(category: Category, taken: &mut BTreeSet<Version>) -> String {
    let number = next_free(category, taken);
    taken.insert(Version { category, number });
    category.name(number)
}
