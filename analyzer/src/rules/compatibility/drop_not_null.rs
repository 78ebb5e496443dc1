//! Columns that may be null from now on.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::schema::ConstraintKind;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Name, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "drop-not-null",
    summary: "NOT NULL is dropped from a column that old code reads",
    page: include_str!("drop_not_null.md"),
    aliases: &["ban-drop-not-null", "banDropNotNull", "DropNotNullCheck"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
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
        format!("{table}.{column} may be null from now on"),
        format!(
            "DROP NOT NULL takes ACCESS EXCLUSIVE on {table} for a moment; as soon as new code \
             writes a null, old code that reads the column into a type without one, such as \
             `String` instead of `Option<String>`, fails to decode the row"
        ),
        "",
    );
    let sql = format!(
        "ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL",
        quote_name(table),
        quote_ident(&column)
    );
    let breaks = format!("code that cannot read a null in {table}.{column}");
    let title = format!("{}_{column}_nullable", table.name);
    let related = context.made(ObjectKind::Column, table, Some(&column));
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}

/// The column of a `NOT NULL` that is dropped by its name.
fn named<'a>(context: &Context<'a>) -> Option<(&'a Name, String)> {
    let (table, name) = context.drops_part(ObjectKind::Constraint)?;
    let relation = context.schema.relation(table)?;
    let mut constraints = relation.constraints.iter();
    let constraint =
        constraints.find(|one| one.name == name && one.kind == ConstraintKind::NotNull)?;
    let column = relation.name_of(*constraint.columns.first()?)?;
    Some((table, column.to_owned()))
}
