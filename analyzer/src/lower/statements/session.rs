//! Settings, transactions, cursors, locks and maintenance.

use super::clause::{clause, name_span, whole};
use super::family::Family;
use crate::lower::grammar::{Node, Syntax};
use crate::lower::name::{self, Target};
use crate::statement::{Change, Clause};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("session.grammar"),
    readers: &[
        (Syntax::Set, set),
        (Syntax::Reset, reset),
        (Syntax::Show, quiet),
        (Syntax::Begin, transaction),
        (Syntax::PrepareTransaction, transaction),
        (Syntax::RollbackTo, transaction),
        (Syntax::Commit, transaction),
        (Syntax::Savepoint, transaction),
        (Syntax::Prepare, opaque),
        (Syntax::Execute, opaque),
        (Syntax::Deallocate, quiet),
        (Syntax::DeclareCursor, declare),
        (Syntax::FetchCursor, quiet),
        (Syntax::Close, quiet),
        (Syntax::Listen, first_word),
        (Syntax::Load, load),
        (Syntax::Lock, lock),
        (Syntax::Explain, explain),
        (Syntax::Analyze, maintenance),
        (Syntax::Vacuum, maintenance),
        (Syntax::Cluster, maintenance),
        (Syntax::Reindex, maintenance),
        (Syntax::AlterSystem, |target, node| {
            vec![other(target, node, "alter-system", true, true)]
        }),
    ],
};

fn other(target: Target<'_>, node: Node<'_>, kind: &str, outside: bool, ddl: bool) -> Clause {
    let child = |rule| node.child(rule).map(|name: Node<'_>| target.name(name));
    let analyzed = node
        .child(Syntax::Analyzed)
        .map(|relation| target.named(relation));
    let change = Change::Other {
        kind: kind.to_owned(),
        object: child(Syntax::AnyName).or(child(Syntax::Name)).or(analyzed),
        outside_transaction: outside,
        ddl,
    };
    clause(node.first_line(), change)
}

/// Told by its first word, and without an effect on the schema.
fn quiet(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    vec![other(target, node, &word(node), false, false)]
}

/// Told by its first word.
fn first_word(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    vec![other(target, node, &word(node), false, true)]
}

/// The first word in lower case.
fn word(node: Node<'_>) -> String {
    let first = node.words().next();
    first
        .map(|word| word.text().to_ascii_lowercase())
        .unwrap_or_default()
}

/// `LOAD`, `CHECKPOINT`, `DISCARD`.
fn load(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    if !node.starts_with("DISCARD") {
        return first_word(target, node);
    }
    let all = node.says("ALL");
    vec![other(target, node, "discard", all, true)]
}

/// What `SET` and `RESET` have words of their own for, and the setting that it is.
const SPELLED: [(&str, &str); 10] = [
    ("SESSION AUTHORIZATION", "session authorization"),
    (
        "SESSION CHARACTERISTICS AS TRANSACTION",
        "session characteristics",
    ),
    ("TRANSACTION", "transaction"),
    ("CONSTRAINTS", "constraints"),
    ("TIME ZONE", "timezone"),
    ("XML OPTION", "xmloption"),
    ("CATALOG", "catalog"),
    ("SCHEMA", "search_path"),
    ("NAMES", "client_encoding"),
    ("ROLE", "role"),
];

/// `SET name = value` and what has a grammar of its own: `ROLE`, `TIME ZONE`, `CONSTRAINTS`.
fn set(_: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let (setting, value) = match node.child(Syntax::Setting) {
        Some(setting) => name_and_value(setting),
        None => {
            let scope = node.says("SESSION TRANSACTION") || node.says("LOCAL TRANSACTION");
            spelled(node, if scope { 2 } else { 1 })
        }
    };
    let ends_with_transaction = matches!(setting.as_str(), "constraints" | "transaction");
    let change = Change::Set {
        local: node.says("LOCAL") || ends_with_transaction,
        setting,
        value,
    };
    whole(node, change)
}

/// The setting that the words from the `n`th on spell, and the text behind them.
fn spelled(node: Node<'_>, n: usize) -> (String, Option<String>) {
    let words: Vec<&str> = node.words().skip(n).map(|word| word.text()).collect();
    let known = SPELLED.iter().find_map(|(phrase, setting)| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        let fits = words.len() >= phrase.len()
            && phrase
                .iter()
                .zip(&words)
                .all(|(phrase, word)| word.eq_ignore_ascii_case(phrase));
        fits.then_some((*setting, phrase.len()))
    });
    let (setting, taken) = known.unwrap_or_default();
    let value = node.text_from(n + taken).to_owned();
    (setting.to_owned(), Some(value))
}

/// The folded name of a setting and its value as it is written; none with `FROM CURRENT`.
pub(super) fn name_and_value(setting: Node<'_>) -> (String, Option<String>) {
    let Some(name) = setting.child(Syntax::SettingName) else {
        return spelled(setting, 0);
    };
    let sign = setting
        .words()
        .position(|word| word.text() == "=" || word.is("TO"));
    let value = sign.filter(|_| !setting.says("FROM CURRENT"));
    let value = value.map(|at| setting.text_from(at + 1).to_owned());
    (name::parts(name.words()).join("."), value)
}

fn reset(_: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let what = node.child(Syntax::ResetWhat);
    let name = what.and_then(|what| what.child(Syntax::SettingName));
    let setting = match (name, what) {
        (Some(name), _) => name::parts(name.words()).join("."),
        (None, Some(what)) if what.says("TRANSACTION") => "transaction_isolation".to_owned(),
        (None, Some(what)) if !what.says("ALL") => spelled(what, 0).0,
        (None, _) => "all".to_owned(),
    };
    let change = Change::Set {
        setting,
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
    let keyword = match node.is(Syntax::RollbackTo) {
        true => "ROLLBACK TO".to_owned(),
        false => pair.unwrap_or(first).to_owned(),
    };
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
    let locks = node.all(Syntax::Relation).map(|relation| {
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
    if is_on(node, "ANALYZE") || is_on(node, "ANALYSE") {
        return opaque(target, node);
    }
    vec![other(target, node, "explain", false, false)]
}

/// Whether an option of maintenance is there and not switched off.
fn is_on(node: Node<'_>, option: &str) -> bool {
    let off = |value: &str| {
        let value = value.trim_matches('\'').to_ascii_lowercase();
        matches!(value.as_str(), "false" | "off" | "0" | "no")
    };
    let options = node.all(Syntax::MaintenanceOption);
    let mut named = options.filter(|inner| inner.starts_with(option));
    node.says(option) || named.any(|inner| !off(inner.text_from(1)))
}

/// What PostgreSQL refuses in a transaction block is the list of its error 25001, measured on
/// PostgreSQL 15 to 18.
fn maintenance(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let first = word(node);
    // `CLUSTER index ON table`.
    let object = node
        .all(Syntax::AnyName)
        .last()
        .map(|name| target.name(name));
    // Of many tables at once, each in a transaction of its own.
    let many = ["SCHEMA", "DATABASE", "SYSTEM"].into_iter();
    let whole = many
        .filter(|_| first == "reindex")
        .find(|word| node.says(word));
    let whole = whole.map(|word| format!("reindex-{}", word.to_ascii_lowercase()));
    let outside = match first.as_str() {
        "vacuum" => true,
        "cluster" => object.is_none(),
        "reindex" => whole.is_some() || is_on(node, "CONCURRENTLY"),
        _ => false,
    };
    let changes_schema = matches!(first.as_str(), "cluster" | "reindex");
    let kind = match first.as_str() {
        "reindex" => whole.as_deref().unwrap_or("reindex"),
        "analyse" => "analyze",
        "vacuum" if is_on(node, "FULL") => "vacuum-full",
        first => first,
    };
    let mut clause = other(target, node, kind, outside, changes_schema);
    if let (Change::Other { object: told, .. }, Some(object)) = (&mut clause.change, object) {
        *told = Some(object);
    }
    vec![clause]
}
