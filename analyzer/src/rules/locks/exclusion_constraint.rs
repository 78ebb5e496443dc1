//! Exclusion constraints, which have no quiet way.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::{Constraint, ConstraintKind, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "exclusion-constraint",
    summary: "an EXCLUDE constraint is added to a table in use and builds its index under the lock",
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
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let is = |constraint: &Constraint, _: Option<&_>| {
        matches!(constraint.kind, ConstraintKind::Exclude { .. })
    };
    let table = context.adds_constraint(is)?.table;
    let message = Message::new(
        format!("{table} gets an EXCLUDE constraint that builds its index at once"),
        "ADD EXCLUDE takes ACCESS EXCLUSIVE and keeps it until the index is built: neither reads nor \
         writes go through, and no index that was built before can be taken for it",
        "make a new table with the constraint, write to both, and move the old rows over in a data \
         migration",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
