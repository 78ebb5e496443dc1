//! `DROP INDEX CONCURRENTLY` with several indexes.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::fixes::own_file;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "concurrently-multiple-objects",
    summary: "DROP INDEX CONCURRENTLY with more than one index, which PostgreSQL refuses",
    page: include_str!("concurrently_multiple_objects.md"),
    aliases: &[],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Always(&Check::Of(&[Subject::Drop], &Check::Clause(check))),
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
    let second = context.statement.clauses.get(1);
    let is_second = second.is_some_and(|second| std::ptr::eq(second, context.clause));
    if !is_second {
        return None;
    }
    let message = Message::new(
        "DROP INDEX CONCURRENTLY names more than one index",
        "PostgreSQL drops one index at a time with CONCURRENTLY and refuses a list: feature not \
         supported (0A000)",
        "write one file with one DROP INDEX CONCURRENTLY for each index",
    );
    Some(message.with_files(own_file::drops(context)))
}
