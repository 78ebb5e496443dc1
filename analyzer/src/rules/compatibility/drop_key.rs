//! Keys that old code names as conflict targets.

use crate::check::context::Scope;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::ObjectKind;
use crate::text::quote;

pub(super) static RULE: Rule = Rule {
    id: "drop-key",
    summary: "a PRIMARY KEY, UNIQUE or EXCLUDE constraint is dropped",
    page: include_str!("drop_key.md"),
    aliases: &[
        "drop-primary-key",
        "DropPrimaryKeyCheck",
        "ban-drop-constraint",
    ],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let (table, name) = scope.drops_part(ObjectKind::Constraint)?;
    let relation = scope.schema.relation(table)?;
    let mut constraints = relation.constraints.iter();
    let key = constraints.find(|one| one.name == name && one.kind.is_indexed())?;
    let columns = key.columns.iter().filter_map(|id| relation.name_of(*id));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let message = Message::new(
        format!("this drops the key `{name}` of {table}"),
        format!(
            "the index goes with it: every `ON CONFLICT ({columns})` of the serving release fails \
             with 42P10 from this moment on, `ON CONFLICT ON CONSTRAINT {name}` with 42704, and \
             rows that the key refused come in; DROP CONSTRAINT takes ACCESS EXCLUSIVE on {table}"
        ),
        "",
    );
    let sql = format!(
        "ALTER TABLE {} DROP CONSTRAINT {}{}",
        quote::name(table),
        scope.if_exists(),
        quote::ident(name)
    );
    let breaks = format!("code that relies on the key {name} of {table}");
    let title = format!("drop_{name}");
    let related = scope.made(ObjectKind::Constraint, table, Some(name));
    let message = scope.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}
