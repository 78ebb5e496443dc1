//! A module as a verb is given it: a folder to read, or a plan that the program has.

use std::ffi::OsString;
use std::path::PathBuf;

use onward::Plan;

/// What a verb works on.
#[derive(Clone, Debug)]
pub(crate) enum Module {
    /// A folder, or a file in one.
    Folder(PathBuf),
    /// A plan that was compiled into the program, or was read before.
    Plan(Box<Plan>),
}

impl Module {
    /// As a command line names it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::Plan(plan) => plan.schema().to_owned(),
        }
    }
}

impl Default for Module {
    fn default() -> Self {
        Self::Folder(PathBuf::new())
    }
}

impl From<PathBuf> for Module {
    fn from(path: PathBuf) -> Self {
        Self::Folder(path)
    }
}

/// A command line without plans names folders.
impl From<OsString> for Module {
    fn from(path: OsString) -> Self {
        Self::Folder(path.into())
    }
}
