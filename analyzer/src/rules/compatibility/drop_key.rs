//! Keys that the running release names as conflict targets.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::ObjectKind;
use crate::statement::to_sql::quote_name;
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "drop-key",
    summary: "drops a PRIMARY KEY, UNIQUE or EXCLUDE constraint that the running release relies on",
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
    check: Check::Of(&[Subject::Drop], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (table, name) = context.drops_part(ObjectKind::Constraint)?;
    let relation = context.schema.relation(table)?;
    let mut constraints = relation.constraints.iter();
    let key = constraints.find(|one| one.name == name && one.kind.is_indexed())?;
    let columns = key.columns.iter().filter_map(|id| relation.name_of(*id));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let message = Message::new(
        format!("drops the key `{name}` of {table}"),
        format!(
            "the index is dropped too; every `ON CONFLICT ({columns})` of the running release fails: \
             no unique or exclusion constraint matching the ON CONFLICT specification (42P10); \
             every `ON CONFLICT ON CONSTRAINT {name}` fails: constraint does not exist (42704); \
             PostgreSQL accepts rows that the key refused; DROP CONSTRAINT takes ACCESS EXCLUSIVE \
             on {table}"
        ),
        "",
    );
    let sql = format!(
        "ALTER TABLE {} DROP CONSTRAINT {}{}",
        quote_name(table),
        context.if_exists(),
        quote_ident(name)
    );
    let breaks = format!("code that relies on the key {name} of {table}");
    let title = format!("drop_{name}");
    let related = context.made(ObjectKind::Constraint, table, Some(name));
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}
