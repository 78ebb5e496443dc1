//! Several indexes dropped by one statement.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::rules::fixes::own_file;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "concurrently-multiple-objects",
    summary: "DROP INDEX CONCURRENTLY with more than one index",
    page: include_str!("concurrently_multiple_objects.md"),
    aliases: &[],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Drop {
        kind: ObjectKind::Index,
        concurrently: true,
        ..
    } = context.change()
    else {
        return None;
    };
    let is_second = context.statement.clauses.get(1) == Some(context.clause);
    if !is_second {
        return None;
    }
    let message = Message::new(
        "DROP INDEX CONCURRENTLY takes one index at a time",
        "PostgreSQL refuses a list with 0A000",
        "write one file for each index",
    );
    Some(message.with_files(own_file::drops(context)))
}
