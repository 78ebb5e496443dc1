//! Tables, indexes and views.

use sqlparser::ast::{
    CreateForeignTable, CreateIndex, CreateTable, CreateTableLikeKind, CreateTableOptions,
    CreateView, ForValues, ObjectName, SqlOption, Statement,
};

use super::column::column;
use super::constraint::{constraint, include, keys};
use super::names::{bare, ident, name, parts};
use super::rows::query;
use super::seen::relations;
use super::spelled;
use crate::second_reader::lines::{flags, list, squeezed, with};

pub(super) fn facts(statement: &Statement) -> Option<Vec<String>> {
    match statement {
        Statement::CreateTable(create) => Some(table(create)),
        Statement::CreateForeignTable(create) => Some(foreign_table(create)),
        Statement::CreateIndex(create) => Some(vec![index(create)]),
        Statement::CreateView(create) => Some(view(create)),
        _ => None,
    }
}

fn foreign_table(create: &CreateForeignTable) -> Vec<String> {
    let table = name(&create.name);
    let guarded = flags([(create.if_not_exists, "if not exists")]);
    let mut lines = vec![format!("create table {table}{guarded}")];
    lines.extend(create.columns.iter().flat_map(|def| column(&table, def)));
    lines.extend(create.constraints.iter().map(|c| constraint(&table, c, "")));
    let parents = create.inherits.iter().flatten();
    lines.extend(parents.map(|parent| format!("inherits {table} {}", name(parent))));
    if let Some(parent) = &create.partition_of {
        lines.push(partition(&table, parent, create.for_values.as_ref()));
    }
    lines
}

/// A temporary object is in the session's own schema.
pub(super) fn made(written: &ObjectName, temporary: bool) -> String {
    match (temporary, written.0.as_slice()) {
        (true, [_]) => format!("pg_temp.{written}"),
        (_, _) => name(written),
    }
}

fn is_temporary(name: &str, written: bool) -> bool {
    written || name.starts_with("pg_temp.")
}

fn table(create: &CreateTable) -> Vec<String> {
    let table = made(&create.name, create.temporary);
    let flags = flags([
        (create.if_not_exists, "if not exists"),
        (is_temporary(&table, create.temporary), "temporary"),
        (create.unlogged, "unlogged"),
        (create.query.is_some(), "as query"),
    ]);
    let mut lines = vec![format!("create table {table}{flags}")];
    lines.extend(create.columns.iter().flat_map(|def| column(&table, def)));
    lines.extend(create.constraints.iter().map(|c| constraint(&table, c, "")));
    let parents = create.inherits.iter().flatten();
    lines.extend(parents.map(|parent| format!("inherits {table} {}", name(parent))));
    if let Some(CreateTableLikeKind::Parenthesized(like) | CreateTableLikeKind::Plain(like)) =
        &create.like
    {
        lines.push(format!("like {table} {}", name(&like.name)));
    }
    if let Some(parent) = &create.partition_of {
        lines.push(partition(&table, parent, create.for_values.as_ref()));
    }
    if let Some(by) = &create.partition_by {
        lines.push(format!(
            "partition {table} by {}",
            squeezed(&by.to_string())
        ));
    }
    if let Some(on_commit) = &create.on_commit {
        lines.push(format!("on commit {table} {on_commit:?}"));
    }
    if let Some(own) = create.query.as_deref() {
        lines.extend(relations(own));
        lines.extend(query(own, false));
    }
    if let CreateTableOptions::With(options) = &create.table_options {
        lines.extend(options.iter().map(|option| setting(&table, option)));
    }
    lines
}

fn partition(table: &str, parent: &ObjectName, values: Option<&ForValues>) -> String {
    let values = values.map(bound);
    format!(
        "partition {table} of {} {}",
        name(parent),
        values.unwrap_or_default()
    )
}

/// A storage parameter.
pub(super) fn setting(table: &str, option: &SqlOption) -> String {
    match option {
        SqlOption::KeyValue { key, value } => {
            format!("with {table} {} = {}", parts(key).join("."), value)
        }
        other => format!("with {table} {other}"),
    }
}

/// The values of a partition, without blanks.
pub(super) fn bound(values: &ForValues) -> String {
    let each = |values: &[String]| squeezed(&values.join(","));
    match values {
        ForValues::Default => "default".to_owned(),
        ForValues::In(values) => {
            format!("in ({})", each(&strings(values)))
        }
        ForValues::From { from, to } => {
            format!(
                "from ({}) to ({})",
                each(&strings(from)),
                each(&strings(to))
            )
        }
        ForValues::With { modulus, remainder } => format!("hash {modulus} {remainder}"),
    }
}

fn strings<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn index(create: &CreateIndex) -> String {
    let method = create
        .using
        .as_ref()
        .map(|using| using.to_string().to_lowercase());
    let parameters = match create.with.as_slice() {
        [] => String::new(),
        with => format!(
            " with {}",
            list(with.iter().map(|one| squeezed(&one.to_string())))
        ),
    };
    format!(
        "create index {} on {} using {} {}{}{}{parameters}{}",
        create.name.as_ref().map_or_else(|| "-".to_owned(), bare),
        name(&create.table_name),
        method.as_deref().unwrap_or("btree"),
        keys(&create.columns, None),
        include(&create.include),
        with("where", create.predicate.as_ref().map(spelled)),
        flags([
            (create.unique, "unique"),
            (create.concurrently, "concurrently"),
            (create.if_not_exists, "if not exists"),
            (create.nulls_distinct == Some(false), "nulls not distinct"),
        ])
    )
}

fn view(create: &CreateView) -> Vec<String> {
    let view = made(&create.name, create.temporary);
    let kind = if create.materialized {
        "materialized view"
    } else {
        "view"
    };
    let flags = flags([
        (create.or_replace, "or replace"),
        (create.if_not_exists, "if not exists"),
        (is_temporary(&view, create.temporary), "temporary"),
    ]);
    let columns = list(create.columns.iter().map(|column| ident(&column.name)));
    let mut lines = vec![
        format!("create {kind} {view} {columns}{flags}"),
        format!("query {view} {}", create.query),
    ];
    lines.extend(relations(&create.query));
    if let CreateTableOptions::With(options) = &create.options {
        lines.extend(options.iter().map(|option| setting(&view, option)));
    }
    lines
}
