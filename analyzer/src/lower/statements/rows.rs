//! Statements about rows.

use super::{Family, clause, name_span, whole};
use crate::lower::grammar::{Node, Word};
use crate::lower::name;
use crate::lower::{Target, first_line};
use crate::statement::{Change, Clause, CreateTable, Persistence};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("rows.grammar"),
    readers: &[("query", query), ("truncate", truncate), ("copy", copy)],
};

fn query(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let changes = changes(target, node);
    let is_change =
        |child: Node<'_>| matches!(child.rule(), "insert" | "update" | "delete" | "merge");
    if node.children().any(is_change) {
        return changes;
    }
    let change = match node.find("into") {
        Some(into) => Change::CreateTable(Box::new(CreateTable {
            table: target.named(into),
            persistence: persistence(into),
            from_query: true,
            ..CreateTable::default()
        })),
        None => Change::Query,
    };
    [changes, whole(node, change)].concat()
}

/// `TEMPORARY` and `UNLOGGED` among a node's own words.
pub(super) fn persistence(node: Node<'_>) -> Persistence {
    if node.says("TEMPORARY") || node.says("TEMP") {
        Persistence::Temporary
    } else if node.says("UNLOGGED") {
        Persistence::Unlogged
    } else {
        Persistence::Permanent
    }
}

/// All that a statement does to rows, data-modifying `WITH` included.
pub(super) fn changes(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    node.within()
        .filter_map(|node| {
            let table = target.named(node);
            let change = match node.rule() {
                "insert" => insert(target, node),
                "update" => Change::Update { table },
                "delete" => Change::Delete { table },
                "merge" => Change::Merge { table },
                _ => return None,
            };
            Some(clause(name_span(node), change))
        })
        .collect()
}

fn insert(target: Target<'_>, node: Node<'_>) -> Change {
    let columns = node.child("insert_columns").into_iter();
    let columns = columns.flat_map(|columns| columns.all("insert_column"));
    Change::Insert {
        table: target.named(node),
        columns: columns.map(name::first).collect(),
        idempotent: node.child("on_conflict").is_some()
            || node.child("select").is_some_and(asks_what_is_there),
    }
}

/// `NOT EXISTS (...)`, also as `NOT (EXISTS (...))`.
fn asks_what_is_there(select: Node<'_>) -> bool {
    let words = select.words().filter(|word| word.text() != "(");
    let mut before = None;
    for word in words {
        if word.is("EXISTS") && before.is_some_and(|before: Word<'_>| before.is("NOT")) {
            return true;
        }
        before = Some(word);
    }
    false
}

fn truncate(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let cascade = node.says("CASCADE");
    let restart = node.says("RESTART IDENTITY");
    let tables = node.all("relation").map(|relation| {
        let table = target.name(relation);
        let change = Change::Truncate {
            table,
            restart,
            cascade,
        };
        clause(name_span(relation), change)
    });
    tables.collect()
}

fn copy(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    if !node.says("FROM") {
        let copy = Change::Other {
            kind: "copy".to_owned(),
            object: node.child("any_name").map(|name| target.name(name)),
            outside_transaction: false,
            ddl: false,
        };
        return [vec![clause(first_line(node), copy)], changes(target, node)].concat();
    }
    // The words mean the same behind FROM.
    if node.says("FROM STDIN") || node.says("FROM STDOUT") {
        return whole(node, Change::CopyFromStdin);
    }
    // From a file or a program of the server's: rows that come a second time with a second run.
    let change = Change::Insert {
        table: target.named(node),
        columns: name::words(node, "name"),
        idempotent: false,
    };
    vec![clause(name_span(node), change)]
}
