//! Types that old code still casts to.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;
use crate::sql;
use crate::statement::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "drop-type",
    summary: "a type or domain is dropped while old code may still cast to it",
    page: include_str!("drop_type.md"),
    aliases: &["ban-drop-type", "ban-drop-domain"],
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
    let (kind, name) = scope.drops(&[ObjectKind::Type, ObjectKind::Domain])?;
    let columns = scope.columns_of_type(name);
    let columns = columns.map(|(relation, column)| format!("{}.{}", relation.name, column.name));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let used = match columns.is_empty() {
        true => String::new(),
        false => {
            format!("; {columns} would still be of this type, so PostgreSQL refuses with 2BP01")
        }
    };
    let message = Message::new(
        format!("this drops the {kind} {name}"),
        format!(
            "statements of the release that still serves name the type in casts and parameters and \
             fail with 42704{used}"
        ),
        "",
    );
    let sql = format!(
        "DROP {} {}{}",
        kind.to_string().to_uppercase(),
        scope.if_exists(),
        sql::name(name)
    );
    let title = format!("drop_{}", name.name);
    let breaks = format!("code that casts to {name}");
    let message = scope.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(scope.made(kind, name, None)))
}
