//! Whole databases.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule};
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-database",
    summary: "a database is dropped",
    page: include_str!("drop_database.md"),
    aliases: &["ban-drop-database", "banDropDatabase", "DropDatabaseCheck"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Drop {
        kind: ObjectKind::Database,
        name,
        ..
    } = context.change()
    else {
        return None;
    };
    Some(Message::new(
        format!("this drops the database `{}`", name.name),
        "the modules of other services live in the same database; and PostgreSQL refuses DROP \
         DATABASE in a transaction, with 25001, and in the database that is dropped, with 55006",
        "remove the statement; an operator drops a database by hand, when nothing connects to it \
         any more",
    ))
}
