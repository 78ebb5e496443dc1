//! Whole databases.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-database",
    summary: "drops a database, which other services share",
    page: include_str!("drop_database.md"),
    aliases: &["ban-drop-database", "banDropDatabase", "DropDatabaseCheck"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Drop], &Check::Clause(check)),
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
        format!("drops the database `{}`", name.name),
        "other services keep their modules in the same database; besides, PostgreSQL refuses DROP \
         DATABASE in a transaction (25001), and in a session that is connected to that database \
         (55006)",
        "remove the statement; an operator drops a database by hand, when no session connects to it \
         any more",
    ))
}
