//! The objects that prevent a change of a column's type.

use crate::check::context::Context;
use crate::schema::{Column, Relation};
use crate::statement::{Change, ColumnValue, Expression, Name};

/// The objects that use the column or attribute whose type the clause changes, in words. If there is
/// any, PostgreSQL refuses the change: cannot alter type of a column (0A000).
pub(in crate::rules) fn pinned(context: &Context<'_>) -> Vec<String> {
    match context.change() {
        Change::ColumnType { table, column, .. } => of_column(context, table, column),
        Change::SetAttribute {
            name, new: false, ..
        } => {
            let columns = context.columns_of_type(name);
            let words = |(relation, column): (&Relation, &Column)| {
                format!("the column {}.{}", relation.name, column.name)
            };
            columns.map(words).collect()
        }
        _ => Vec::new(),
    }
}

fn of_column(context: &Context<'_>, table: &Name, column: &str) -> Vec<String> {
    let Some(relation) = context.schema.relation(table) else {
        return Vec::new();
    };
    let mut users = Vec::new();
    for view in context.schema.views_over(table) {
        if reads(context, view, relation, column) {
            users.push(format!("the {} {}", view.kind, view.name));
        }
    }
    let names = |expression: &Expression| expression.columns.iter().any(|name| name == column);
    for policy in &relation.policies {
        let definition = &policy.definition;
        if definition.using.iter().chain(&definition.check).any(names) {
            users.push(format!("the policy {}", policy.name));
        }
    }
    for trigger in &relation.triggers {
        let definition = &trigger.definition;
        let listed = definition.columns.iter().any(|name| name == column);
        if listed || definition.condition.iter().any(names) {
            users.push(format!("the trigger {}", trigger.name));
        }
    }
    for other in &relation.columns {
        let uses = match &other.value {
            ColumnValue::Generated { expression, .. } => other.name != column && names(expression),
            ColumnValue::None
            | ColumnValue::Default(_)
            | ColumnValue::Serial
            | ColumnValue::Identity(_) => false,
        };
        if uses {
            users.push(format!("the generated column {}", other.name));
        }
    }
    users
}

/// Whether a view certainly reads the column of this table, and not one of the same name in another.
fn reads(context: &Context<'_>, view: &Relation, table: &Relation, column: &str) -> bool {
    let Some(created) = &view.view else {
        return false;
    };
    let starred = created.outputs.iter().any(|output| output.text == "*");
    let named = created.query.columns.iter().any(|name| name == column);
    let mut others = created.reads.iter().filter(|name| **name != table.name);
    // `*` in a view covers the columns that the table had when the view was created.
    let was_there = table.column(column).is_some_and(|known| {
        known.origin.file < view.origin.file
            || known.origin.file == view.origin.file
                && known.origin.span.start < view.origin.span.start
    });
    let is_of_other = others.any(|name| {
        let other = context.schema.relation(name);
        other.is_none_or(|other| !other.columns_known || other.column(column).is_some())
    });
    starred && was_there || named && !is_of_other
}
