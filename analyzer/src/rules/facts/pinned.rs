//! The objects that prevent a change of a column's type.

use std::collections::BTreeSet;

use crate::check::context::Context;
use crate::rules::facts::dependents::{described, is_partition_key};
use crate::schema::{ColumnId, Object, Relation, RelationId, TypeKind};
use crate::statement::{Change, Clause, DataType, Name, ObjectKind};

/// The objects that use the column or attribute whose type the clause changes, in words. If there is
/// any, PostgreSQL refuses the change: cannot alter type of a column (0A000).
pub(in crate::rules) fn pinned(context: &Context<'_>) -> Vec<String> {
    let users = match context.change() {
        Change::ColumnType { table, column, .. } => of_column(context, table, column),
        Change::SetAttribute {
            name, new: false, ..
        } => of_type(context, name),
        _ => Vec::new(),
    };
    let certain = users.iter().filter(|one| context.schema.is_certainly(one));
    let words = certain.filter_map(|one| described(context.schema, one));
    words.map(|one| one.words).collect()
}

/// Whether PostgreSQL refuses the change of a type: something uses it, or the table does not decide alone.
pub(in crate::rules) fn is_refused(context: &Context<'_>) -> bool {
    let is_tied = match context.change() {
        Change::ColumnType { table, column, .. } => is_partition_key(context, table, column),
        _ => false,
    };
    is_tied || !pinned(context).is_empty()
}

/// The definitions that use the column, and the columns that contain whole rows of the table. Indexes and
/// constraints are built again with the new type.
fn of_column(context: &Context<'_>, table: &Name, column: &str) -> Vec<Object> {
    let schema = context.schema;
    let Some(object) = schema.object(ObjectKind::Column, table, Some(column)) else {
        return Vec::new();
    };
    let mut users = schema.dependents(&object);
    users.retain(uses_type);
    // To look at all other actions in each of a thousand costs more than everything else here.
    if !users.is_empty() {
        let gone = dropped_before(context);
        users.retain(|one| !gone.contains(one));
    }
    for member in schema.with_children(table) {
        users.extend(of_type(context, &member.name));
    }
    users
}

/// What the other actions drop: `ALTER TABLE` drops before it changes types.
fn dropped_before(context: &Context<'_>) -> Vec<Object> {
    let object = |clause: &Clause| context.dropped(&clause.change);
    let others = context.others().filter_map(object);
    others.map(|(object, _)| object).collect()
}

const fn uses_type(object: &Object) -> bool {
    match object {
        Object::Relation(_)
        | Object::Column(..)
        | Object::Trigger(..)
        | Object::Policy(..)
        | Object::Rule(..)
        | Object::Published(..)
        | Object::Routine(_) => true,
        Object::Default(..)
        | Object::Constraint(..)
        | Object::Index(..)
        | Object::Type(_)
        | Object::Attribute(..)
        | Object::Sequence(_)
        | Object::Collation(_)
        | Object::Extension(_)
        | Object::Schema(_) => false,
    }
}

/// The columns of tables that contain values of a row type, directly, in an array, or inside of another
/// type.
fn of_type(context: &Context<'_>, name: &Name) -> Vec<Object> {
    let schema = context.schema;
    let mut names = vec![name.clone()];
    let mut seen: BTreeSet<Name> = names.iter().cloned().collect();
    let mut columns: BTreeSet<(RelationId, ColumnId)> = BTreeSet::new();
    while let Some(name) = names.pop() {
        let is_it = |data_type: &DataType| context.is_type(data_type, &name);
        for (relation, column) in context.columns_of_type(&name) {
            if has_rows(relation) {
                columns.insert((relation.id, column.id));
            }
        }
        for (other, known) in schema.types() {
            let contains = match &known.kind {
                TypeKind::Domain(domain) => is_it(&domain.data_type),
                TypeKind::Composite(attributes) => {
                    attributes.iter().any(|one| is_it(&one.data_type))
                }
                TypeKind::Enum(_) | TypeKind::Other => false,
            };
            if contains && seen.insert(other.clone()) {
                names.push(other.clone());
            }
        }
    }
    columns
        .into_iter()
        .map(|(table, column)| Object::Column(table, column))
        .collect()
}

fn has_rows(relation: &Relation) -> bool {
    relation.kind == ObjectKind::Table
}
