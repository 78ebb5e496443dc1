//! `EXCLUDE` constraints, which cannot be added to a table without blocking it.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Constraint, ConstraintKind, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "exclusion-constraint",
    summary: "adds an EXCLUDE constraint to a table in use, which builds its index under ACCESS \
              EXCLUSIVE",
    page: include_str!("exclusion_constraint.md"),
    aliases: &[
        "adding-exclusion-constraint",
        "E8",
        "avoidAddingExclusionConstraint",
        "add_exclusion_constraint",
        "add-exclusion-constraint",
        "AddExcludeConstraintCheck",
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
    let is = |constraint: &Constraint, _: Option<&_>| {
        matches!(constraint.kind, ConstraintKind::Exclude { .. })
    };
    let table = context.adds_constraint(is)?.table;
    let message = Message::new(
        format!(
            "adds an EXCLUDE constraint to {table} that builds its index under ACCESS EXCLUSIVE"
        ),
        "PostgreSQL keeps the lock until the index is built: reads and writes of the table are blocked \
         until then, and EXCLUDE cannot take over an existing index",
        "create a new table with the constraint, write to both tables, and copy the existing rows in a \
         data migration",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
