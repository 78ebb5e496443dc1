//! Primary keys that build their index under `ACCESS EXCLUSIVE`.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::fixes::key;
use crate::statement::{ConstraintKind, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "primary-key-without-index",
    summary: "adds a PRIMARY KEY to a table in use, which builds its index under ACCESS EXCLUSIVE",
    page: include_str!("primary_key_without_index.md"),
    aliases: &[
        "adding-primary-key-constraint",
        "adding-serial-primary-key-field",
        "PG104",
        "addingPrimaryKeyConstraint",
        "add-primary-key-without-index",
        "AddPrimaryKeyCheck",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::AddColumn, Subject::AddConstraint],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let is = |constraint: &crate::statement::Constraint, _: Option<&_>| matches!(&constraint.kind, ConstraintKind::PrimaryKey(key) if key.using_index.is_none());
    let added = context.adds_constraint(is)?;
    let table = added.table;
    if key::builds_nothing(context, &added) {
        return None;
    }
    let message = Message::new(
        format!("adds a PRIMARY KEY to {table} that builds its index under ACCESS EXCLUSIVE"),
        "PostgreSQL keeps the lock until the index is built, and if a column is nullable until it has \
         scanned the table for nulls: reads and writes of the table are blocked until then",
        "",
    );
    let message = key::with_cure(context, &added, message);
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
