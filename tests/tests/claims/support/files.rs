//! The files of the rules' pages, and the order in which they run.

use onward_analyzer::RULES;
use onward_analyzer::file_name::{Category, Version, version_of};
use onward_cases::page::{Page, parse};

/// The page of each rule, with the name of its file.
pub(crate) fn pages() -> impl Iterator<Item = Result<(String, Page), String>> {
    RULES.iter().map(|rule| {
        let name = format!("{}.md", rule.id.replace('-', "_"));
        let page = parse(rule.page).map_err(|problem| format!("{name}: {problem}"))?;
        Ok((name, page))
    })
}

/// The position of a file in the order in which files run: releases come last, because they wait for
/// the data migrations that they require. A file with a wrong name has none.
pub(crate) fn turn(file_name: &str) -> (Option<usize>, u16) {
    let version = version_of(file_name);
    let order = [
        Category::Startup,
        Category::Seed,
        Category::Data,
        Category::Release,
    ];
    let rank = |version: Version| order.iter().position(|one| *one == version.category);
    (
        version.and_then(rank),
        version.map_or(0, |version| version.number),
    )
}
