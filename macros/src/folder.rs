//! Finds the folder that a macro names, and keeps what was read of it while the compiler runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use onward_analyzer::source::{self, Module};
use onward_analyzer::typed::Known;
use proc_macro2::Span;
use syn::Error;

/// The folder of this literal.
pub(crate) fn locate(literal: &str, span: Span, caller: Option<&Path>) -> Result<PathBuf, Error> {
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

/// What was folded in this process, with the module of which it was folded.
static FOLDED: Mutex<BTreeMap<PathBuf, (Module, Arc<Known>)>> = Mutex::new(BTreeMap::new());

/// The schema of a folder. A compiler folds it once, however many queries name it; an editor's server, which lives longer,
/// again when a file has changed.
pub(crate) fn known(literal: &str, span: Span, caller: Option<&Path>) -> Result<Arc<Known>, Error> {
    let literal = literal.trim_end_matches('/');
    let found = locate(literal, span, caller)?;
    let module = source::read(&found, literal);
    let mut folded = FOLDED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, known)) = folded.get(&found)
        && *of == module
    {
        return Ok(Arc::clone(known));
    }
    let known = Arc::new(Known::of(module.clone()));
    if known.is_empty() {
        let message = format!(
            "no file of `{literal}` can be read as a migration, so nothing is known of its schema: \
             `embed_migrations!(\"{literal}\")` reports why"
        );
        return Err(Error::new(span, message));
    }
    folded.insert(found, (module, Arc::clone(&known)));
    Ok(known)
}
