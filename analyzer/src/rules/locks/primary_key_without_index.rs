//! Primary keys that build their index with everybody waiting.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::rules::fixes::key;
use crate::statement::{ConstraintKind, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "primary-key-without-index",
    summary: "a PRIMARY KEY is added to a table in use and builds its index under the lock",
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
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let is = |constraint: &crate::statement::Constraint, _: Option<&_>| matches!(&constraint.kind, ConstraintKind::PrimaryKey(key) if key.using_index.is_none());
    let added = context.adds_constraint(is)?;
    let table = added.table;
    let message = Message::new(
        format!("{table} gets a PRIMARY KEY that builds its index at once"),
        "ADD PRIMARY KEY takes ACCESS EXCLUSIVE and keeps it until the index is built, and while it \
         reads the table for nulls if a column may be null: neither reads nor writes go through",
        "",
    );
    let message = key::with_cure(context, &added, message);
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
