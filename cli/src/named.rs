//! What a command line names: folders of modules, and files in them.

use std::path::{Path, PathBuf};

use onward_analyzer::{Analysis, analyze, source};

/// Why a folder gives no plan.
///
/// ```
/// use std::path::Path;
///
/// let error = onward_cli::plan(Path::new("no/such/folder")).err();
/// assert!(matches!(error, Some(onward_cli::FolderError::NotFound { .. })));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// It does not exist.
    #[error("there is no folder or file `{}`; name the folder of a module, such as migrations/auth; tried:{}", folder.display(), lines(tried))]
    NotFound {
        /// The path as it was given.
        folder: PathBuf,
        /// The paths that were tried: in the current folder, then in each one above, up to the workspace root.
        tried: Vec<PathBuf>,
    },
    /// It has errors, which the compiler refuses too.
    #[error("`{}` has errors; correct them, then repeat the command:\n\n{}", folder.display(), reports.join("\n"))]
    Findings {
        /// The path as it was given.
        folder: PathBuf,
        /// One text for each file, as the compiler prints it.
        reports: Vec<String>,
    },
    /// Not every file of it could be read, or has a version of its own, so that it has no plan at all.
    #[error("`{}` cannot be read: not every file has a version and a text; correct that, then repeat the command:\n\n{}", folder.display(), reports.join("\n"))]
    Unreadable {
        /// The path as it was given.
        folder: PathBuf,
        /// One text for each file, as the compiler prints it.
        reports: Vec<String>,
    },
    /// It is a file, and the command applies all that is pending in a folder.
    #[error(
        "`{file}` is a file, and this command applies everything that is pending in a module: name its folder, `{folder}`"
    )]
    OneFile {
        /// The path as it was given.
        file: String,
        /// Its folder.
        folder: String,
    },
}

fn lines(paths: &[PathBuf]) -> String {
    paths
        .iter()
        .map(|path| format!("\n  - {}", path.display()))
        .collect()
}

/// A module that the command line names, by its folder or by files in it.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// Where it is.
    found: PathBuf,
    /// The folder as messages show it.
    pub(crate) folder: String,
    /// The names of the files, if single files were named; empty for the whole folder.
    pub(crate) files: Vec<String>,
}

impl Named {
    /// A folder, or the folder of a file. It is looked for below the current folder, and in a workspace also above.
    pub(crate) fn of(path: &Path) -> Result<Self, FolderError> {
        let here = std::env::current_dir().unwrap_or_default();
        let shown = path.to_string_lossy();
        let shown = shown.trim_end_matches('/');
        let tried = match source::locate(shown, &here) {
            Ok(found) => {
                return Ok(Self {
                    found,
                    folder: shown.to_owned(),
                    files: Vec::new(),
                });
            }
            Err(tried) => tried,
        };
        if let Some(file) = tried.iter().find(|path| path.is_file()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let folder = path.parent().map(Path::to_string_lossy).unwrap_or_default();
            return Ok(Self {
                found: file.parent().unwrap_or(file).to_owned(),
                folder: match &*folder {
                    "" => ".".to_owned(),
                    folder => folder.to_owned(),
                },
                files: vec![name.into_owned()],
            });
        }
        Err(FolderError::NotFound {
            folder: path.to_owned(),
            tried,
        })
    }

    /// Where it is.
    pub(crate) fn found(&self) -> &Path {
        &self.found
    }

    /// Each module once, in the order in which it is named first. A folder includes each file in it.
    pub(crate) fn all(paths: &[PathBuf]) -> Result<Vec<Self>, FolderError> {
        let mut all: Vec<Self> = Vec::new();
        for path in paths {
            let named = Self::of(path)?;
            match all.iter_mut().find(|one| one.is_same_folder(&named)) {
                None => all.push(named),
                Some(one) if one.files.is_empty() || named.files.is_empty() => one.files.clear(),
                Some(one) => one.files.extend(named.files),
            }
        }
        Ok(all)
    }

    fn is_same_folder(&self, other: &Self) -> bool {
        let canonical = |named: &Self| named.found.canonicalize().ok();
        canonical(self).is_some_and(|path| Some(path) == canonical(other))
    }

    /// Reads and checks the folder.
    pub(crate) fn analyzed(&self) -> Analysis {
        analyze(source::read(&self.found, &self.folder))
    }

    /// The files that were named, as messages show them.
    pub(crate) fn paths(&self) -> Vec<String> {
        let files = self.files.iter();
        files
            .map(|file| format!("{}/{file}", self.folder))
            .collect()
    }
}
