//! Names as PostgreSQL folds them.

use sqlparser::ast::{FunctionDesc, Ident, ObjectName, ObjectNamePart, Owner};

use super::SCHEMA;

/// The longest identifier, in bytes.
const MAX_BYTES: usize = 63;

pub(super) fn ident(ident: &Ident) -> String {
    let mut name = match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_ascii_lowercase(),
    };
    while name.len() > MAX_BYTES {
        name.pop();
    }
    name
}

pub(super) fn idents(idents: &[Ident]) -> Vec<String> {
    idents.iter().map(ident).collect()
}

pub(super) fn parts(name: &ObjectName) -> Vec<String> {
    let part = |part: &ObjectNamePart| match part {
        ObjectNamePart::Identifier(name) => ident(name),
        ObjectNamePart::Function(function) => function.to_string(),
    };
    name.0.iter().map(part).collect()
}

/// `schema.name`.
pub(super) fn name(name: &ObjectName) -> String {
    resolved(&parts(name))
}

fn resolved(parts: &[String]) -> String {
    match parts {
        [.., schema, name] => format!("{schema}.{name}"),
        [name] => format!("{SCHEMA}.{name}"),
        [] => String::new(),
    }
}

/// `schema.table.column`.
pub(super) fn column(name: &ObjectName) -> String {
    let mut parts = parts(name);
    let column = parts.pop().unwrap_or_default();
    format!("{}.{column}", resolved(&parts))
}

/// The last part: for objects that are in no schema, and for an index, which is in the schema of its
/// table.
pub(super) fn bare(name: &ObjectName) -> String {
    parts(name).pop().unwrap_or_default()
}

/// The first part: for a column that is written, after which PostgreSQL allows a field of it.
pub(super) fn written(name: &ObjectName) -> String {
    parts(name).into_iter().next().unwrap_or_default()
}

pub(super) fn role(owner: &Owner) -> String {
    match owner {
        Owner::Ident(name) => ident(name),
        keyword => keyword.to_string().to_lowercase(),
    }
}

/// A function without its arguments.
pub(super) fn described(function: &FunctionDesc) -> String {
    name(&function.name)
}
