//! Every rule's page is true: its cases have the findings that are marked and no others, its renderings
//! are exact, and its facts are those of the rule.
//!
//! `BLESS=1 cargo test -p onward-analyzer --test it pages` rewrites the renderings.

mod check;
mod proof;
mod remedies;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use onward_analyzer::RULES;
use onward_analyzer::rule::Rule;
use onward_cases::page::{Page, parse};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules")
}

/// `drop_table.md` for `drop-table`.
fn file_name(rule: &Rule) -> String {
    format!("{}.md", rule.id.replace('-', "_"))
}

/// A rule is in the folder of its group.
fn path(rule: &Rule) -> PathBuf {
    folder().join(rule.group.word()).join(file_name(rule))
}

fn read(rule: &Rule) -> String {
    let path = path(rule);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Rewrites the renderings once, before any test reads a page. True if that was requested.
static BLESSED: LazyLock<bool> = LazyLock::new(|| {
    let asked = std::env::var_os("BLESS").is_some();
    for rule in RULES.iter().filter(|_| asked) {
        let text = read(rule);
        if let Ok(page) = parse(&text) {
            fs::write(path(rule), check::bless(rule.id, &text, &page)).expect("pages are writable");
        }
    }
    asked
});

fn text(rule: &Rule) -> String {
    LazyLock::force(&BLESSED);
    read(rule)
}

/// Runs a check on all pages, and fails with everything that it finds.
fn on_every_page(check: impl Fn(&Rule, &Page) -> Vec<String>) {
    let mut report = String::new();
    for rule in RULES {
        let problems = match parse(&text(rule)) {
            Ok(page) => check(rule, &page),
            Err(problem) => vec![problem],
        };
        for problem in problems {
            let _ = writeln!(report, "src/rules/{}: {problem}", file_name(rule));
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn every_case_finds_what_is_marked_and_nothing_else() {
    on_every_page(|rule, page| {
        let cases = page.cases.iter();
        cases
            .flat_map(|case| check::markers(rule.id, case))
            .collect()
    });
}

#[test]
fn every_rendering_is_exact() {
    on_every_page(|rule, page| {
        let cases = page.cases.iter();
        cases
            .filter_map(|case| check::rendering(rule.id, case))
            .collect()
    });
}

#[test]
fn every_suggested_file_can_be_pasted() {
    on_every_page(|rule, page| {
        let cases = page.cases.iter();
        cases
            .flat_map(|case| remedies::remedies(rule.id, case))
            .collect()
    });
}

#[test]
fn every_page_has_its_title_and_its_three_kinds_of_cases() {
    on_every_page(|rule, page| check::structure(rule.id, page));
}

#[test]
fn every_page_states_the_severities_and_aliases_of_its_rule() {
    on_every_page(check::facts);
}

#[test]
fn every_page_belongs_to_a_rule_and_is_built_in() {
    let files = |folder: PathBuf| {
        let entries = fs::read_dir(folder).expect("the folders of rules can be read");
        entries.map(|entry| entry.expect("the folders of rules can be read").path())
    };
    let mut pages: BTreeSet<PathBuf> = files(folder())
        .filter(|group| group.is_dir())
        .flat_map(files)
        .filter(|file| file.extension().is_some_and(|ending| ending == "md"))
        .collect();
    for rule in RULES {
        assert!(pages.remove(&path(rule)), "{} has no page", rule.id);
        assert!(
            *BLESSED || text(rule) == rule.page,
            "{} embeds another text than {}",
            rule.id,
            file_name(rule)
        );
    }
    assert!(pages.is_empty(), "no rule has these pages: {pages:?}");
}

#[test]
fn ids_are_sorted_and_no_rule_repeats_an_alias() {
    for pair in RULES.windows(2) {
        assert!(
            (pair[0].group.word(), pair[0].id) < (pair[1].group.word(), pair[1].id),
            "{} is above {}, or in the folder of another group",
            pair[0].id,
            pair[1].id
        );
    }
    // One rule of another linter can be several rules here.
    for rule in RULES {
        let mut names = BTreeSet::from([rule.id]);
        for alias in rule.aliases {
            assert!(
                names.insert(alias),
                "{} has the alias `{alias}` twice",
                rule.id
            );
        }
    }
}
