//! Which data migration a verb is about.

use clap::Args;
use onward::Version;

use super::Common;
use crate::module::Module;
use crate::outcome::CouldNotRun;

/// One data migration of a module.
#[derive(Clone, Debug, Args)]
pub(super) struct One {
    /// Folder of the module, such as migrations/auth; with --service its schema, or nothing where no other module of
    /// the service has the data migration.
    #[arg(value_name = "FOLDER")]
    first: String,
    /// Data migration, such as DM001.
    #[arg(value_name = "VERSION")]
    second: Option<String>,
    /// Module of the program; a command line of folders names it in front of the version.
    #[arg(long, hide = true)]
    module: Option<Module>,
    #[command(flatten)]
    pub(super) common: Common,
}

/// What the words of a command line name, and those that are left.
pub(super) struct Named<'a> {
    /// The folder, or the name of a module.
    pub(super) module: Option<&'a str>,
    plan: Option<&'a Module>,
    pub(super) version: Version,
    pub(super) rest: Option<&'a str>,
}

impl One {
    pub(super) fn named<'a>(&'a self, more: Option<&'a str>) -> Result<Named<'a>, CouldNotRun> {
        let words = [Some(&*self.first), self.second.as_deref(), more];
        let mut words = words.into_iter().flatten().peekable();
        let is_version = |word: &&str| word.parse::<Version>().is_ok();
        let module = words.next_if(|word| !is_version(word));
        let word = words.next().ok_or(CouldNotRun::NoVersion)?;
        Ok(Named {
            module,
            plan: self.module.as_ref(),
            version: version(word)?,
            rest: words.next(),
        })
    }
}

impl Named<'_> {
    /// The module, which a database does not know.
    pub(super) fn folder(&self) -> Result<Module, CouldNotRun> {
        let folder = self.module.map(|name| Module::Folder(name.into()));
        folder
            .or_else(|| self.plan.cloned())
            .ok_or(CouldNotRun::NoFolder(self.version))
    }
}

pub(super) fn version(word: &str) -> Result<Version, CouldNotRun> {
    word.parse().map_err(CouldNotRun::Version)
}
