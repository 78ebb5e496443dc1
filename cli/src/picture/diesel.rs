//! `schema.rs` for diesel, as `diesel print-schema` writes it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Column, Picture, Table};

/// PostgreSQL's types and diesel's.
const TYPES: &[(&str, &str)] = &[
    ("smallint", "Int2"),
    ("integer", "Int4"),
    ("bigint", "Int8"),
    ("real", "Float4"),
    ("double precision", "Float8"),
    ("numeric", "Numeric"),
    ("boolean", "Bool"),
    ("text", "Text"),
    ("character varying", "Varchar"),
    ("character", "Bpchar"),
    ("citext", "Citext"),
    ("bytea", "Bytea"),
    ("date", "Date"),
    ("time without time zone", "Time"),
    ("timestamp without time zone", "Timestamp"),
    ("timestamp with time zone", "Timestamptz"),
    ("interval", "Interval"),
    ("uuid", "Uuid"),
    ("json", "Json"),
    ("jsonb", "Jsonb"),
    ("inet", "Inet"),
    ("cidr", "Cidr"),
    ("macaddr", "MacAddr"),
    ("money", "Money"),
    ("oid", "Oid"),
    ("xml", "Text"),
    ("int4range", "Int4range"),
    ("int8range", "Int8range"),
    ("numrange", "Numrange"),
    ("tsrange", "Tsrange"),
    ("tstzrange", "Tstzrange"),
    ("daterange", "Daterange"),
];

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "table", "columns",
];

pub(crate) fn diesel(picture: &Picture) -> String {
    let mut text = String::from("// Written by `onward schema --format diesel`.\n");
    let own: BTreeSet<String> = picture.tables.iter().flat_map(own_types).collect();
    if !own.is_empty() {
        text.push_str("\npub mod sql_types {\n");
        for (n, name) in own.iter().enumerate() {
            let (schema, plain) = name.split_once('.').unwrap_or(("public", name));
            let _ = write!(
                text,
                "{}    #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]\n    \
                 #[diesel(postgres_type(name = \"{plain}\", schema = \"{schema}\"))]\n    pub struct {};\n",
                if n > 0 { "\n" } else { "" },
                camel(plain)
            );
        }
        text.push_str("}\n");
    }
    let keyed: Vec<&Table> = picture
        .tables
        .iter()
        .filter(|one| !one.key.is_empty())
        .collect();
    for table in &picture.tables {
        match table.key.is_empty() {
            true => {
                let _ = writeln!(
                    text,
                    "\n// {} has no primary key, which diesel requires.",
                    table.path()
                );
            }
            false => write_table(&mut text, table),
        }
    }
    write_joins(&mut text, picture, &keyed);
    text
}

fn write_table(text: &mut String, table: &Table) {
    text.push_str("\ndiesel::table! {\n");
    let own: BTreeSet<String> = own_types(table).collect();
    if !own.is_empty() {
        text.push_str("    use diesel::sql_types::*;\n");
        for name in own {
            let plain = name.rsplit('.').next().unwrap_or(&name).to_owned();
            let _ = writeln!(text, "    use super::sql_types::{};", camel(&plain));
        }
        text.push('\n');
    }
    let keys: Vec<String> = table.key.iter().map(|name| identifier(name)).collect();
    let schema = match table.schema.as_str() {
        "public" => String::new(),
        schema => format!("{schema}."),
    };
    let _ = writeln!(
        text,
        "    {schema}{} ({}) {{",
        identifier(&table.name),
        keys.join(", ")
    );
    for column in &table.columns {
        let name = identifier(&column.name);
        if name != column.name {
            let _ = writeln!(text, "        #[sql_name = \"{}\"]", column.name);
        }
        if let Some(limit) = length(column) {
            let _ = writeln!(text, "        #[max_length = {limit}]");
        }
        let _ = writeln!(text, "        {name} -> {},", type_of(column));
    }
    text.push_str("    }\n}\n");
}

/// `joinable!` is for keys of one column that lead to a primary key, and one for two tables.
fn write_joins(text: &mut String, picture: &Picture, keyed: &[&Table]) {
    let find = |(schema, name): &(String, String)| {
        keyed
            .iter()
            .find(|one| one.schema == *schema && one.name == *name)
    };
    let pair = |key: &super::Key| (key.child.clone(), key.parent.clone());
    let mut joins = Vec::new();
    for key in &picture.keys {
        let same = picture
            .keys
            .iter()
            .filter(|other| pair(other) == pair(key))
            .count();
        let (Some(child), Some(parent), [column]) =
            (find(&key.child), find(&key.parent), key.columns.as_slice())
        else {
            continue;
        };
        if same == 1 && key.child != key.parent && parent.key == key.parent_columns {
            joins.push(format!(
                "diesel::joinable!({} -> {} ({}));",
                identifier(&child.name),
                identifier(&parent.name),
                identifier(column)
            ));
        }
    }
    joins.sort();
    if !joins.is_empty() {
        let _ = writeln!(text, "\n{}", joins.join("\n"));
    }
    if keyed.len() > 1 {
        let names = keyed
            .iter()
            .map(|table| format!("    {},\n", identifier(&table.name)));
        let _ = write!(
            text,
            "\ndiesel::allow_tables_to_appear_in_same_query!(\n{});\n",
            names.collect::<String>()
        );
    }
}

fn known(column: &Column) -> Option<&'static str> {
    let found = TYPES
        .iter()
        .find(|(name, _)| *name == column.data_type.name);
    found
        .filter(|_| {
            column
                .data_type
                .schema
                .as_deref()
                .is_none_or(|schema| schema == "pg_catalog")
        })
        .map(|(_, name)| *name)
}

/// The types that the schema itself has, with their schema.
fn own_types(table: &Table) -> impl Iterator<Item = String> + '_ {
    let unknown = table
        .columns
        .iter()
        .filter(|column| known(column).is_none());
    unknown.map(|column| {
        let schema = column.data_type.schema.as_deref().unwrap_or(&table.schema);
        format!("{schema}.{}", column.data_type.name)
    })
}

fn type_of(column: &Column) -> String {
    let one = known(column).map_or_else(|| camel(&column.data_type.name), str::to_owned);
    let array = match column.data_type.array {
        true => format!("Array<Nullable<{one}>>"),
        false => one,
    };
    match column.not_null {
        true => array,
        false => format!("Nullable<{array}>"),
    }
}

fn length(column: &Column) -> Option<u32> {
    let is_text = matches!(
        column.data_type.name.as_str(),
        "character varying" | "character"
    );
    column
        .data_type
        .modifiers
        .first()
        .filter(|_| is_text)?
        .parse()
        .ok()
}

fn camel(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    words.map(capital).collect()
}

/// A name of Rust.
fn identifier(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let clean: String = name
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect();
    match KEYWORDS.contains(&clean.as_str()) || clean.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("{clean}_"),
        false => clean,
    }
}
