//! Objects of the kinds that have no drop rule of their own.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-object",
    summary: "drops a rewrite rule, collation, operator or other object that code may rely on",
    page: include_str!("drop_object.md"),
    aliases: &[],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Drop], &Check::Clause(check)),
};

/// The kinds whose drop has a rule of its own.
const HAVE_THEIR_OWN: [ObjectKind; 22] = [
    ObjectKind::Aggregate,
    ObjectKind::Attribute,
    ObjectKind::Column,
    ObjectKind::Constraint,
    ObjectKind::Database,
    ObjectKind::Domain,
    ObjectKind::Extension,
    ObjectKind::ForeignTable,
    ObjectKind::Function,
    ObjectKind::Index,
    ObjectKind::MaterializedView,
    ObjectKind::Policy,
    ObjectKind::Procedure,
    ObjectKind::Role,
    ObjectKind::Routine,
    ObjectKind::Schema,
    ObjectKind::Sequence,
    ObjectKind::Table,
    ObjectKind::Tablespace,
    ObjectKind::Trigger,
    ObjectKind::Type,
    ObjectKind::View,
];

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Drop {
        kind, name, part, ..
    } = context.change()
    else {
        return None;
    };
    let (kind, part) = (*kind, part.as_deref());
    if HAVE_THEIR_OWN.contains(&kind)
        || context.is_new_table(name)
        || context.is_new(kind, name, part)
    {
        return None;
    }
    let object = part.map_or_else(|| kind.show(name), |part| format!("`{part}` of {name}"));
    let message = Message::new(
        format!("drops the {kind} {object}"),
        "the running release may rely on the object: PostgreSQL refuses the drop only if another \
         object depends on it (2BP01), and code that names the dropped object fails when it runs",
        "",
    );
    let title = format!("drop_{}", part.unwrap_or(&name.name));
    let sql = context.sql_from(context.statement.span.start);
    let breaks = format!("code that relies on the {kind} {object}");
    Some(context.by_an_operator(message, &title, &sql, &breaks))
}
