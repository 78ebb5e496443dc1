//! A module as the editor has it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lsp_types::Uri;
use onward_analyzer::file_name::version_of;
use onward_analyzer::source::Source;
use onward_analyzer::{Analysis, AnalyzedStatement, analyze, settings, source};
use url::Url;

/// The path of a document; `None` for one that is not a file.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    Url::parse(uri.as_str()).ok()?.to_file_path().ok()
}

pub(super) fn uri_of(path: &Path) -> Option<Uri> {
    Url::from_file_path(path).ok()?.as_str().parse().ok()
}

/// The folder of the module that a file belongs to: a migration, or the settings.
pub(super) fn folder_of(file: &Path) -> Option<&Path> {
    let name = file.file_name()?.to_str()?;
    let folder = file.parent()?;
    (version_of(name).is_some() || name == settings::FILE || is_beside_migrations(name, folder))
        .then_some(folder)
}

/// A file with a wrong name, in a folder of migrations: the check says which name is right.
fn is_beside_migrations(name: &str, folder: &Path) -> bool {
    let has_version = |entry: std::fs::DirEntry| {
        let name = entry.file_name();
        name.to_str().is_some_and(|name| version_of(name).is_some())
    };
    let mut entries = folder.read_dir().into_iter().flatten().flatten();
    name.to_ascii_lowercase().ends_with(".sql") && entries.any(has_version)
}

/// The editor's texts of the files in this folder, by their names.
pub(super) fn texts_of(
    folder: &Path,
    edited: &BTreeMap<PathBuf, String>,
) -> BTreeMap<String, String> {
    edited
        .iter()
        .filter(|(file, _)| file.parent() == Some(folder))
        .filter_map(|(file, text)| {
            let name = file.file_name()?.to_str()?;
            Some((name.to_owned(), text.clone()))
        })
        .collect()
}

/// A module, judged with the texts that the editor has.
pub(super) struct Folder {
    path: PathBuf,
    pub(super) analysis: Analysis,
}

impl Folder {
    pub(super) fn judge(path: &Path, texts: &BTreeMap<String, String>) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self {
            path: path.to_owned(),
            analysis: analyze(source::read_edited(path, &name, texts)),
        }
    }

    /// Where a file is of which messages show this path.
    pub(super) fn on_disk(&self, shown: &str) -> PathBuf {
        match Path::new(shown).file_name() {
            Some(name) if shown != self.analysis.module.folder => self.path.join(name),
            Some(_) | None => self.path.clone(),
        }
    }

    pub(super) fn in_folder(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The text of a file, normalised: the lines are those of the editor.
    pub(super) fn text(&self, shown: &str) -> Option<&str> {
        { self.analysis.module.texts.get(shown) }.map(String::as_str)
    }

    /// A migration by its path, and its place in the order in which they run.
    pub(super) fn source(&self, file: &Path) -> Option<(usize, &Source)> {
        let name = file.file_name()?.to_str()?;
        let mut sources = self.analysis.module.sources.iter().enumerate();
        sources.find(|(_, source)| source.name == name)
    }

    /// The statement that an offset is in.
    pub(super) fn statement(&self, source: usize, offset: usize) -> Option<&AnalyzedStatement> {
        let mut statements = self.analysis.statements.iter();
        statements
            .find(|one| one.source == source && one.span.start <= offset && offset <= one.span.end)
    }
}
