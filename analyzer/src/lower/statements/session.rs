//! Settings, transactions, cursors, locks and maintenance.

use super::{Family, clause, name_span, rows, whole};
use crate::lower::grammar::Node;
use crate::lower::name::identifier;
use crate::lower::{Target, first_line};
use crate::statement::{Change, Clause, Name};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("session.grammar"),
    readers: &[
        ("set", set),
        ("reset", reset),
        ("show", quiet),
        ("begin", transaction),
        ("prepare_transaction", transaction),
        ("rollback_to", transaction),
        ("commit", transaction),
        ("savepoint", transaction),
        ("prepare", opaque),
        ("execute", opaque),
        ("deallocate", quiet),
        ("declare_cursor", declare),
        ("fetch_cursor", quiet),
        ("close", quiet),
        ("listen", first_word),
        ("load", load),
        ("lock", lock),
        ("explain", explain),
        ("analyze", maintenance),
        ("vacuum", maintenance),
        ("cluster", maintenance),
        ("reindex", maintenance),
        ("alter_system", |target, node| {
            vec![other(target, node, "alter-system", true, true)]
        }),
    ],
};

fn other(target: Target<'_>, node: Node<'_>, kind: &str, outside: bool, ddl: bool) -> Clause {
    let child = |rule| node.child(rule).map(|name: Node<'_>| target.name(name));
    let analyzed = node
        .child("analyzed")
        .map(|relation| target.named(relation));
    let change = Change::Other {
        kind: kind.to_owned(),
        object: child("any_name").or(child("name")).or(analyzed),
        outside_transaction: outside,
        ddl,
    };
    clause(first_line(node), change)
}

/// Told by its first word, and without an effect on the schema.
fn quiet(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    vec![other(target, node, &word(node), false, false)]
}

/// Told by its first word.
fn first_word(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    vec![other(target, node, &word(node), false, true)]
}

fn word(node: Node<'_>) -> String {
    let first = node.text().split_whitespace().next().unwrap_or_default();
    first.to_ascii_lowercase()
}

/// `LOAD`, `CHECKPOINT`, `DISCARD`.
fn load(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    if !node.starts_with("DISCARD") {
        return first_word(target, node);
    }
    let what = node
        .phrase()
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .to_lowercase();
    vec![other(target, node, "discard", what == "all", true)]
}

/// `SET name = value` and what has a grammar of its own: `ROLE`, `TIME ZONE`, `CONSTRAINTS`.
fn set(_: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let (setting, value) = match node.child("setting") {
        Some(setting) => name_and_value(setting),
        None => {
            let phrase = node.phrase();
            let words = [
                "SESSION AUTHORIZATION",
                "SESSION CHARACTERISTICS",
                "CONSTRAINTS",
            ];
            let known = words.into_iter().find(|known| {
                let behind = phrase.strip_prefix("SET ");
                behind.is_some_and(|behind| behind.starts_with(known))
            });
            let name = known.unwrap_or("TRANSACTION").to_lowercase();
            (name, Some(node.text().to_owned()))
        }
    };
    let ends_with_transaction = matches!(setting.as_str(), "constraints" | "transaction");
    let change = Change::Set {
        local: node.starts_with("SET LOCAL") || ends_with_transaction,
        setting,
        value,
    };
    whole(node, change)
}

/// The folded name of a setting and its value as it is written.
pub(super) fn name_and_value(setting: Node<'_>) -> (String, Option<String>) {
    let text = setting.text();
    let Some(name) = setting.child("setting_name") else {
        let mut words = text.splitn(2, char::is_whitespace);
        let name = words.next().unwrap_or_default().to_ascii_lowercase();
        let value = words.next().unwrap_or_default().trim();
        return match (name.as_str(), value.get(..5)) {
            ("time", Some(zone)) if zone[..4].eq_ignore_ascii_case("zone") => {
                ("timezone".to_owned(), Some(value[4..].trim().to_owned()))
            }
            ("session", _) => ("session authorization".to_owned(), Some(value.to_owned())),
            ("schema", _) => ("search_path".to_owned(), Some(value.to_owned())),
            ("names", _) => ("client_encoding".to_owned(), Some(value.to_owned())),
            _ => (name, Some(value.to_owned())),
        };
    };
    let rest = text.get(name.text().len()..).unwrap_or_default().trim();
    let value = if let Some(value) = rest.strip_prefix('=') {
        Some(value)
    } else {
        let to = rest.get(..2).filter(|to| to.eq_ignore_ascii_case("to"));
        to.and_then(|_| rest.get(2..))
    };
    let folded: Vec<String> = name.text().split('.').map(identifier).collect();
    (folded.join("."), value.map(|value| value.trim().to_owned()))
}

fn reset(_: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let what = node.child("reset_what").map(Node::text).unwrap_or_default();
    let change = Change::Set {
        setting: identifier(what),
        value: None,
        local: false,
    };
    whole(node, change)
}

fn transaction(_: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let phrase = node.phrase();
    let pairs = ["START TRANSACTION", "PREPARE TRANSACTION"];
    let pair = pairs.into_iter().find(|pair| phrase.starts_with(pair));
    let first = phrase.split(' ').next().unwrap_or_default();
    let keyword = pair.unwrap_or(first).to_owned();
    whole(node, Change::TransactionControl { keyword })
}

/// What runs, or will run, statements that are not judged where they stand.
fn opaque(_: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let keyword = word(node).to_ascii_uppercase();
    whole(node, Change::Opaque { keyword })
}

fn declare(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let kind = match node.says("WITH HOLD") {
        true => "declare-with-hold",
        false => "declare",
    };
    vec![other(target, node, kind, false, false)]
}

fn lock(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let phrase = node.phrase();
    let mode = phrase
        .rsplit_once(" MODE")
        .and_then(|(before, _)| before.rsplit_once(" IN "))
        .map_or("ACCESS EXCLUSIVE", |(_, mode)| mode);
    let locks = node.all("relation").map(|relation| {
        let change = Change::Lock {
            table: target.name(relation),
            mode: mode.to_owned(),
        };
        clause(name_span(relation), change)
    });
    locks.collect()
}

/// Only with `ANALYZE` does it run the statement.
fn explain(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    if node.says("ANALYZE") || node.says("ANALYSE") {
        return opaque(target, node);
    }
    vec![other(target, node, "explain", false, false)]
}

/// What PostgreSQL refuses in a transaction block is the list of its error 25001, measured on
/// PostgreSQL 15 to 18.
fn maintenance(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let first = word(node);
    let object: Option<Name> = node.child("any_name").map(|name| target.name(name));
    let outside = match first.as_str() {
        "vacuum" => true,
        "cluster" => object.is_none(),
        "reindex" => {
            let alone = ["CONCURRENTLY", "SCHEMA", "DATABASE", "SYSTEM"];
            alone.into_iter().any(|word| node.says(word))
        }
        _ => false,
    };
    let changes_schema = matches!(first.as_str(), "cluster" | "reindex");
    let kind = match first.as_str() {
        "analyse" => "analyze",
        "vacuum" if node.says("FULL") => "vacuum-full",
        first => first,
    };
    let mut clauses = vec![other(target, node, kind, outside, changes_schema)];
    clauses.extend(rows::changes(target, node));
    clauses
}
