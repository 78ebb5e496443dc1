//! Quotes and comments that are never closed.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::problem::Fact;
use crate::text::split::Unclosed;

pub(super) static RULE: Rule = Rule {
    id: "unclosed-text",
    summary: "a string, identifier, dollar quote or comment that is never closed",
    page: include_str!("unclosed_text.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading(message),
};

fn message(fact: &Fact) -> Option<Message> {
    let Fact::Unclosed(unclosed) = fact else {
        return None;
    };
    let (what, close) = match unclosed {
        Unclosed::String => ("string", "a closing `'`"),
        Unclosed::Identifier => ("quoted identifier", "a closing `\"`"),
        Unclosed::DollarQuote => ("dollar-quoted text", "the same tag again"),
        Unclosed::Comment => ("comment", "`*/` once for each `/*`, because comments nest,"),
    };
    Some(Message::new(
        format!("this {what} is never closed"),
        format!("everything from here to the end of the file belongs to the {what}"),
        format!("write {close} where it ends"),
    ))
}
