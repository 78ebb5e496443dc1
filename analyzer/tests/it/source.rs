//! Folders as they can exist on a disk.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use onward_analyzer::source::{self, MAX_FILE_BYTES, Module};
use onward_analyzer::{Finding, analyze};

/// A folder `items` in a temporary folder, which is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("onward-{}-{number}", std::process::id()));
        fs::create_dir_all(root.join("items")).unwrap();
        Self(root)
    }

    fn path(&self) -> PathBuf {
        self.0.join("items")
    }

    fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        fs::write(self.path().join(name), bytes).unwrap();
        self
    }

    fn read(&self) -> Module {
        source::read(&self.path(), "items")
    }

    /// The only finding.
    fn finding(&self) -> Finding {
        let analysis = analyze(self.read());
        assert!(analysis.plan.is_none(), "no plan of half a folder");
        let [finding] = analysis.findings.as_slice() else {
            panic!("{:#?}", analysis.findings)
        };
        finding.clone()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

#[track_caller]
fn expect(folder: &Folder, rule: &str, path: &str, what: &str) {
    let finding = folder.finding();
    assert_eq!((finding.rule, finding.place.path.as_str()), (rule, path));
    assert!(
        finding.message.what.contains(what),
        "{}",
        finding.message.what
    );
    assert!(!finding.message.help.is_empty());
}

#[test]
fn a_missing_folder_lists_every_path_that_was_tried() {
    let folder = Folder::new();
    fs::write(folder.0.join("Cargo.lock"), "").unwrap();
    let deep = folder.0.join("items/a/b");
    let tried = source::locate("migrations/none", &deep).unwrap_err();
    let below = |place: &PathBuf| place.strip_prefix(&folder.0).map(Path::to_owned).ok();
    let tried: Vec<_> = tried.iter().filter_map(below).collect();
    assert_eq!(
        tried,
        [
            "items/a/b/migrations/none",
            "items/a/migrations/none",
            "items/migrations/none",
            "migrations/none"
        ]
        .map(PathBuf::from)
    );
}

#[test]
fn the_search_takes_the_first_folder_upward_and_ends_at_the_workspace_root() {
    let folder = Folder::new();
    let inner = folder.path().join("inner");
    fs::create_dir_all(inner.join("sql")).unwrap();
    fs::create_dir_all(folder.0.join("sql")).unwrap();
    fs::write(folder.path().join("Cargo.lock"), "").unwrap();
    assert_eq!(source::locate("sql", &inner), Ok(inner.join("sql")));
    fs::remove_dir(inner.join("sql")).unwrap();
    assert!(source::locate("sql", &inner).is_err());
}

#[test]
fn without_a_workspace_only_the_folder_itself_is_searched() {
    let folder = Folder::new();
    let inner = folder.path().join("inner");
    fs::create_dir_all(&inner).unwrap();
    let tried = source::locate("items", &inner).unwrap_err();
    assert_eq!(tried, [inner.join("items")]);
    assert_eq!(source::locate("items", &folder.0), Ok(folder.path()));
}

#[test]
fn a_folder_of_modules_names_them() {
    let folder = Folder::new();
    for module in ["auth", "vuln"] {
        fs::create_dir(folder.path().join(module)).unwrap();
        fs::write(folder.path().join(module).join("001_a.sql"), "SELECT 1;").unwrap();
    }
    let finding = folder.finding();
    assert_eq!(finding.rule, "unreadable-folder");
    let help = &finding.message.help;
    assert!(help.ends_with("`items/auth` or `items/vuln`"), "{help}");
}

#[test]
fn the_search_does_not_leave_a_package_as_cargo_publishes_it() {
    let folder = Folder::new();
    let package = folder.0.join("target/package/items-0.1.0");
    let sources = package.join("src");
    fs::create_dir_all(&sources).unwrap();
    fs::create_dir_all(folder.0.join("sql")).unwrap();
    fs::write(folder.0.join("Cargo.lock"), "").unwrap();
    assert!(source::locate("sql", &sources).is_ok());
    fs::write(package.join("Cargo.toml.orig"), "").unwrap();
    let tried = source::locate("sql", &sources).unwrap_err();
    assert_eq!(tried, [sources.join("sql"), package.join("sql")]);
}

#[test]
fn a_folder_that_cannot_be_listed_is_a_finding() {
    let module = source::read(Path::new("/nowhere/items"), "items");
    let findings = analyze(module).findings;
    assert_eq!(findings[0].rule, "unreadable-folder");
    assert!(findings[0].message.what.contains("cannot be read"));
}

#[test]
fn an_empty_folder_is_an_error() {
    expect(
        &Folder::new(),
        "unreadable-folder",
        "items",
        "contains no migrations",
    );
    let readme = Folder::new()
        .with("README.md", "")
        .with(".001_hidden.sql", "");
    expect(
        &readme,
        "unreadable-folder",
        "items",
        "contains no migrations",
    );
}

#[test]
fn a_subfolder_is_an_error() {
    let folder = Folder::new().with("001_a.sql", "SELECT 1;");
    fs::create_dir(folder.path().join("old")).unwrap();
    expect(
        &folder,
        "unreadable-folder",
        "items/old",
        "is a folder inside",
    );
}

#[test]
fn a_symbolic_link_out_of_the_folder_is_an_error() {
    let folder = Folder::new().with("001_a.sql", "SELECT 1;");
    fs::write(folder.0.join("outside.sql"), "SELECT 2;").unwrap();
    symlink("../outside.sql", folder.path().join("002_b.sql")).unwrap();
    expect(
        &folder,
        "unreadable-folder",
        "items/002_b.sql",
        "is a symbolic link to a file outside of the folder, or to none",
    );
    fs::remove_file(folder.0.join("outside.sql")).unwrap();
    expect(
        &folder,
        "unreadable-folder",
        "items/002_b.sql",
        "is a symbolic link to a file outside of the folder, or to none",
    );
}

#[test]
fn a_symbolic_link_inside_the_folder_is_read() {
    let folder = Folder::new().with("shared.txt", "SELECT 1;");
    symlink("shared.txt", folder.path().join("001_a.sql")).unwrap();
    assert_eq!(folder.read().problems, []);
}

#[test]
fn a_file_that_is_not_regular_is_an_error() {
    let folder = Folder::new();
    let _socket = UnixListener::bind(folder.path().join("001_a.sql")).unwrap();
    expect(
        &folder,
        "unreadable-file",
        "items/001_a.sql",
        "is not a regular file",
    );
}

#[test]
fn bytes_that_are_not_text_are_reported_with_their_position() {
    let folder = Folder::new().with("001_a.sql", b"SELECT 1;\nSELECT '\xfc';");
    expect(
        &folder,
        "unreadable-file",
        "items/001_a.sql",
        "byte 0xFC at offset 18, in line 2",
    );
    let folder = Folder::new().with("001_a.sql", "SELECT 1;\n\n\0");
    expect(
        &folder,
        "unreadable-file",
        "items/001_a.sql",
        "NUL byte at offset 11, in line 3",
    );
    let utf16: Vec<u8> = "SELECT 1;"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    expect(
        &Folder::new().with("001_a.sql", utf16),
        "unreadable-file",
        "items/001_a.sql",
        "NUL",
    );
}

#[test]
fn a_file_over_the_size_limit_is_an_error() {
    let text = "SELECT 1;\n".repeat(1 << 22);
    let folder = Folder::new().with("S001_a.sql", text);
    let limit = MAX_FILE_BYTES.to_string();
    expect(&folder, "unreadable-file", "items/S001_a.sql", &limit);
}

#[test]
fn line_endings_and_byte_order_marks_do_not_change_a_checksum() {
    let unix = Folder::new().with("001_a.sql", "SELECT 1;\nSELECT 2;\n");
    let windows = Folder::new().with("001_a.sql", "\u{feff}SELECT 1;\r\nSELECT 2;\r\n");
    let checksum = |folder: &Folder| analyze(folder.read()).plan.unwrap().startup[0].checksum;
    assert_eq!(checksum(&unix), checksum(&windows));
}

#[test]
fn the_schema_is_the_folders_name_unless_it_is_set() {
    let folder = Folder::new().with("001_a.sql", "SELECT 1;");
    assert_eq!(folder.read().schema, "items");
    let folder = folder.with("onward.toml", "schema = 'other'");
    assert_eq!(folder.read().schema, "other");
    let folder = folder.with("onward.toml", "schema = 'Not An Identifier'");
    expect(
        &folder,
        "schema-name",
        "items",
        "`Not An Identifier` cannot be the schema of a module",
    );
    let folder = folder.with("onward.toml", [0xff]);
    expect(&folder, "settings", "items/onward.toml", "cannot be read");
}

#[test]
fn every_file_that_is_read_is_tracked() {
    let folder = Folder::new()
        .with("001_a.sql", "SELECT 1;")
        .with("onward.toml", "");
    let watched = folder.read().watched;
    assert_eq!(watched.len(), 2, "{watched:?}");
}
