//! Types, under PostgreSQL's own names for them.

use super::grammar::{Item, Node, Syntax};
use super::name::identifier;
use crate::statement::DataType;

/// Each spelling of a type in the grammar or the catalog, with the name that `format_type()` shows.
const ALIASES: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int4", "integer"),
    ("int2", "smallint"),
    ("int8", "bigint"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("float", "double precision"),
    ("bool", "boolean"),
    ("decimal", "numeric"),
    ("dec", "numeric"),
    ("varchar", "character varying"),
    ("char varying", "character varying"),
    ("nchar varying", "character varying"),
    ("national character varying", "character varying"),
    ("national char varying", "character varying"),
    ("char", "character"),
    ("nchar", "character"),
    ("bpchar", "character"),
    ("national character", "character"),
    ("national char", "character"),
    ("varbit", "bit varying"),
    ("timestamp", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("time", "time without time zone"),
    ("timetz", "time with time zone"),
];

/// The integer type of a `serial`, which is a type only in `CREATE TABLE` and `ADD COLUMN`.
pub(super) fn serial(data_type: &DataType) -> Option<&'static str> {
    match data_type.name.as_str() {
        _ if data_type.schema.is_some() || data_type.array => None,
        "serial" | "serial4" => Some("integer"),
        "bigserial" | "serial8" => Some("bigint"),
        "smallserial" | "serial2" => Some("smallint"),
        _ => None,
    }
}

/// A `type` node, or a `copied_type`, whose name is as it is written.
pub(super) fn data_type(node: Node<'_>) -> DataType {
    if node.is(Syntax::CopiedType) {
        let set = node.starts_with("SETOF");
        let words = node.words().skip(usize::from(set));
        return DataType {
            name: words.map(|word| word.text()).collect(),
            set,
            ..DataType::default()
        };
    }
    let mut data_type = DataType::default();
    let mut words: Vec<&str> = Vec::new();
    for item in node.items() {
        match item {
            Item::Node(inner) if inner.is(Syntax::IntervalFields) => {
                data_type.fields = Some(fields(inner));
                data_type
                    .modifiers
                    .extend(inner.child(Syntax::Length).map(inside));
            }
            Item::Node(inner) => data_type.modifiers = modifiers(inner),
            Item::Token(word) if matches!(word.text(), "[" | "]") || word.is("ARRAY") => {
                data_type.array = true;
            }
            Item::Token(word) if word.is("SETOF") && words.is_empty() => data_type.set = true,
            Item::Token(_) if data_type.array => {}
            Item::Token(word) => words.push(word.text()),
        }
    }
    resolve(&words, &mut data_type);
    data_type
}

/// The type with this name, which is folded already.
pub(super) fn named(name: &str) -> DataType {
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
    DataType {
        name: alias.map_or(name, |(_, name)| name).to_owned(),
        ..DataType::default()
    }
}

/// The type whose name consists of these words, such as `timestamp with time zone`.
pub(super) fn of_words(words: &[&str]) -> DataType {
    let mut data_type = DataType::default();
    resolve(words, &mut data_type);
    data_type.modifiers.clear();
    data_type
}

/// A name, with or without a schema, or the words of a built-in type.
fn resolve(words: &[&str], data_type: &mut DataType) {
    let parts: Vec<String> = match words {
        [word] => vec![identifier(word)],
        words => dotted(words),
    };
    let (schema, name) = match parts.as_slice() {
        [.., schema, name] => (Some(schema.clone()), name.clone()),
        [name] => (None, name.clone()),
        [] => (None, String::new()),
    };
    let quoted = words.last().is_some_and(|word| word.contains('"'));
    let built_in = schema.is_none() || schema.as_deref() == Some("pg_catalog");
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
    data_type.name = match alias {
        // In quotes, or with the schema `pg_catalog`, `char` is the one-byte type.
        _ if name == "char" && (quoted || schema.is_some()) => "\"char\"".to_owned(),
        Some((_, name)) if built_in => (*name).to_owned(),
        Some(_) | None => name,
    };
    data_type.schema = schema.filter(|_| !built_in);
    let written = words.first().map(|word| identifier(word));
    match (data_type.name.as_str(), written.as_deref()) {
        ("double precision", Some("float")) => {
            let bits = data_type.modifiers.pop().and_then(|bits| bits.parse().ok());
            if bits.is_some_and(|bits: u32| bits <= 24) {
                "real".clone_into(&mut data_type.name);
            }
        }
        // Without a length it is one character, except under the name that the catalog uses.
        ("character", Some(written)) if data_type.modifiers.is_empty() && written != "bpchar" => {
            data_type.modifiers.push("1".to_owned());
        }
        ("bit", Some("bit")) if data_type.modifiers.is_empty() && !quoted && schema_less(words) => {
            data_type.modifiers.push("1".to_owned());
        }
        ("numeric", _) => {
            // `format_type()` shows a scale of 0 for `numeric(10)`.
            if let [precision] = data_type.modifiers.as_slice() {
                data_type.modifiers = vec![precision.clone(), "0".to_owned()];
            }
        }
        _ => {}
    }
}

/// The parts of a name; those of a built-in type can have several words.
fn dotted(words: &[&str]) -> Vec<String> {
    let parts = words.split(|word| *word == ".");
    let part = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| identifier(word)).collect();
        words.join(" ")
    };
    parts.map(part).collect()
}

fn schema_less(words: &[&str]) -> bool {
    !words.contains(&".")
}

/// The fields of an interval in lower case, without the precision of the seconds.
fn fields(node: Node<'_>) -> String {
    let words = node.items().into_iter().filter_map(|item| match item {
        Item::Token(word) => Some(word.text().to_ascii_lowercase()),
        Item::Node(_) => None,
    });
    words.collect::<Vec<_>>().join(" ")
}

fn inside(node: Node<'_>) -> String {
    modifiers(node).concat()
}

/// The items between the commas in parentheses.
fn modifiers(node: Node<'_>) -> Vec<String> {
    let words: Vec<&str> = node.words().map(|word| word.text()).collect();
    let inner = words
        .get(1..words.len().saturating_sub(1))
        .unwrap_or_default();
    inner
        .split(|word| *word == ",")
        .map(|part| part.concat())
        .collect()
}
