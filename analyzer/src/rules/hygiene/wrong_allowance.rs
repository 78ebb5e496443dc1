//! Allowances that allow nothing.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::file_name::Category;
use crate::intake::problem::{Fact, WrongAllowance};

pub(super) static RULE: Rule = Rule {
    id: "wrong-allowance",
    summary: "an allowance names an unknown rule, a rule that cannot be allowed here, or a rule that finds nothing",
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
            "the rule finds statements that break or block others. Each of them needs a reason of its own, or a later \
             statement would be allowed unnoticed",
            format!(
                "write `-- onward: allow {rule} because \"<reason>\"` above each statement that is safe"
            ),
        ),
        WrongAllowance::Unused(rule) => Message::new(
            format!("`{rule}` finds nothing in the next statement"),
            "this allowance matches no finding, and a migration cannot be edited after it was applied",
            "remove the comment now, or move it directly above the statement that it is for",
        ),
    })
}

fn cannot(rule: &str, summary: &str, category: Category, elsewhere: Option<Category>) -> Message {
    let help = match elsewhere {
        Some(other) => format!(
            "move the statement into a {} migration ({} to {}), where it can be allowed with a reason",
            other.word(),
            other.name(other.range().0),
            other.name(other.range().1)
        ),
        None => "remove the allowance, and follow the help of the finding itself".to_owned(),
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
