//! How a table in use gets a primary or unique key.

use crate::check::context::{Added, Context};
use crate::finding::Message;
use crate::schema::ConstraintKind as Known;
use crate::statement::to_sql::{self, quote_name};
use crate::statement::{Column, ColumnValue, ConstraintKind, Key, Name};
use crate::text::quote::{quote_ident, quote_list};

/// The message with the files that build the index first.
pub(in crate::rules) fn with_cure(
    context: &Context<'_>,
    added: &Added<'_>,
    message: Message,
) -> Message {
    let (word, key, label) = match &added.constraint.kind {
        ConstraintKind::PrimaryKey(key) => ("PRIMARY KEY", key, "pkey"),
        ConstraintKind::Unique(key) => ("UNIQUE", key, "key"),
        ConstraintKind::Check(_)
        | ConstraintKind::NotNull { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclude { .. } => return message,
    };
    let relation = context.schema.relation(added.table);
    if key.without_overlaps {
        return Message {
            help:
                "no index that is built concurrently can become a key WITHOUT OVERLAPS: make a new \
                   table with the key and move the rows over"
                    .to_owned(),
            ..message
        };
    }
    if relation.is_some_and(|relation| relation.partition_by.is_some()) {
        return Message {
            help: format!(
                "a partitioned table takes no USING INDEX: `ALTER TABLE ONLY {} ADD {word} ({})`, which \
                 builds nothing, then a unique index on each partition with CONCURRENTLY, then \
                 `ALTER INDEX ... ATTACH PARTITION` for each",
                added.table,
                quote_list(&key.columns)
            ),
            ..message
        };
    }
    let columns: &[String] = if word == "PRIMARY KEY" {
        &[]
    } else {
        &key.columns
    };
    let name = added.name(columns, label);
    let here = added.column.map(|column| {
        let on = quote_name(added.table);
        let nullable = Column {
            not_null: column.not_null && has_default(column),
            ..column.clone()
        };
        format!("ALTER TABLE {on} ADD COLUMN {};", to_sql::column(&nullable))
    });
    let build = build(added.table, &name, key);
    let mut later = vec![(name.clone(), build)];
    match added.column {
        _ if word == "UNIQUE" => {}
        Some(column) if !has_default(column) => {
            later.extend(steps(context, added.table, &column.name))
        }
        Some(_) => {}
        None => later.extend(not_null(context, added.table, &key.columns)),
    }
    later.push((format!("{name}_constraint"), using(added, &name, word)));
    let later: Vec<(&str, String)> = later
        .iter()
        .map(|(title, sql)| (title.as_str(), sql.clone()))
        .collect();
    Message {
        help: "build the index first, with CONCURRENTLY in a file of its own, while others write; then \
               the constraint takes it over in a moment"
            .to_owned(),
        ..message
    }
    .with_files(context.fix(here, &later))
}

/// Whether old rows get a value: a number of a sequence is what the column is added without.
fn has_default(column: &Column) -> bool {
    matches!(&column.value, ColumnValue::Default(value) if !value.is_null)
}

fn build(table: &Name, name: &str, key: &Key) -> String {
    let mut sql = format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({})",
        quote_ident(name),
        quote_name(table),
        quote_list(&key.columns)
    );
    if !key.include.is_empty() {
        sql += &format!(" INCLUDE ({})", quote_list(&key.include));
    }
    if key.nulls_not_distinct {
        sql += " NULLS NOT DISTINCT";
    }
    sql + ";"
}

fn using(added: &Added<'_>, name: &str, word: &str) -> String {
    let constraint = added.constraint;
    let moment = match (constraint.deferrable, constraint.initially_deferred) {
        (_, true) => " DEFERRABLE INITIALLY DEFERRED",
        (true, false) => " DEFERRABLE",
        (false, false) => "",
    };
    format!(
        "ALTER TABLE {on} ADD CONSTRAINT {name} {word} USING INDEX {name}{moment};",
        on = quote_name(added.table),
        name = quote_ident(name)
    )
}

/// Files that make the columns `NOT NULL` without reading the table under the strong lock, for those
/// that the history knows to be nullable.
pub(in crate::rules) fn not_null(
    context: &Context<'_>,
    table: &Name,
    columns: &[String],
) -> Vec<(String, String)> {
    let nullable = columns.iter().filter(|column| {
        let known = context.schema.column(table, column);
        known.is_some_and(|known| !known.not_null) && !context.schema.proves_not_null(table, column)
    });
    let files = nullable.flat_map(|column| steps(context, table, column));
    files.collect()
}

/// The files that make a column `NOT NULL`; a check that waits for its validation is taken for the
/// first of them.
pub(in crate::rules) fn steps(
    context: &Context<'_>,
    table: &Name,
    column: &str,
) -> Vec<(String, String)> {
    let title = format!("{}_{column}_not_null", table.name);
    let waiting = waiting(context, table, column);
    let name = quote_ident(waiting.as_ref().unwrap_or(&title));
    let (on, column) = (quote_name(table), quote_ident(column));
    let check =
        format!("ALTER TABLE {on} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID;");
    let check = waiting.is_none().then(|| (title.clone(), check));
    let rest = [
        (
            format!("validate_{title}"),
            format!("ALTER TABLE {on} VALIDATE CONSTRAINT {name};"),
        ),
        (
            format!("{title}_set"),
            format!("ALTER TABLE {on} ALTER COLUMN {column} SET NOT NULL;"),
        ),
    ];
    check.into_iter().chain(rest).collect()
}

/// The check that would prove it if it were valid.
fn waiting(context: &Context<'_>, table: &Name, column: &str) -> Option<String> {
    let relation = context.schema.relation(table)?;
    let id = relation.column(column)?.id;
    let would = relation.constraints.iter().find(|one| match &one.kind {
        Known::Check { not_null, .. } => !one.valid && one.enforced && not_null.contains(&id),
        Known::NotNull
        | Known::ForeignKey { .. }
        | Known::PrimaryKey
        | Known::Unique
        | Known::Exclude(_) => false,
    })?;
    Some(would.name.clone())
}
