//! A module with every file parsed, in the order in which the files run on a database.

use crate::intake::file::{File, understand};
use crate::intake::file_name::{Category, Version};
use crate::intake::module::Module;

/// A module after parsing: what judging its files and folding them both begin with, so that code that does both parses
/// them once.
///
/// ```
/// use onward_analyzer::{Parsed, analyze_parsed, source::Module, typed::Known};
///
/// let file = ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY);");
/// let parsed = Parsed::of(Module::in_memory("auth", [file]));
/// assert!(analyze_parsed(&parsed).plan.is_some());
/// assert_eq!(Known::of_parsed(&parsed).tables().len(), 1);
/// ```
pub struct Parsed {
    /// Its sources are in the order in which they run.
    pub(crate) module: Module,
    /// One for each source.
    pub(crate) files: Vec<File>,
}

impl Parsed {
    /// Parses every file. This never fails: what is wrong with a file is reported by
    /// [`analyze_parsed`](crate::analyze_parsed()).
    ///
    /// ```
    /// use onward_analyzer::{Parsed, analyze_parsed, source::Module};
    ///
    /// let parsed = Parsed::of(Module::in_memory("auth", [("001_a.sql", "SELEC 1;")]));
    /// assert_eq!(analyze_parsed(&parsed).findings.len(), 1);
    /// ```
    #[must_use]
    pub fn of(mut module: Module) -> Self {
        let files: Vec<File> = module
            .sources
            .iter()
            .map(|source| understand(source, &module))
            .collect();
        let mut all: Vec<_> = std::mem::take(&mut module.sources)
            .into_iter()
            .zip(files)
            .collect();
        let requires: Vec<_> = all
            .iter()
            .map(|(source, file)| (source.version, file.declared.requires.clone()))
            .collect();
        all.sort_by_key(|(source, _)| run_order(source.version, &requires));
        let (sources, files) = all.into_iter().unzip();
        module.sources = sources;
        Self { module, files }
    }
}

/// The sort key of a file: startup first, then seeds, then releases. A data migration runs before the first of
/// them that requires it or a later data migration, or else at the end: what stands behind that one waits too.
fn run_order(version: Version, requires: &[(Version, Vec<Version>)]) -> (u8, u16, u8, u16) {
    let number = version.number;
    let Some(line) = line(version.category) else {
        let waits =
            |(_, data): &&(Version, Vec<Version>)| data.iter().any(|data| number <= data.number);
        let waiting = requires.iter().filter(waits);
        let places = waiting.filter_map(|(one, _)| Some((line(one.category)?, one.number)));
        let (line, before) = places.min().unwrap_or((u8::MAX, u16::MAX));
        return (line, before, 0, number);
    };
    (line, number, 1, 0)
}

/// Which files of the line come first; `None` for data migrations, which run beside it.
const fn line(category: Category) -> Option<u8> {
    match category {
        Category::Startup => Some(0),
        Category::Seed => Some(1),
        Category::Release => Some(2),
        Category::Data => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_migration_stands_before_what_requires_it() {
        let version = |category, number| Version { category, number };
        let startup = |number| version(Category::Startup, number);
        let data = |number| version(Category::Data, number);
        let seed = version(Category::Seed, 1);
        let release = version(Category::Release, 100);
        let requires = [
            (release, vec![data(3)]),
            (startup(2), vec![data(2)]),
            (startup(1), Vec::new()),
            (seed, Vec::new()),
            (startup(3), vec![data(1)]),
            (data(1), Vec::new()),
            (data(2), vec![data(1)]),
            (data(3), Vec::new()),
            (data(4), Vec::new()),
        ];
        let mut all: Vec<_> = requires.iter().map(|(version, _)| *version).collect();
        all.sort_by_key(|version| run_order(*version, &requires));
        assert_eq!(
            all,
            [
                startup(1),
                data(1),
                data(2),
                startup(2),
                startup(3),
                seed,
                data(3),
                release,
                data(4)
            ]
        );
    }
}
