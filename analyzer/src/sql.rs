//! SQL written back from our own words, for cures that can be pasted.

use crate::keywords::is_reserved;
use crate::statement::{
    Column, ColumnValue, Constraint, ConstraintKind, ForeignKey, Key, Name, ReferentialAction,
};

/// An identifier, in quotes where it needs them.
pub(crate) fn ident(name: &str) -> String {
    let starts = |c: char| c.is_ascii_lowercase() || c == '_';
    let goes_on = |c: char| starts(c) || c.is_ascii_digit();
    let is_plain = name.starts_with(starts) && name.chars().all(goes_on);
    match is_plain && !is_reserved(name) {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// `schema.name`.
pub(crate) fn name(name: &Name) -> String {
    format!("{}.{}", ident(&name.schema), ident(&name.name))
}

/// `a, b`.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| ident(name)).collect();
    names.join(", ")
}

/// A column without its constraints: name, type, collation, `NOT NULL`, default.
pub(crate) fn column(column: &Column) -> String {
    format!("{} {}", ident(&column.name), of_column(column))
}

/// The same without the name, as a domain has it.
pub(crate) fn of_column(column: &Column) -> String {
    let mut sql = column.data_type.to_string();
    if let Some(collation) = &column.collation {
        sql += &format!(" COLLATE {}", name(collation));
    }
    if column.not_null {
        sql += " NOT NULL";
    }
    if let ColumnValue::Default(value) = &column.value {
        sql += &format!(" DEFAULT {value}");
    }
    sql
}

/// What a constraint demands, without its name and without `NOT VALID`.
pub(crate) fn constraint(constraint: &Constraint) -> String {
    match &constraint.kind {
        ConstraintKind::Check(value) => format!("CHECK ({value})"),
        ConstraintKind::NotNull { column } => format!("NOT NULL {}", ident(column)),
        ConstraintKind::ForeignKey(key) => foreign_key(key),
        ConstraintKind::PrimaryKey(key) => key_of("PRIMARY KEY", key),
        ConstraintKind::Unique(key) => key_of("UNIQUE", key),
        ConstraintKind::Exclude {
            method, elements, ..
        } => format!("EXCLUDE USING {method} ({})", elements.join(", ")),
    }
}

fn key_of(word: &str, key: &Key) -> String {
    format!("{word} ({})", list(&key.columns))
}

fn foreign_key(key: &ForeignKey) -> String {
    let mut sql = format!(
        "FOREIGN KEY ({}) REFERENCES {}",
        list(&key.columns),
        name(&key.parent)
    );
    if !key.parent_columns.is_empty() {
        sql += &format!(" ({})", list(&key.parent_columns));
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
            sql += &format!(" ({})", list(&key.set_columns));
        }
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::ident;

    #[test]
    fn what_is_not_a_plain_name_is_quoted() {
        for (name, written) in [
            ("users", "users"),
            ("_a1", "_a1"),
            ("user", "\"user\""),
            ("order", "\"order\""),
            ("Users", "\"Users\""),
            ("a b", "\"a b\""),
            ("1a", "\"1a\""),
            ("a\"b", "\"a\"\"b\""),
            ("ß", "\"ß\""),
            ("", "\"\""),
        ] {
            assert_eq!(ident(name), written);
        }
    }
}
