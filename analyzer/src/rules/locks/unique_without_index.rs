//! Unique constraints that build their index under `ACCESS EXCLUSIVE`.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::fixes::key;
use crate::statement::{ConstraintKind, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "unique-without-index",
    summary: "adds a UNIQUE constraint to a table in use, which builds its index under ACCESS EXCLUSIVE",
    page: include_str!("unique_without_index.md"),
    aliases: &[
        "disallowed-unique-constraint",
        "key-without-index",
        "E7",
        "PG105",
        "disallowUniqueConstraint",
        "add_unique_constraint",
        "add-unique-constraint",
        "AddUniqueConstraintCheck",
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
    let is = |constraint: &crate::statement::Constraint, _: Option<&_>| matches!(&constraint.kind, ConstraintKind::Unique(key) if key.using_index.is_none());
    let added = context.adds_constraint(is)?;
    let table = added.table;
    if key::builds_nothing(context, &added) {
        return None;
    }
    let message = Message::new(
        format!("adds a UNIQUE constraint to {table} that builds its index under ACCESS EXCLUSIVE"),
        "PostgreSQL keeps the lock until the index is built: reads and writes of the table are blocked \
         until then",
        "",
    );
    let message = key::with_cure(context, &added, message);
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
