//! Data that nobody sends.

use crate::finding::{Message, Severity};
use crate::rule::{Check, Group, Levels, Rule};
use crate::scope::Scope;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "copy-from-stdin",
    summary: "COPY FROM STDIN, whose data would have to be sent apart from the statement",
    page: include_str!("copy_from_stdin.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::CopyFromStdin = scope.change() else {
        return None;
    };
    Some(Message::new(
        "COPY ... FROM STDIN waits for data that a migration cannot send",
        "psql reads the lines behind it as data; to the server they are not part of the statement",
        format!(
            "write the rows as `INSERT ... ON CONFLICT` in a seed, `{}_<what>.sql`",
            scope.next(crate::file_name::Category::Seed)
        ),
    ))
}
