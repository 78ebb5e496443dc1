//! Quotes and comments without an end.

use crate::finding::Severity;
use crate::rule::{Check, Group, Levels, Rule};

pub(super) static RULE: Rule = Rule {
    id: "unclosed-text",
    summary: "a string, identifier, dollar quote or comment that is never closed",
    page: include_str!("unclosed_text.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading,
};
