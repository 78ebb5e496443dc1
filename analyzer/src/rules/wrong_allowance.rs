//! Allowances that allow nothing.

use crate::finding::Severity;
use crate::rule::{Check, Group, Levels, Rule};

pub(super) static RULE: Rule = Rule {
    id: "wrong-allowance",
    summary: "an allowance of an unknown rule, of one that cannot be allowed, or of nothing",
    page: include_str!("wrong_allowance.md"),
    aliases: &["unused-suppression", "unused-ignore"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading,
};
