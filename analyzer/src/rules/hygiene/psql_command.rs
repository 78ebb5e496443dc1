//! Commands of psql.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "psql-command",
    summary: "a migration contains a psql command, which the server does not know",
    page: include_str!("psql_command.md"),
    aliases: &["psql-meta-command"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Always(&Check::Of(&[Subject::Psql], &Check::Clause(check))),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Psql { command } = context.change() else {
        return None;
    };
    Some(Message::new(
        format!("`{command}` is a command of psql, not SQL"),
        "migrations are sent to the server without psql, and the server refuses the line: syntax error (42601)",
        "remove the line, or write SQL that does the same",
    ))
}
