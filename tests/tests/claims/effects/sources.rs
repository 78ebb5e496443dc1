//! The sources of the statements.

use std::error::Error;
use std::fs;
use std::path::Path;

use onward_analyzer::file_name::version_of;

use crate::support::files::{pages, turn};

/// Files that run one after the other in a schema of their own.
pub(crate) struct History {
    /// The path, for messages.
    pub(crate) place: String,
    pub(crate) schema: String,
    pub(crate) files: Vec<String>,
    /// Whether the server may refuse a statement, which ends the history.
    pub(crate) may_fail: bool,
}

/// The cases of the pages of all rules.
pub(crate) fn histories_of_pages() -> Result<Vec<History>, Box<dyn Error>> {
    let mut histories = Vec::new();
    for page in pages() {
        let (name, page) = page?;
        for case in page.cases {
            let mut files: Vec<_> = case.files.iter().collect();
            files.sort_by_key(|file| turn(&file.name));
            histories.push(History {
                place: format!("{name}:{}", case.line),
                schema: "app".to_owned(),
                files: files.iter().map(|file| file.text.clone()).collect(),
                may_fail: true,
            });
        }
    }
    Ok(histories)
}

/// The example modules and the fixtures.
pub(crate) fn histories_of_modules() -> Result<Vec<History>, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut histories = Vec::new();
    for above in ["migrations", "tests/tests/fixtures", "tests/fixtures"] {
        let Ok(folders) = fs::read_dir(root.join(above)) else {
            continue;
        };
        for folder in folders {
            let folder = folder?.path();
            let mut files = Vec::new();
            for file in fs::read_dir(&folder)? {
                let path = file?.path();
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                if version_of(&name).is_some() {
                    files.push((turn(&name), fs::read_to_string(&path)?));
                }
            }
            // What needs other modules is played by tests/runs/modules, which have them.
            let settings = fs::read_to_string(folder.join("onward.toml")).unwrap_or_default();
            let declares =
                |text: &str| text.contains("[externals]") || text.contains("onward: external");
            if declares(&settings) || files.iter().any(|(_, text)| declares(text)) {
                continue;
            }
            files.sort();
            let schema = folder
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            histories.push(History {
                place: format!("{above}/{schema}"),
                schema,
                files: files.into_iter().map(|(_, text)| text).collect(),
                may_fail: false,
            });
        }
    }
    Ok(histories)
}
