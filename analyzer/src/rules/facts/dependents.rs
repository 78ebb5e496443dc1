//! The objects that depend on the one that a clause drops or changes, in words and as statements.

use crate::check::context::Context;
use crate::schema::{Object, Schema};
use crate::statement::to_sql::quote_name;
use crate::statement::{Name, PartitionBy};
use crate::text::quote::quote_ident;

/// An object that depends on another one.
pub(in crate::rules) struct Dependent {
    /// "the view app.contacts".
    pub(in crate::rules) words: String,
    /// Its name, as a part of a file name.
    pub(in crate::rules) title: String,
    /// The statement that drops it by name.
    pub(in crate::rules) sql: String,
}

/// What `CASCADE` drops in addition to what the clause names, dependents first, as far as the files show
/// it.
pub(in crate::rules) fn falling(context: &Context<'_>) -> Vec<Dependent> {
    let Some((object, true)) = context.dropped(context.change()) else {
        return Vec::new();
    };
    let falling = context.schema.falls(&[object]);
    falling
        .iter()
        .filter_map(|one| described(context.schema, one))
        .collect()
}

/// The object in words, with the statement that drops it.
pub(in crate::rules) fn described(schema: &Schema, object: &Object) -> Option<Dependent> {
    let (kind, name, part) = schema.named(object)?;
    let on = quote_name(&name);
    let quoted = quote_ident(part.as_deref().unwrap_or_default());
    let part = part.unwrap_or_default();
    let of_part = || format!("{}_{part}", name.name);
    let (words, title, sql) = match object {
        Object::Column(..) => (
            format!("the column {name}.{part}"),
            of_part(),
            format!("ALTER TABLE {on} DROP COLUMN {quoted};"),
        ),
        Object::Default(..) => (
            format!("the default of {name}.{part}"),
            of_part(),
            format!("ALTER TABLE {on} ALTER COLUMN {quoted} DROP DEFAULT;"),
        ),
        Object::Constraint(..) => (
            format!("the constraint {part} of {name}"),
            of_part(),
            format!("ALTER TABLE {on} DROP CONSTRAINT {quoted};"),
        ),
        Object::Published(table, publication) => {
            let table = &schema.by_id(*table)?.name;
            let (publication, of) = (quote_ident(publication), quote_name(table));
            (
                format!("the publication {} of {table}", name.name),
                name.name.clone(),
                format!("ALTER PUBLICATION {publication} DROP TABLE {of};"),
            )
        }
        Object::Attribute(..) => (
            format!("the attribute {part} of {name}"),
            of_part(),
            format!("ALTER TYPE {on} DROP ATTRIBUTE {quoted};"),
        ),
        Object::Trigger(..) | Object::Policy(..) | Object::Rule(..) => (
            format!("the {kind} {part} of {name}"),
            of_part(),
            format!("DROP {} {quoted} ON {on};", kind.to_string().to_uppercase()),
        ),
        Object::Relation(_)
        | Object::Index(..)
        | Object::Type(_)
        | Object::Routine(_)
        | Object::Sequence(_)
        | Object::Collation(_)
        | Object::Extension(_)
        | Object::Schema(_) => (
            format!("the {kind} {}", kind.show(&name)),
            name.name.clone(),
            format!("DROP {} {on};", kind.to_string().to_uppercase()),
        ),
    };
    Some(Dependent { words, title, sql })
}

/// Whether the column is a part of the key by which the table, or one below it, is partitioned.
pub(in crate::rules) fn is_partition_key(
    context: &Context<'_>,
    table: &Name,
    column: &str,
) -> bool {
    let names = |by: &PartitionBy| {
        let mut columns = by.parts.iter().flat_map(|part| &part.expression.columns);
        columns.any(|name| name == column)
    };
    let mut family = context.schema.with_children(table);
    family.any(|one| one.partition_by.as_ref().is_some_and(names))
}
