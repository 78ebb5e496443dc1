//! Finds the folder that a macro names, and keeps what was read of it while the compiler runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use onward_analyzer::source::{self, Module};
use onward_analyzer::typed::Known;
use onward_analyzer::{Analysis, Parsed, analyze_parsed};
use proc_macro2::Span;
use syn::Error;

/// The folder of this literal.
fn locate(literal: &str, span: Span, caller: Option<&Path>) -> Result<PathBuf, Error> {
    source::locate_for_crate(literal, caller).map_err(|tried| {
        let tried: String = tried
            .iter()
            .map(|path| format!("\n  - {}", path.display()))
            .collect();
        let message = format!(
            "there is no folder `{literal}`\n\nThese paths were tried, from the crate's own \
             folder up to the workspace root:{tried}\n\nWrite the path of one module's folder, \
             relative to the crate or to a folder above it."
        );
        Error::new(span, message)
    })
}

/// A folder, read and parsed, and what the first macro that asks has made of it.
pub(crate) struct Folder {
    pub(crate) found: PathBuf,
    parsed: Parsed,
    analysis: OnceLock<Analysis>,
    known: OnceLock<Known>,
}

impl Folder {
    /// What the rules say of its files.
    pub(crate) fn analysis(&self) -> &Analysis {
        self.analysis.get_or_init(|| analyze_parsed(&self.parsed))
    }

    /// The schema that its files leave behind.
    pub(crate) fn known(&self) -> &Known {
        self.known.get_or_init(|| Known::of_parsed(&self.parsed))
    }
}

/// What was parsed in this process, with the module of which it was parsed.
static PARSED: Mutex<BTreeMap<PathBuf, (Module, Arc<Folder>)>> = Mutex::new(BTreeMap::new());

/// The folder of this literal. A compiler parses it once, however many macros name it; an editor's server, which lives
/// longer, again when a file has changed.
pub(crate) fn parsed(
    literal: &str,
    span: Span,
    caller: Option<&Path>,
) -> Result<Arc<Folder>, Error> {
    let literal = literal.trim_end_matches('/');
    let found = locate(literal, span, caller)?;
    let module = source::read(&found, literal);
    let mut all = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, folder)) = all.get(&found)
        && *of == module
    {
        return Ok(Arc::clone(folder));
    }
    let folder = Arc::new(Folder {
        found: found.clone(),
        parsed: Parsed::of(module.clone()),
        analysis: OnceLock::new(),
        known: OnceLock::new(),
    });
    all.insert(found, (module, Arc::clone(&folder)));
    Ok(folder)
}

/// The same, for a macro that asks for its schema.
pub(crate) fn with_schema(
    literal: &str,
    span: Span,
    caller: Option<&Path>,
) -> Result<Arc<Folder>, Error> {
    let folder = parsed(literal, span, caller)?;
    if folder.known().is_empty() {
        let message = format!(
            "no file of `{literal}` can be read as a migration, so nothing is known of its schema: \
             `embed_migrations!(\"{literal}\")` reports why"
        );
        return Err(Error::new(span, message));
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::fs;

    use super::*;

    #[test]
    fn a_folder_is_parsed_again_only_when_a_file_reads_otherwise() -> Result<(), Box<dyn Error>> {
        let path = std::env::temp_dir().join(format!("onward-folder-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        let file = path.join("001_a.sql");
        let ask = || with_schema(&path.to_string_lossy(), Span::call_site(), None);
        fs::write(&file, "CREATE TABLE a (id bigint PRIMARY KEY);")?;
        let first = ask()?;
        assert!(Arc::ptr_eq(&first, &ask()?));
        // Neither its name nor its length says so.
        fs::write(&file, "CREATE TABLE b (id bigint PRIMARY KEY);")?;
        let second = ask()?;
        assert!(!Arc::ptr_eq(&first, &second));
        let names = second.known().tables();
        fs::remove_dir_all(&path)?;
        assert_eq!(names.first().map(|table| table.name.as_str()), Some("b"));
        Ok(())
    }
}
