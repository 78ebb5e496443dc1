//! Columns that become nullable.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::schema::ConstraintKind;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Name, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "drop-not-null",
    summary: "drops NOT NULL from a column that the running release reads",
    page: include_str!("drop_not_null.md"),
    aliases: &["ban-drop-not-null", "banDropNotNull", "DropNotNullCheck"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::Drop, Subject::DropNotNull],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (table, column) = match context.change() {
        Change::DropNotNull { table, column } => (table, column.clone()),
        Change::Drop { .. } => named(context)?,
        _ => return None,
    };
    let known = context.schema.column(table, &column);
    let is_nullable = known.is_some_and(|known| !known.not_null);
    if context.is_new_column(table, &column) || is_nullable {
        return None;
    }
    let message = Message::new(
        format!("makes {table}.{column} nullable"),
        format!(
            "as soon as new code writes a null, code of the running release that reads the column \
             into a type without null, such as `String` instead of `Option<String>`, cannot decode \
             the row; DROP NOT NULL takes ACCESS EXCLUSIVE on {table} for a moment"
        ),
        "",
    );
    let sql = format!(
        "ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL",
        quote_name(table),
        quote_ident(&column)
    );
    let breaks = format!("code that expects no null in {table}.{column}");
    let title = format!("{}_{column}_nullable", table.name);
    let related = context.made(ObjectKind::Column, table, Some(&column));
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}

/// The table and column of a `NOT NULL` constraint that is dropped by its name.
fn named<'a>(context: &Context<'a>) -> Option<(&'a Name, String)> {
    let (table, name) = context.drops_part(ObjectKind::Constraint)?;
    let relation = context.schema.relation(table)?;
    let mut constraints = relation.constraints.iter();
    let constraint =
        constraints.find(|one| one.name == name && one.kind == ConstraintKind::NotNull)?;
    let column = relation.name_of(*constraint.columns.first()?)?;
    Some((table, column.to_owned()))
}
