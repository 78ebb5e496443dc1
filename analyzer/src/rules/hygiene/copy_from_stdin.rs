//! Data that is not in the file.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::{Change, Rows};

pub(super) static RULE: Rule = Rule {
    id: "copy-from-stdin",
    summary: "COPY FROM reads data that is not in the migration",
    page: include_str!("copy_from_stdin.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Always(&Check::Of(
        &[Subject::CopyFromStdin, Subject::Insert],
        &Check::Clause(check),
    )),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (what, why) = match context.change() {
        Change::CopyFromStdin => (
            "COPY ... FROM STDIN waits for data that a migration cannot send",
            "only psql sends the lines below the statement as data. The server would read them as SQL",
        ),
        Change::Insert(insert) if insert.rows == Rows::Copied => (
            "COPY reads a file or runs a program on the server",
            "other servers do not have the file. Only a superuser, or a member of pg_read_server_files or \
             pg_execute_server_program, may use it",
        ),
        _ => return None,
    };
    Some(Message::new(
        what,
        why,
        format!(
            "write the rows as `INSERT ... ON CONFLICT` in a seed, `{}_<title>.sql`",
            context.next(crate::intake::file_name::Category::Seed)
        ),
    ))
}
