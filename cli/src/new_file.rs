//! The next file of a module: its number, its name and how it begins.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use onward_analyzer::file_name::{Category, Version, next_free, title, version_of};

/// Why no file was created.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NewError {
    #[error("`{given}` is not the name of a migration; write `{title}`")]
    Name { given: String, title: String },
    #[error(
        "`{0}` is part of a file's name already: name only what the file does, such as add_users_email"
    )]
    Numbered(String),
    #[error("no number is free for another {} migration in `{folder}`", .category.word())]
    Full { category: Category, folder: String },
    #[error("there is no folder `{0}`, and none above it; create it first, or correct the path")]
    Folder(String),
    #[error("`{file}` cannot be written")]
    Io { file: String, source: io::Error },
}

/// Creates the file with the next free number of its category.
pub(crate) fn create(
    folder: &Path,
    name: &str,
    category: Category,
) -> Result<(Version, PathBuf), NewError> {
    let name = checked(name)?;
    make(folder)?;
    let number = next_free(category, &taken(folder)?);
    let number = number.ok_or_else(|| NewError::Full {
        category,
        folder: folder.display().to_string(),
    })?;
    let version = Version { category, number };
    let path = folder.join(format!("{version}_{name}.sql"));
    let failed = |source| NewError::Io {
        file: path.display().to_string(),
        source,
    };
    // Another process may have taken the number meanwhile.
    let mut file = File::create_new(&path).map_err(failed)?;
    file.write_all(head(category).as_bytes()).map_err(failed)?;
    Ok((version, path))
}

/// The name without an extension, if it is one.
fn checked(given: &str) -> Result<&str, NewError> {
    let name = given.strip_suffix(".sql").unwrap_or(given);
    if version_of(&format!("{name}.sql")).is_some() {
        return Err(NewError::Numbered(given.to_owned()));
    }
    match version_of(&format!("001_{name}.sql")) {
        Some(_) => Ok(name),
        None => Err(NewError::Name {
            given: given.to_owned(),
            title: title(name),
        }),
    }
}

fn make(folder: &Path) -> Result<(), NewError> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder
        .parent()
        .filter(|above| !above.as_os_str().is_empty());
    if above.is_some_and(|above| !above.is_dir()) {
        return Err(NewError::Folder(folder.display().to_string()));
    }
    fs::create_dir(folder).map_err(|source| NewError::Io {
        file: folder.display().to_string(),
        source,
    })
}

fn taken(folder: &Path) -> Result<BTreeSet<Version>, NewError> {
    let entries = fs::read_dir(folder).map_err(|source| NewError::Io {
        file: folder.display().to_string(),
        source,
    })?;
    let names = entries.flatten().map(|entry| entry.file_name());
    Ok(names
        .filter_map(|name| version_of(name.to_str()?))
        .collect())
}

/// When the file runs, and what its author may have to say to the build.
const fn head(category: Category) -> &'static str {
    match category {
        Category::Startup => {
            "-- Runs at every start of the service that does not find it applied, while the running release goes on.\n\n"
        }
        Category::Seed => {
            "-- Runs at the start of the service, behind the startup migrations, and again after an edit: write statements\n\
             -- that may be repeated, such as INSERT ... ON CONFLICT DO UPDATE.\n\n"
        }
        Category::Release => {
            "-- An operator runs it with `onward release`, before the deploy of the version that has it. When it takes away\n\
             -- what code may still use, the build asks for a line that says which code that is.\n\n"
        }
        Category::Data => {
            "-- A worker runs it beside the service, in batches. Write the statement as for a small table, and in front of it\n\
             -- a line such as `onward: batch 1000 by id`, behind two dashes; docs/data.md lists all of them.\n\n"
        }
    }
}
