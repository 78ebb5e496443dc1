//! What a folder holds, and what its tool would run of it.

/// A file, by its path below the folder.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// What the tool would run, in its order.
#[derive(Default)]
pub(crate) struct Reading {
    pub(crate) migrations: Vec<Migration>,
    /// Those that run nothing.
    pub(crate) empty: Vec<Migration>,
    /// Paths of files that only the other tool uses.
    pub(crate) unused: Vec<String>,
    pub(crate) problems: Vec<Problem>,
}

/// One migration of the other tool.
pub(crate) struct Migration {
    pub(crate) order: Order,
    pub(crate) from: String,
    pub(crate) title: String,
    /// What the tool calls it in its table, and its checksum there.
    pub(crate) version: String,
    pub(crate) checksum: Option<String>,
    pub(crate) text: String,
    /// What was changed in the text, in words.
    pub(crate) changes: Vec<String>,
}

/// When a migration runs: those without a number last, then by number, then by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Order {
    pub(crate) is_last: bool,
    pub(crate) numbers: Vec<u128>,
    pub(crate) name: String,
}

/// What only a person can decide.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) path: String,
    pub(crate) what: String,
}

impl Problem {
    pub(crate) fn new(path: &str, what: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            what: what.into(),
        }
    }
}
