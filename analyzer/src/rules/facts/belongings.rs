//! What would be lost with a column: keys, indexes, references, and its own attributes.

use crate::check::context::Context;
use crate::schema::{Column, ColumnId, Constraint, ConstraintKind, Relation};
use crate::statement::{ColumnValue, Name};

/// What a column that takes the place of this one has to have, in words.
pub(in crate::rules) fn belongings(
    context: &Context<'_>,
    table: &Name,
    column: &str,
) -> Vec<String> {
    let Some(relation) = context.schema.relation(table) else {
        return Vec::new();
    };
    let Some(known) = relation.column(column) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    all.extend(value(known));
    let is_of_key = relation.primary_key().contains(&known.id);
    if known.not_null && !is_of_key {
        all.push("NOT NULL".to_owned());
    }
    for constraint in &relation.constraints {
        if uses(constraint, column, known.id) {
            all.push(words(constraint));
        }
    }
    let is_named = |name: &str| relation.constraints.iter().any(|one| one.name == name);
    let indexes = context.schema.indexes_over(table, column);
    let indexes = indexes.filter(|index| !is_named(&index.name));
    all.extend(indexes.map(|index| format!("the index {}", index.name)));
    for (from, key) in context.schema.foreign_keys_to(table) {
        let ConstraintKind::ForeignKey { parent_columns, .. } = &key.kind else {
            continue;
        };
        if parent_columns.contains(&known.id) || parent_columns.is_empty() && is_of_key {
            all.push(format!("the foreign key {} of {}", key.name, from.name));
        }
    }
    all.extend(readers(context, relation, column));
    all.dedup();
    all
}

fn value(column: &Column) -> Option<String> {
    match &column.value {
        ColumnValue::None => None,
        ColumnValue::Default(value) => Some(format!("the default {value}")),
        ColumnValue::Serial => Some("the sequence of its default".to_owned()),
        ColumnValue::Identity(_) => Some("the identity".to_owned()),
        ColumnValue::Generated { .. } => Some("the generation expression".to_owned()),
    }
}

fn uses(constraint: &Constraint, column: &str, id: ColumnId) -> bool {
    let named = match &constraint.kind {
        ConstraintKind::Check { expression, .. } => {
            expression.columns.iter().any(|one| one == column)
        }
        ConstraintKind::Exclude(elements) => elements.iter().any(|one| one.contains(column)),
        ConstraintKind::NotNull
        | ConstraintKind::ForeignKey { .. }
        | ConstraintKind::PrimaryKey
        | ConstraintKind::Unique => false,
    };
    (named || constraint.columns.contains(&id)) && constraint.kind != ConstraintKind::NotNull
}

fn words(constraint: &Constraint) -> String {
    let kind = match &constraint.kind {
        ConstraintKind::Check { .. } => "check",
        ConstraintKind::NotNull => "NOT NULL",
        ConstraintKind::ForeignKey { .. } => "foreign key",
        ConstraintKind::PrimaryKey => "primary key",
        ConstraintKind::Unique => "unique key",
        ConstraintKind::Exclude(_) => "exclusion constraint",
    };
    format!("the {kind} {}", constraint.name)
}

/// The views that read the table and may name the column, and its replica identity.
fn readers(context: &Context<'_>, relation: &Relation, column: &str) -> Vec<String> {
    let views = context.schema.views_over(&relation.name);
    let names = |view: &&Relation| {
        let query = view.query.as_ref();
        query.is_some_and(|query| query.columns.iter().any(|one| one == column))
    };
    let views = views.filter(names);
    views
        .map(|view| format!("the {} {}", view.kind, view.name))
        .collect()
}
