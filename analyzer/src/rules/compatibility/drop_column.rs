//! Columns that the running release still reads or writes.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::replacement::is_replaced;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "drop-column",
    summary: "drops a column that the running release may still use",
    page: include_str!("drop_column.md"),
    aliases: &[
        "ban-drop-column",
        "DS103",
        "banDropColumn",
        "remove_column",
        "DROP_COLUMN",
        "ignore-column",
        "DropColumnCheck",
    ],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::DropColumn], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::DropColumn { table, column, .. } = context.change() else {
        return None;
    };
    if context.is_new_column(table, column) || is_replaced(context, table, column) {
        return None;
    }
    let message = Message::new(
        format!("drops the column {table}.{column}"),
        "every SELECT and INSERT of the running release that names the column fails: column does \
         not exist (42703); DROP COLUMN also blocks reads and writes of the table for a moment \
         (ACCESS EXCLUSIVE)",
        "",
    );
    let sql = format!(
        "ALTER TABLE {} DROP COLUMN {}{}",
        quote_name(table),
        context.if_exists(),
        quote_ident(column)
    );
    let title = format!("drop_{}_{column}", table.name);
    let breaks = format!("code that names the column {table}.{column}");
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(context.made(ObjectKind::Column, table, Some(column))))
}
