//! Ways back that nobody would go.

use crate::finding::Severity;
use crate::rule::{Check, Group, Levels, Rule};

pub(super) static RULE: Rule = Rule {
    id: "down-migration",
    summary: "a file, or a section of one, that would take a migration back",
    page: include_str!("down_migration.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading,
};
