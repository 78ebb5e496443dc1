//! Numbers that are missing.

use crate::finding::Severity;
use crate::rule::{Check, Group, Levels, Rule};

pub(super) static RULE: Rule = Rule {
    id: "version-gap",
    summary: "a hole in the numbers of a category",
    page: include_str!("version_gap.md"),
    aliases: &["file-order"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Warn),
    check: Check::Reading,
};
