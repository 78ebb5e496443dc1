//! The histories of `onward-cases` as modules for the check to read.

use onward_analyzer::source::Module;
use onward_cases::growth::Kind;

/// The module with so many of the thing.
#[must_use]
pub fn module(kind: Kind, length: usize) -> Module {
    let files = kind.files(length);
    let files = files
        .iter()
        .map(|(name, sql)| (name.as_str(), sql.as_str()));
    Module::in_memory("app", files)
}

/// Four lengths, each twice the one before it.
#[must_use]
pub fn lengths(kind: Kind) -> [usize; 4] {
    [8, 4, 2, 1].map(|part| kind.most / part)
}
