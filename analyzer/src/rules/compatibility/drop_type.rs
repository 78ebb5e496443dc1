//! Types that the running release still casts to.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::ObjectKind;
use crate::statement::to_sql::quote_name;

pub(super) static RULE: Rule = Rule {
    id: "drop-type",
    summary: "drops a type or domain that the running release may still cast to",
    page: include_str!("drop_type.md"),
    aliases: &["ban-drop-type", "ban-drop-domain"],
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
    let (kind, name) = context.drops(&[ObjectKind::Type, ObjectKind::Domain])?;
    let columns = context.columns_of_type(name);
    let columns = columns.map(|(relation, column)| format!("{}.{}", relation.name, column.name));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let used = match columns.is_empty() {
        true => String::new(),
        false => {
            format!("; PostgreSQL refuses the drop while columns have this type (2BP01): {columns}")
        }
    };
    let message = Message::new(
        format!("drops the {kind} {name}"),
        format!(
            "statements of the running release that use the type in casts or parameters fail: type \
             does not exist (42704){used}"
        ),
        "",
    );
    let sql = context.drop_of(format!(
        "DROP {} {}{}",
        kind.to_string().to_uppercase(),
        context.if_exists(),
        quote_name(name)
    ));
    let title = format!("drop_{}", name.name);
    let breaks = format!("code that casts to {name}");
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(context.made(kind, name, None)))
}
