//! Two files, one number.

use crate::finding::Severity;
use crate::rule::{Check, Group, Levels, Rule};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-version",
    summary: "two files with the same version",
    page: include_str!("duplicate_version.md"),
    aliases: &["file-order"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading,
};
