//! Defaults that old code counts on.

use crate::check::context::Scope;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::{Message, Severity};
use crate::schema::Answer;
use crate::statement::{Change, ColumnAction, ColumnValue, ObjectKind};
use crate::text::quote;

pub(super) static RULE: Rule = Rule {
    id: "drop-default",
    summary: "a default is dropped that fills what old code leaves out",
    page: include_str!("drop_default.md"),
    aliases: &["ban-drop-default"],
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
    let Change::AlterColumn {
        table,
        column,
        action,
    } = scope.change()
    else {
        return None;
    };
    let drops = match action {
        ColumnAction::DropDefault => true,
        ColumnAction::SetDefault(value) => value.is_null,
        _ => false,
    };
    if !drops || scope.is_new_relation(table) {
        return None;
    }
    let known = scope.schema.column(table, column);
    let is_there = scope.schema.exists(ObjectKind::Column, table, Some(column)) == Answer::Yes;
    if is_there && known.is_some_and(|known| known.value == ColumnValue::None) {
        return None;
    }
    let may_be_null = is_there && known.is_some_and(|known| !known.not_null);
    // Nobody counts on a default that has never been there, but old code cannot fill the column.
    if may_be_null && scope.is_new_column(table, column) {
        return None;
    }
    let effect = match may_be_null {
        true => "writes null where it had the default",
        false => "fails with 23502",
    };
    let message = Message::new(
        format!("this drops the default of {table}.{column}"),
        format!("every INSERT of the serving release that leaves the column out {effect}"),
        "",
    );
    let sql = format!(
        "ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT",
        quote::name(table),
        quote::ident(column)
    );
    let breaks = format!("code that leaves {table}.{column} to its default");
    let title = format!("drop_{}_{column}_default", table.name);
    let related = scope.made(ObjectKind::Column, table, Some(column));
    let message = scope.by_an_operator(message, &title, &sql, &breaks);
    Some(
        message
            .mild(may_be_null, Severity::Warn)
            .with_related(related),
    )
}
