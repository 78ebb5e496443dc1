//! Columns of old tables that get another default.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, ColumnAction, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "set-default",
    summary: "changes the default of a column of a table in use",
    page: include_str!("set_default.md"),
    aliases: &["ban-set-default", "change_column_default"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: ALLOW,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::AlterColumn], &Check::Clause(check)),
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
        format!("changes the default of {table}.{column} to `{value}`"),
        format!(
            "takes ACCESS EXCLUSIVE on {table} for a moment and changes no row; afterwards every \
             INSERT of the running release that omits the column writes the new value"
        ),
        format!(
            "if the running release expects other values, let the new release write `{column}` \
             itself; if the running release handles the new value, allow this: `-- onward: allow \
             set-default because \"...\"`"
        ),
    );
    Some(message.with_related(context.made(ObjectKind::Column, table, Some(column))))
}
