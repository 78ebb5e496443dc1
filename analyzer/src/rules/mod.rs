//! The rules: one source file and one page each, in one folder per group.
//!
//! `facts` and `fixes` hold what several rules share. A rule imports from these two, never from another
//! rule.

use crate::check::rule::{Check, Rule};
use crate::finding::Message;
use crate::intake::problem::{Fact, UnknownRule};
use crate::text::nearest::nearest;

mod citus;
mod compatibility;
mod data;
mod definitions;
mod design;
mod facts;
mod fixes;
mod hygiene;
mod isolation;
mod locks;
mod seeds;
mod tenancy;

/// The rules of each group.
const GROUPS: [&[&Rule]; 10] = [
    citus::RULES,
    compatibility::RULES,
    data::RULES,
    definitions::RULES,
    design::RULES,
    hygiene::RULES,
    isolation::RULES,
    locks::RULES,
    seeds::RULES,
    tenancy::RULES,
];

pub(crate) use data::wrong_gate;
pub(crate) use fixes::allowance::with_allowances;
pub(crate) use fixes::free_number::without_free_number;

const fn count() -> usize {
    let (mut count, mut group) = (0, 0);
    while group < GROUPS.len() {
        count += GROUPS[group].len();
        group += 1;
    }
    count
}

const fn joined<const N: usize>() -> [&'static Rule; N] {
    let mut all = [GROUPS[0][0]; N];
    let (mut at, mut group) = (0, 0);
    while group < GROUPS.len() {
        let mut rule = 0;
        while rule < GROUPS[group].len() {
            all[at] = GROUPS[group][rule];
            at += 1;
            rule += 1;
        }
        group += 1;
    }
    all
}

/// Every rule, group by group, sorted by name within its group.
///
/// ```
/// assert!(onward_analyzer::RULES.iter().any(|rule| rule.aliases.contains(&"ban-drop-table")));
/// ```
pub const ALL: &[&Rule] = &joined::<{ count() }>();

/// The rule with this name. If there is none, the rules for which another linter uses this name: one rule
/// of another linter can be several rules here.
///
/// ```
/// use onward_analyzer::find_rules;
///
/// let ids = |name| find_rules(name).iter().map(|rule| rule.id).collect::<Vec<_>>();
/// assert_eq!(ids("ban-drop-table"), ["drop-table"]);
/// assert_eq!(ids("ban-drop-constraint"), ["drop-constraint", "drop-key"]);
/// ```
#[must_use]
pub fn find(name: &str) -> Vec<&'static Rule> {
    let own = ALL.iter().filter(|rule| rule.id == name);
    let own: Vec<&Rule> = own.copied().collect();
    let called = ALL.iter().filter(|rule| rule.aliases.contains(&name));
    match own.is_empty() {
        true => called.copied().collect(),
        false => own,
    }
}

/// The rule with exactly this name.
pub(crate) fn named(name: &str) -> Result<&'static Rule, UnknownRule> {
    let rule = ALL.iter().copied().find(|rule| rule.id == name);
    rule.ok_or_else(|| UnknownRule {
        name: name.to_owned(),
        called: find(name).iter().map(|rule| rule.id).collect(),
        nearest: guess(name),
    })
}

/// The rule that reports this problem of reading, and its message; `None` when no rule does.
pub(crate) fn about(fact: &Fact) -> Option<(&'static Rule, Message)> {
    ALL.iter().find_map(|rule| match rule.check.itself() {
        Check::Reading(message) => Some((*rule, message(fact)?)),
        Check::Clause(_)
        | Check::Parts(_)
        | Check::Existence(_)
        | Check::Statement(_)
        | Check::File(_)
        | Check::Always(_)
        | Check::Of(..) => None,
    })
}

/// The rule whose name is closest to this one, if one is close enough to be meant.
///
/// ```
/// assert_eq!(onward_analyzer::guess_rule("drop-tabel"), Some("drop-table"));
/// ```
#[must_use]
pub fn guess(name: &str) -> Option<&'static str> {
    nearest(&name.to_ascii_lowercase(), ALL.iter().map(|rule| rule.id))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::about;
    use crate::intake::directive::WrongDirective;
    use crate::intake::file_name::{Category, Version, WrongName};
    use crate::intake::lock_file::Unlocked;
    use crate::intake::problem::{Fact, Misplaced, Unneeded, WrongAllowance};
    use crate::statement::Name;
    use crate::text::split::Unclosed;

    /// The match has no catch-all, so that a new kind of problem has to be listed here, and needs a rule
    /// that reports it.
    fn rule(fact: &Fact) -> Option<&'static str> {
        match fact {
            Fact::Unusable { .. } => None,
            Fact::WrongName { .. }
            | Fact::ForeignNames { .. }
            | Fact::Empty { .. }
            | Fact::OnlyComments { .. }
            | Fact::DuplicateVersion { .. }
            | Fact::VersionGap { .. }
            | Fact::Unlocked(_)
            | Fact::Unclosed(_)
            | Fact::DownSection
            | Fact::Directive(_)
            | Fact::Misplaced(_)
            | Fact::Allowance(_)
            | Fact::Unneeded(_) => Some(about(fact)?.0.id),
        }
    }

    #[test]
    fn each_problem_of_reading_has_a_rule_that_reports_it() {
        let version = Version {
            category: Category::Startup,
            number: 1,
        };
        let name = || "001_a.sql".to_owned();
        let none = BTreeSet::new();
        let wrong_name = |name: &str| Fact::WrongName {
            name: name.to_owned(),
            wrong: WrongName::explain(name, &none),
        };
        for (fact, id) in [
            (wrong_name("1_a.sql"), "file-name"),
            (wrong_name("001_a.down.sql"), "down-migration"),
            (
                Fact::ForeignNames {
                    folder: name(),
                    names: vec![(name(), Some(name()))],
                },
                "file-name",
            ),
            (Fact::Empty { name: name() }, "empty-file"),
            (Fact::OnlyComments { name: name() }, "empty-file"),
            (
                Fact::DuplicateVersion {
                    version,
                    first: name(),
                    second: name(),
                    free: Some(name()),
                },
                "duplicate-version",
            ),
            (
                Fact::VersionGap {
                    before: version,
                    after: Version {
                        number: 3,
                        ..version
                    },
                },
                "version-gap",
            ),
            (
                Fact::Unlocked(Unlocked::SealedEdited { name: name() }),
                "sealed-file-changed",
            ),
            (
                Fact::Unlocked(Unlocked::Extra { name: name() }),
                "lock-file-out-of-date",
            ),
            (
                Fact::Unlocked(Unlocked::Damaged { line: 1 }),
                "lock-file-damaged",
            ),
            (Fact::Unclosed(Unclosed::Comment), "unclosed-text"),
            (Fact::DownSection, "down-migration"),
            (
                Fact::Directive(WrongDirective {
                    what: name(),
                    help: name(),
                }),
                "wrong-directive",
            ),
            (
                Fact::Misplaced(Misplaced::TransactionNone),
                "wrong-directive",
            ),
            (
                Fact::Allowance(WrongAllowance::Unused("drop-table")),
                "wrong-allowance",
            ),
            (
                Fact::Unneeded(Unneeded::Twice(Name::default())),
                "unneeded-external",
            ),
        ] {
            assert_eq!(rule(&fact), Some(id), "{fact:?}");
        }
    }
}
