//! Allowances that allow nothing.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::file_name::Category;
use crate::intake::problem::{Fact, WrongAllowance};

pub(super) static RULE: Rule = Rule {
    id: "wrong-allowance",
    summary: "an allowance of an unknown rule, of one that cannot be allowed, or of nothing",
    page: include_str!("wrong_allowance.md"),
    aliases: &["unused-suppression", "unused-ignore"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading(message),
};

fn message(fact: &Fact) -> Option<Message> {
    let Fact::Allowance(wrong) = fact else {
        return None;
    };
    Some(match wrong {
        WrongAllowance::UnknownRule(unknown) => unknown.message(),
        WrongAllowance::Forbidden {
            rule,
            summary,
            category,
            elsewhere,
        } => cannot(rule, summary, *category, *elsewhere),
        WrongAllowance::WholeFile(rule) => Message::new(
            format!("`{rule}` cannot be allowed for a whole file"),
            "what breaks or blocks others is excused one statement at a time, or the next one is excused \
             without a thought",
            format!(
                "write `-- onward: allow {rule} because \"<reason>\"` above each statement that it is right \
                 for"
            ),
        ),
        WrongAllowance::Unused(rule) => Message::new(
            format!("`{rule}` finds nothing in the next statement"),
            "a migration cannot be edited once it is applied, so an allowance without a use would stay for \
             ever",
            "remove the comment, or move it directly above the statement that it speaks of",
        ),
    })
}

fn cannot(rule: &str, summary: &str, category: Category, elsewhere: Option<Category>) -> Message {
    let help = match elsewhere {
        Some(other) => format!(
            "a {} migration ({} to {}) accepts the statement with a reason: move it there",
            other.word(),
            other.name(other.range().0),
            other.name(other.range().1)
        ),
        None => "no excuse makes it work: follow the help of the finding itself".to_owned(),
    };
    Message::new(
        format!(
            "`{rule}` cannot be allowed in a {} migration",
            category.word()
        ),
        summary,
        help,
    )
}
