//! Names that no category has.

use crate::finding::Severity;
use crate::rule::{Check, Group, Levels, Rule};

pub(super) static RULE: Rule = Rule {
    id: "file-name",
    summary: "a file name that is no version and title",
    page: include_str!("file_name.md"),
    aliases: &["file-order"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading,
};
