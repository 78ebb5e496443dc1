//! Other defaults for columns that old code writes.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::{Change, ColumnAction, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "set-default",
    summary: "a column of a table in use gets another default",
    page: include_str!("set_default.md"),
    aliases: &["ban-set-default", "change_column_default"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: ALLOW,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AlterColumn {
        table,
        column,
        action: ColumnAction::SetDefault(value),
    } = context.change()
    else {
        return None;
    };
    if value.is_null || context.is_new_column(table, column) {
        return None;
    }
    let message = Message::new(
        format!("the default of {table}.{column} becomes `{value}`"),
        format!(
            "SET DEFAULT takes ACCESS EXCLUSIVE on {table} for a moment and changes no row; from \
             then on every INSERT of the serving release that leaves the column out writes the new \
             value"
        ),
        format!(
            "if the serving release reads and expects other values, let the new one write \
             `{column}` itself; if it copes with this one, say so: `-- onward: allow set-default \
             because \"...\"`"
        ),
    );
    Some(message.with_related(context.made(ObjectKind::Column, table, Some(column))))
}
