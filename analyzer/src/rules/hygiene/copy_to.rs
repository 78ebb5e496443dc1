//! Rows that leave the database.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::{Change, Command, CopyDestination};

pub(super) static RULE: Rule = Rule {
    id: "copy-to",
    summary: "COPY TO runs a program on the server, writes a file there, or sends rows that a migration cannot receive",
    page: include_str!("copy_to.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Always(&Check::Of(&[Subject::Other], &Check::Clause(check))),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Other {
        command: Command::CopyTo(destination),
        ..
    } = context.change()
    else {
        return None;
    };
    let (what, why) = match destination {
        CopyDestination::Program => (
            "COPY ... TO PROGRAM runs a program on the server",
            "other servers do not have the program. Only a superuser, or a member of pg_execute_server_program, may run it",
        ),
        CopyDestination::File => (
            "COPY ... TO writes a file on the server",
            "another server does not have the folder. Only a superuser, or a member of pg_write_server_files, may write there",
        ),
        CopyDestination::Stdout => (
            "COPY ... TO STDOUT sends rows that a migration cannot receive",
            "only psql and tools for exports read them: the runner has no place for the rows",
        ),
    };
    Some(Message::new(
        what,
        why,
        "remove the statement and export the rows with psql's `\\copy`, outside of the migrations",
    ))
}
