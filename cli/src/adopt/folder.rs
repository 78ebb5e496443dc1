//! Reads the other tool's folder, and writes the module.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::adopt::files::File;
use crate::adopt::moves::{Adoption, Move};
use crate::adopt::record;
use crate::git::git;

/// The endings of files that a tool may read.
const READ: [&str; 8] = ["sql", "toml", "conf", "rs", "go", "java", "kt", "rb"];

/// The files of a folder and of those in it, by their paths.
pub(crate) fn read(folder: &Path) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = match below.is_empty() {
                true => name.clone(),
                false => format!("{below}/{name}"),
            };
            let extension = name.rsplit_once('.').map(|(_, extension)| extension);
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if extension.is_some_and(|extension| READ.contains(&extension)) {
                let text = fs::read(folder.join(&path))?;
                files.push(File {
                    text: String::from_utf8_lossy(&text).into_owned(),
                    path,
                });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// How the files were changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// With `git mv` and `git rm`.
    WithGit,
    /// Each old file stays, with `.before` behind its name.
    Beside,
    /// Nothing was done: git has changes here that are not committed.
    NotCommitted,
}

pub(crate) fn write(folder: &Path, adoption: &Adoption) -> io::Result<Written> {
    let tracked = git(folder, &["ls-files", "--error-unmatch", "."]);
    let written = match tracked {
        Ok(_) if !git(folder, &["status", "--porcelain", "--", "."])?.is_empty() => {
            return Ok(Written::NotCommitted);
        }
        Ok(_) => Written::WithGit,
        // No git, or a folder that it does not know.
        Err(_) => Written::Beside,
    };
    // A script of many migrations is moved once. All are moved away before one gets its name, which another may have
    // had.
    let mut seen = BTreeSet::new();
    let moves = adoption.moves.iter();
    let moves: Vec<_> = moves.filter(|one| seen.insert(one.from.as_str())).collect();
    for one in &moves {
        match written {
            Written::WithGit => git(folder, &["mv", "--", &one.from, &moving(one)]).map(drop)?,
            Written::Beside | Written::NotCommitted => keep(folder, &one.from)?,
        }
    }
    if written == Written::WithGit {
        for one in &moves {
            git(folder, &["mv", "--", &moving(one), &one.to])?;
        }
    }
    for one in &adoption.moves {
        fs::write(folder.join(&one.to), &one.text)?;
    }
    for path in &adoption.unused {
        match written {
            Written::WithGit => git(folder, &["rm", "-q", "--", path]).map(drop)?,
            Written::Beside | Written::NotCommitted => keep(folder, path)?,
        }
    }
    remove_empty(folder, adoption);
    fs::write(folder.join(record::FILE), &adoption.records)?;
    if !adoption.has_settings {
        fs::write(folder.join("onward.toml"), &adoption.settings)?;
    }
    Ok(written)
}

/// The name of a file between its old and its new one.
fn moving(one: &Move) -> String {
    format!("{}.moving", one.to)
}

/// Beside the module's files, because a module has no folders in it.
fn kept(folder: &Path, path: &str) -> PathBuf {
    folder.join(format!("{}.before", path.replace('/', ".")))
}

fn keep(folder: &Path, path: &str) -> io::Result<()> {
    fs::rename(folder.join(path), kept(folder, path))
}

/// The folders that the moves have left empty, from the inside.
fn remove_empty(folder: &Path, adoption: &Adoption) {
    let moved = adoption.moves.iter().map(|one| &one.from);
    for path in moved.chain(&adoption.unused) {
        for inner in Path::new(path).ancestors().skip(1) {
            if inner != Path::new("") {
                // One that still holds a file stays, and is reported by the next check.
                fs::remove_dir(folder.join(inner)).ok();
            }
        }
    }
}
