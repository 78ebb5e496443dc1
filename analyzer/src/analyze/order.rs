//! The order in which files run on a database.

use crate::intake::file::{File, understand};
use crate::intake::file_name::{Category, Version};
use crate::intake::module::Module;
use crate::intake::problem::Problem;

/// Reads every file, and sorts the module's sources into the order in which they run.
pub(super) fn in_order(module: &mut Module) -> Vec<(File, Vec<Problem>)> {
    let files: Vec<_> = module
        .sources
        .iter()
        .map(|source| understand(source, module))
        .collect();
    let mut all: Vec<_> = std::mem::take(&mut module.sources)
        .into_iter()
        .zip(files)
        .collect();
    let requires: Vec<_> = all
        .iter()
        .map(|(source, (file, _))| (source.version, file.declared.requires.clone()))
        .collect();
    all.sort_by_key(|(source, _)| run_order(source.version, &requires));
    let (sources, files) = all.into_iter().unzip();
    module.sources = sources;
    files
}

/// The sort key of a file: startup first, then seeds, then releases. A data migration runs before the
/// first release that requires it or a later data migration, or else at the end.
fn run_order(version: Version, requires: &[(Version, Vec<Version>)]) -> (u8, u16, u8, u16) {
    let number = version.number;
    match version.category {
        Category::Startup => (0, number, 0, 0),
        Category::Seed => (1, number, 0, 0),
        Category::Release => (2, number, 1, 0),
        Category::Data => {
            let waits = |(release, data): &&(Version, Vec<Version>)| {
                release.category == Category::Release
                    && data.iter().any(|data| number <= data.number)
            };
            let release = requires
                .iter()
                .filter(waits)
                .map(|(release, _)| release.number)
                .min();
            (2, release.unwrap_or(u16::MAX), 0, number)
        }
    }
}
