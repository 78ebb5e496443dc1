//! Comments that ask for something nobody knows.

use crate::finding::Severity;
use crate::rule::{Check, Group, Levels, Rule};

pub(super) static RULE: Rule = Rule {
    id: "wrong-directive",
    summary: "an `-- onward:` comment that is no directive, or stands where it means nothing",
    page: include_str!("wrong_directive.md"),
    aliases: &["unused-suppression"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading,
};
