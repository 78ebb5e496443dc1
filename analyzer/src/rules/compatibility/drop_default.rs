//! Defaults that the running release relies on.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::schema::Answer;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, ColumnAction, ColumnValue, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "drop-default",
    summary: "drops a default that fills a column which the running release leaves out",
    page: include_str!("drop_default.md"),
    aliases: &["ban-drop-default"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::AlterColumn], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AlterColumn {
        table,
        column,
        action,
    } = context.change()
    else {
        return None;
    };
    let drops = match action {
        ColumnAction::DropDefault => true,
        ColumnAction::SetDefault(value) => value.is_null,
        _ => false,
    };
    if !drops || context.is_new_relation(table) {
        return None;
    }
    let known = context.schema.column(table, column);
    let is_there = context
        .schema
        .exists(ObjectKind::Column, table, Some(column))
        == Answer::Yes;
    if is_there && known.is_some_and(|known| known.value == ColumnValue::None) {
        return None;
    }
    let may_be_null = is_there && known.is_some_and(|known| !known.not_null);
    // No deployed code relies on the default of a column of this file; but if the column is NOT NULL,
    // the running release, which does not name it, cannot insert without a default.
    if may_be_null && context.is_new_column(table, column) {
        return None;
    }
    let effect = match may_be_null {
        true => "writes null instead of the default",
        false => "fails: null value violates not-null constraint (23502)",
    };
    let message = Message::new(
        format!("drops the default of {table}.{column}"),
        format!("every INSERT of the running release that leaves the column out {effect}"),
        "",
    );
    let sql = format!(
        "ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT",
        quote_name(table),
        quote_ident(column)
    );
    let breaks = format!("code that leaves {table}.{column} to its default");
    let title = format!("drop_{}_{column}_default", table.name);
    let related = context.made(ObjectKind::Column, table, Some(column));
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(
        message
            .mild(may_be_null, Severity::Warn)
            .with_related(related),
    )
}
