//! Maintenance statements in one file with statements that run in a transaction.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::rules::fixes::own_file::{self, Kind};

pub(super) static RULE: Rule = Rule {
    id: "statement-not-in-transaction",
    summary: "VACUUM or a similar statement in one file with statements that run in a transaction",
    page: include_str!("statement_not_in_transaction.md"),
    aliases: &[],
    group: Group::Locks,
    levels: Levels::all(Severity::Forbid),
    check: Check::Always(&Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    own_file::check(context, Kind::Other)
}
