//! Reads a folder of migrations. No other module of this crate touches the file system.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::finding::{Message, Place};
use crate::intake::file_name::version_of;
use crate::intake::lock_file;
pub use crate::intake::module::{Module, Source};
use crate::intake::normalize::Normal;
use crate::intake::problem::Fact;
use crate::intake::settings;

/// The size limit of a file, in bytes. A migration is compiled into the binary and sent to the server in one
/// message.
///
/// ```
/// assert_eq!(onward_analyzer::source::MAX_FILE_BYTES, 32 * 1024 * 1024);
/// ```
pub const MAX_FILE_BYTES: u64 = 32 << 20;

/// The folder in a module's folder where `onward squash` keeps the module as it was before. It is not read with the
/// module.
///
/// ```
/// assert_eq!(onward_analyzer::source::SQUASHED, "squashed");
/// ```
pub const SQUASHED: &str = "squashed";

/// Finds the folder `literal`, relative to `start` or to one of the folders above it, up to and including
/// the workspace root. The workspace root is the topmost folder with a `Cargo.lock`; without one, only `start` itself
/// is searched, because a folder of the same name further up belongs to something else. The first folder that exists
/// is returned.
///
/// In a package as cargo publishes it, which has a `Cargo.toml.orig`, the search ends at the package: what lies
/// outside of it is not there when others build it.
///
/// # Errors
///
/// Every path that was tried.
///
/// ```
/// use std::path::Path;
///
/// let tried = onward_analyzer::source::locate("no/such/folder", Path::new("/no/workspace")).unwrap_err();
/// assert_eq!(tried, [Path::new("/no/workspace/no/such/folder")]);
/// ```
pub fn locate(literal: &str, start: &Path) -> Result<PathBuf, Vec<PathBuf>> {
    let above: Vec<&Path> = start.ancestors().collect();
    let holds = |file| move |folder: &&Path| folder.join(file).is_file();
    let root = above
        .iter()
        .position(holds("Cargo.toml.orig"))
        .or_else(|| above.iter().rposition(holds("Cargo.lock")));
    let tried: Vec<PathBuf> = above
        .iter()
        .take(root.map_or(1, |root| root + 1))
        .map(|folder| folder.join(literal))
        .collect();
    tried
        .iter()
        .find(|folder| folder.is_dir())
        .cloned()
        .ok_or(tried)
}

/// Finds the folder for the crate that is being compiled: first from `CARGO_MANIFEST_DIR`, then from the
/// folder of `caller`, the source file that names it. The second matters where a test compiles a file of one
/// crate as part of another.
///
/// # Errors
///
/// Every path that was tried; empty when the compiler was not started by cargo and there is no `caller`.
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

/// Reads the folder at `path`; messages show it as `shown`. This never fails: what cannot be read becomes a
/// problem of the module.
///
/// ```
/// use std::path::Path;
///
/// let module = onward_analyzer::source::read(Path::new("/no/such/folder"), "migrations/auth");
/// assert_eq!(module.problems.len(), 1);
/// ```
#[must_use]
pub fn read(path: &Path, shown: &str) -> Module {
    read_edited(path, shown, &BTreeMap::new())
}

/// The same with the texts of an editor, by the names of the files: they count in place of those on disk, and a file that is
/// not on disk yet is read too.
///
/// ```
/// use std::{collections::BTreeMap, path::Path};
///
/// let edited = BTreeMap::from([("001_a.sql".to_owned(), "SELECT 1;".to_owned())]);
/// let module = onward_analyzer::source::read_edited(Path::new("."), "auth", &edited);
/// assert_eq!(module.sources[0].text, "SELECT 1;");
/// ```
#[must_use]
pub fn read_edited(path: &Path, shown: &str, edited: &BTreeMap<String, String>) -> Module {
    let mut module = Module {
        folder: shown.to_owned(),
        ..Module::default()
    };
    match edited.get(settings::FILE) {
        Some(text) => module.read_settings(normalised(text)),
        None => read_settings(path, &mut module),
    }
    let schema = module.settings.schema.clone();
    module.schema = schema.unwrap_or_else(|| folder_name(path));
    if let Some(message) = settings::wrong_schema(&module.schema) {
        unusable(&mut module, "schema-name", Place::file(shown), message);
    }
    let names = match list(path) {
        Ok(mut names) => {
            names.extend(edited.keys().filter(|name| is_sql(name)).cloned());
            names.sort();
            names.dedup();
            names
        }
        Err(error) => {
            let message = unreadable(shown, &error);
            unusable(
                &mut module,
                "unreadable-folder",
                Place::file(shown),
                message,
            );
            return module;
        }
    };
    if let Some(inner) = modules_inside(path, &names) {
        let message = modules_folder(shown, &inner);
        unusable(
            &mut module,
            "unreadable-folder",
            Place::file(shown),
            message,
        );
        return module;
    }
    let mut files = Vec::new();
    for name in names {
        if let Some(text) = edited.get(&name).filter(|_| is_sql(&name)) {
            files.push((name, normalised(text)));
            continue;
        }
        match read_file(path, &name) {
            Ok(None) => {}
            Ok(Some(text)) => {
                module.watched.push(path.join(&name));
                files.push((name, text));
            }
            Err(unreadable) => {
                let (rule, message) = *unreadable;
                let place = Place::file(module.path(&name));
                unusable(&mut module, rule, place, message);
            }
        }
    }
    if files.is_empty() && module.problems.is_empty() {
        unusable(
            &mut module,
            "unreadable-folder",
            Place::file(shown),
            Message::new(
                format!("`{shown}` contains no migrations"),
                "a folder without migrations is most likely a wrong path",
                "correct the path, or add the first file: `001_<what_it_does>.sql`",
            ),
        );
    }
    module.assemble(files);
    read_lock(path, &mut module);
    module
}

fn read_lock(path: &Path, module: &mut Module) {
    let file = path.join(lock_file::FILE);
    match fs::read_to_string(&file) {
        Ok(text) => {
            module.watched.push(file);
            module.compare_lock(normalised(&text));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => {
            let place = Place::file(module.path(lock_file::FILE));
            let message = unreadable(lock_file::FILE, &error);
            unusable(module, "unreadable-file", place, message);
        }
    }
}

/// Reports a problem without a rule: a folder or file that cannot be read cannot be checked either.
fn unusable(module: &mut Module, id: &'static str, place: Place, message: Message) {
    module.report(place, Fact::Unusable { id, message });
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

fn read_settings(path: &Path, module: &mut Module) {
    let file = path.join(settings::FILE);
    match fs::read_to_string(&file) {
        Ok(text) => {
            module.watched.push(file);
            module.read_settings(normalised(&text));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => {
            let place = Place::file(module.path(settings::FILE));
            let message = unreadable(settings::FILE, &error);
            unusable(module, settings::FINDING, place, message);
        }
    }
}

/// The names in the folder, sorted. In a name that is not UTF-8, the wrong bytes are replaced.
fn list(path: &Path) -> io::Result<Vec<String>> {
    let mut names = fs::read_dir(path)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// The folders with migrations in a folder that has none itself; `None` where there are none.
fn modules_inside(path: &Path, names: &[String]) -> Option<Vec<String>> {
    if names.iter().any(|name| is_sql(name)) {
        return None;
    }
    let is_module = |name: &&String| {
        let inner = list(&path.join(name)).unwrap_or_default();
        inner.iter().any(|file| version_of(file).is_some())
    };
    let inner: Vec<String> = names.iter().filter(is_module).cloned().collect();
    (!inner.is_empty()).then_some(inner)
}

fn is_sql(name: &str) -> bool {
    !name.starts_with('.') && name.to_ascii_lowercase().ends_with(".sql")
}

type Unreadable = Box<(&'static str, Message)>;

/// The normalised text of a migration; `None` for a file that is not meant as one.
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
    if metadata.is_dir() && name == SQUASHED {
        return Ok(None);
    }
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
        "the plan must contain every file of the folder",
        "check that it exists and that the build has permission to read it",
    )
}

fn leaves(name: &str) -> Message {
    Message::new(
        format!("`{name}` is a symbolic link to a file outside of the folder, or to none"),
        "the text of a migration must not depend on other files of the machine",
        "copy the file into the folder",
    )
}

fn modules_folder(shown: &str, inner: &[String]) -> Message {
    let paths: Vec<String> = inner
        .iter()
        .map(|name| format!("`{shown}/{name}`"))
        .collect();
    Message::new(
        format!("`{shown}` contains no migrations, but folders with migrations"),
        "each module is a folder of its own, and owns the schema of that name",
        format!("name the folder of one module: {}", paths.join(" or ")),
    )
}

fn folder_inside(name: &str) -> Message {
    Message::new(
        format!("`{name}` is a folder inside of the module's folder"),
        "a module is one folder without subfolders: migrations in this one would be ignored",
        "move its files up, or move the folder beside this one as a separate module",
    )
}

fn no_file(name: &str) -> Message {
    Message::new(
        format!("`{name}` is not a regular file"),
        "reading a pipe, a socket or a device can block the build, and can return other data each time",
        "replace it with a regular file",
    )
}

fn too_large(name: &str, bytes: u64) -> Message {
    Message::new(
        format!("`{name}` has {bytes} bytes; the limit is {MAX_FILE_BYTES}"),
        "a migration is compiled into the binary and sent to the server in one message",
        "split the file, or load the data outside of the migrations, for example with COPY",
    )
}

fn not_utf8(name: &str, bytes: &[u8], error: std::str::Utf8Error) -> Message {
    let at = error.valid_up_to();
    let line = bytes.iter().take(at).filter(|&&byte| byte == b'\n').count() + 1;
    let byte = bytes.get(at).copied().unwrap_or_default();
    Message::new(
        format!("`{name}` is not UTF-8: byte 0x{byte:02X} at offset {at}, in line {line}"),
        "SQL is sent to the server as UTF-8, and the checksum is computed from the text",
        "save the file as UTF-8",
    )
}

fn nul_byte(name: &str, text: &str, at: usize) -> Message {
    let line = text.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1;
    Message::new(
        format!("`{name}` contains a NUL byte at offset {at}, in line {line}"),
        "PostgreSQL takes a NUL byte as the end of the text and ignores what follows",
        "remove the byte; if the file is UTF-16, save it as UTF-8",
    )
}
