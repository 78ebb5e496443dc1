//! How a table in use gets a primary or unique key without blocking reads and writes.

use crate::check::context::{Added, Context};
use crate::finding::Message;
use crate::statement::to_sql::{self, quote_name};
use crate::statement::{Column, ColumnValue, ConstraintKind, Key, Name};
use crate::text::quote::{quote_ident, quote_list};

/// The message with a fix: files that build the index concurrently first.
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
                "an index that is built concurrently cannot become a key WITHOUT OVERLAPS: create a new \
                 table with the key and copy the rows"
                    .to_owned(),
            ..message
        };
    }
    if relation.is_some_and(|relation| relation.partition_by.is_some()) {
        return Message {
            help: format!(
                "a partitioned table cannot use USING INDEX: write `ALTER TABLE ONLY {} ADD {word} \
                 ({})`, which builds nothing; then create a unique index on each partition with \
                 CONCURRENTLY; then attach each with `ALTER INDEX ... ATTACH PARTITION`",
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
        help: "first build the index with CONCURRENTLY in a file of its own, without blocking writes; \
               then add the constraint with USING INDEX, which takes a moment"
            .to_owned(),
        ..message
    }
    .with_files(context.fix(here, &later))
}

/// Whether existing rows get a value. The fix adds a serial or identity column without its sequence,
/// so there existing rows get none.
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

/// Files that make columns `NOT NULL` without a scan under `ACCESS EXCLUSIVE`, for those columns that
/// are nullable in the module's files.
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

/// The files that make a column `NOT NULL`. If the table has a check that proves it but is not validated
/// yet, the fix uses that check and needs no file that adds one.
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

/// The name of a check that would prove `NOT NULL` if it were validated.
fn waiting(context: &Context<'_>, table: &Name, column: &str) -> Option<String> {
    let relation = context.schema.relation(table)?;
    let mut checks = context.schema.checks_of_not_null(relation, column);
    let would = checks.find(|one| !one.valid && one.enforced)?;
    Some(would.name.clone())
}
