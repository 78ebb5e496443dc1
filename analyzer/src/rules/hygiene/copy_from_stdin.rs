//! Data that is not in the file.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::statement::{Change, Rows};

pub(super) static RULE: Rule = Rule {
    id: "copy-from-stdin",
    summary: "COPY FROM, whose data is not in the statement",
    page: include_str!("copy_from_stdin.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (what, why) = match context.change() {
        Change::CopyFromStdin => (
            "COPY ... FROM STDIN waits for data that a migration cannot send",
            "psql reads the lines behind it as data; to the server they are not part of the statement",
        ),
        Change::Insert(insert) if insert.rows == Rows::Copied => (
            "COPY reads a file or a program of the server",
            "the file is on no other server, and only a superuser, or a member of \
             pg_read_server_files or pg_execute_server_program, may name it",
        ),
        _ => return None,
    };
    Some(Message::new(
        what,
        why,
        format!(
            "write the rows as `INSERT ... ON CONFLICT` in a seed, `{}_<what>.sql`",
            context.next(crate::intake::file_name::Category::Seed)
        ),
    ))
}
