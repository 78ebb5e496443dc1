//! Tables that the running release still uses.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::ObjectKind;
use crate::statement::to_sql::quote_name;

pub(super) static RULE: Rule = Rule {
    id: "drop-table",
    summary: "drops a table that the running release may still use",
    page: include_str!("drop_table.md"),
    aliases: &[
        "ban-drop-table",
        "DS102",
        "banDropTable",
        "drop_table",
        "DROP_TABLE",
        "DropTableCheck",
        "create_table",
    ],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Drop], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (kind, name) = context.drops(&[ObjectKind::Table, ObjectKind::ForeignTable])?;
    let message = Message::new(
        format!("drops the table {name}"),
        "every statement of the running release that names the table fails: relation does not exist \
         (42P01); DROP TABLE takes ACCESS EXCLUSIVE on the table and on every table that its \
         foreign keys reference",
        "",
    );
    let sql = context.drop_of(format!(
        "DROP {} {}{}",
        kind.to_string().to_uppercase(),
        context.if_exists(),
        quote_name(name)
    ));
    let title = format!("drop_{}", name.name);
    let message = context.by_an_operator(message, &title, &sql, &format!("code that uses {name}"));
    Some(message.with_related(context.made(ObjectKind::Table, name, None)))
}
