//! Writes SQL from the analyzer's own form, for suggested files.

use crate::statement::{
    Column, ColumnValue, Constraint, ConstraintKind, ForeignKey, Key, Name, ReferentialAction,
};
use crate::text::quote::{quote_ident, quote_list};

/// `schema.name`, or only the name if no schema is known.
pub(crate) fn quote_name(name: &Name) -> String {
    match name.schema.is_empty() {
        true => quote_ident(&name.name),
        false => format!("{}.{}", quote_ident(&name.schema), quote_ident(&name.name)),
    }
}

/// A column definition without its constraints: name, type, collation, `NOT NULL`, default.
pub(crate) fn column(column: &Column) -> String {
    format!("{} {}", quote_ident(&column.name), of_column(column))
}

/// The same without the name, as for a domain.
pub(crate) fn of_column(column: &Column) -> String {
    let mut sql = column.data_type.to_string();
    if let Some(collation) = &column.collation {
        sql += &format!(" COLLATE {}", quote_name(collation));
    }
    if column.not_null {
        sql += " NOT NULL";
    }
    if let ColumnValue::Default(value) = &column.value {
        sql += &format!(" DEFAULT {value}");
    }
    sql
}

/// What a constraint requires, without its name and without `NOT VALID`.
pub(crate) fn constraint(constraint: &Constraint) -> String {
    match &constraint.kind {
        ConstraintKind::Check(value) => format!("CHECK ({value})"),
        ConstraintKind::NotNull { column } => format!("NOT NULL {}", quote_ident(column)),
        ConstraintKind::ForeignKey(key) => foreign_key(key),
        ConstraintKind::PrimaryKey(key) => key_of("PRIMARY KEY", key),
        ConstraintKind::Unique(key) => key_of("UNIQUE", key),
        ConstraintKind::Exclude {
            method, elements, ..
        } => format!("EXCLUDE USING {method} ({})", elements.join(", ")),
    }
}

fn key_of(word: &str, key: &Key) -> String {
    format!("{word} ({})", quote_list(&key.columns))
}

fn foreign_key(key: &ForeignKey) -> String {
    let mut sql = format!(
        "FOREIGN KEY ({}) REFERENCES {}",
        quote_list(&key.columns),
        quote_name(&key.parent)
    );
    if !key.parent_columns.is_empty() {
        sql += &format!(" ({})", quote_list(&key.parent_columns));
    }
    if key.match_full {
        sql += " MATCH FULL";
    }
    for (when, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        let action = match action {
            ReferentialAction::NoAction => continue,
            ReferentialAction::Restrict => "RESTRICT",
            ReferentialAction::Cascade => "CASCADE",
            ReferentialAction::SetNull => "SET NULL",
            ReferentialAction::SetDefault => "SET DEFAULT",
        };
        sql += &format!(" ON {when} {action}");
        if when == "DELETE" && !key.set_columns.is_empty() {
            sql += &format!(" ({})", quote_list(&key.set_columns));
        }
    }
    sql
}
