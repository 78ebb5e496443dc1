//! Statements about rows.

use super::choice::Chooser;
use super::clause::{clause, name_span, whole};
use super::family::Family;
use super::parts::{index_key, persistence, reads};
use crate::lower::expression::{self, column_name, expression};
use crate::lower::grammar::{Node, Word};
use crate::lower::name::{self, Target};
use crate::statement::{
    Assignment, Call, Change, Clause, CreateTable, Delete, Expression, Insert, Merge, MergeAction,
    Merged, OnConflict, Overriding, Rows, Update, Written,
};

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
            reads: reads(target, node),
            ..CreateTable::default()
        })),
        None => Change::Query,
    };
    [changes, whole(node, change)].concat()
}

/// All that a statement does to rows, data-modifying `WITH` included.
pub(super) fn changes(target: Target<'_>, root: Node<'_>) -> Vec<Clause> {
    let chooser = Chooser { target, root };
    root.within()
        .filter_map(|node| {
            let change = match node.rule() {
                "insert" => Change::Insert(Box::new(insert(chooser, node))),
                "update" => Change::Update(Box::new(Update {
                    table: target.named(node),
                    set: assignments(node),
                    choice: chooser.choice(node),
                })),
                "delete" => Change::Delete(Box::new(Delete {
                    table: target.named(node),
                    choice: chooser.choice(node),
                })),
                "merge" => Change::Merge(Box::new(Merge {
                    table: target.named(node),
                    choice: chooser.choice(node),
                    actions: node.all("merge_when").map(merge_action).collect(),
                })),
                _ => return None,
            };
            Some(clause(name_span(node), change))
        })
        .collect()
}

fn insert<'a>(chooser: Chooser<'a>, node: Node<'a>) -> Insert {
    let select = node.child("select");
    Insert {
        table: chooser.target.named(node),
        columns: node
            .child("insert_columns")
            .into_iter()
            .flat_map(|columns| columns.all("insert_column"))
            .map(written)
            .collect(),
        rows: select.map_or(Rows::Default, |select| rows(chooser, select)),
        overriding: overriding(node),
        on_conflict: node
            .child("on_conflict")
            .map(|conflict| on_conflict(chooser.target, conflict)),
        asks_what_is_there: select.is_some_and(asks_what_is_there),
    }
}

fn overriding(node: Node<'_>) -> Option<Overriding> {
    let overriding = node.child("overriding")?;
    Some(match overriding.says("SYSTEM") {
        true => Overriding::System,
        false => Overriding::User,
    })
}

fn rows<'a>(chooser: Chooser<'a>, select: Node<'a>) -> Rows {
    let children: Vec<Node<'a>> = select.children().collect();
    if let [inner] = children.as_slice()
        && inner.is("select")
    {
        return rows(chooser, *inner);
    }
    if !children.is_empty() && children.iter().all(|child| child.is("values_row")) {
        let rows = children.iter().map(|row| values(*row));
        return Rows::Values(rows.collect());
    }
    let targets = match children.as_slice() {
        [targets, rest @ ..] if targets.is("targets") => {
            let one = rest
                .iter()
                .all(|more| !matches!(more.rule(), "targets" | "values_row" | "select"));
            one.then(|| selected(*targets)).flatten()
        }
        _ => None,
    };
    Rows::Query {
        targets,
        choice: Box::new(chooser.query(select)),
    }
}

/// What a `SELECT` names one by one.
fn selected(targets: Node<'_>) -> Option<Vec<Expression>> {
    let stars = |node: Node<'_>| node.is("column_ref") && node.text().ends_with('*');
    let all = targets.says("*") || targets.within().any(stars);
    (!all).then(|| values(targets))
}

fn values(node: Node<'_>) -> Vec<Expression> {
    node.all("value").map(expression).collect()
}

/// An `insert_column` or a `set_target`.
fn written(node: Node<'_>) -> Written {
    let first = node.words().next();
    let name = first.map(|word| name::identifier(word.text()));
    Written {
        column: name.unwrap_or_default(),
        whole: node.words().count() == 1,
        span: node.span(),
    }
}

fn on_conflict(target: Target<'_>, node: Node<'_>) -> OnConflict {
    let predicate = node.child("predicate");
    let keys: Vec<Node<'_>> = node.all("index_column").collect();
    let span = match (keys.first(), keys.last(), node.child("name")) {
        (Some(first), Some(last), _) => first.span().start..last.span().end,
        (_, _, Some(name)) => name.span(),
        (_, _, None) => node.first_line(),
    };
    OnConflict {
        span,
        keys: keys.into_iter().map(|key| index_key(target, key)).collect(),
        predicate: predicate
            .and_then(|predicate| predicate.child("value"))
            .map(expression),
        constraint: node.child("name").map(name::word),
        update: node
            .says("UPDATE")
            .then(|| (assignments(node), Chooser::condition(node))),
    }
}

fn assignments(node: Node<'_>) -> Vec<Assignment> {
    let assignments = node.all("assignment").map(|node| {
        let columns: Vec<Written> = node.all("set_target").map(written).collect();
        let value = node.child("value");
        Assignment {
            accumulates: value.is_some_and(|value| {
                let mut own = columns.iter();
                own.any(|written| accumulates(value, &written.column))
            }),
            value: value.map(expression).unwrap_or_default(),
            columns,
        }
    });
    assignments.collect()
}

/// Operators that make more, or something else, of a value each time.
const GROWING: [&str; 10] = ["+", "-", "*", "/", "%", "^", "||", "#", "<<", ">>"];

/// Functions that do.
const GROWING_CALLS: [&str; 10] = [
    "array_append",
    "array_cat",
    "array_prepend",
    "concat",
    "concat_ws",
    "date_add",
    "jsonb_insert",
    "overlay",
    "power",
    "repeat",
];

/// Whether the value is made from the column's own old one, such that it changes with each run.
fn accumulates(value: Node<'_>, column: &str) -> bool {
    let own = |node: Node<'_>| {
        let excluded = node.words().next().is_some_and(|word| word.is("excluded"));
        node.is("column_ref") && !excluded && column_name(node).as_deref() == Some(column)
    };
    if !value.within().any(own) {
        return false;
    }
    let grows = value.words().any(|word| GROWING.contains(&word.text()));
    let calls = expression::calls(value);
    let calls_one = |call: &Call| GROWING_CALLS.contains(&call.name.as_str());
    grows || calls.iter().any(calls_one)
}

fn merge_action(node: Node<'_>) -> MergeAction {
    let insert = node.child("merge_insert");
    let merged = if let Some(insert) = insert {
        let row = insert.child("values_row");
        Merged::Insert {
            columns: insert.all("set_target").map(written).collect(),
            values: row.map(values).unwrap_or_default(),
        }
    } else if node.says("THEN UPDATE") {
        Merged::Update(assignments(node))
    } else if node.says("THEN DELETE") {
        Merged::Delete
    } else {
        Merged::Nothing
    };
    MergeAction {
        span: node.first_line(),
        by_source: node.says("BY SOURCE"),
        merged,
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
        return [vec![clause(node.first_line(), copy)], changes(target, node)].concat();
    }
    // The words mean the same behind FROM.
    if node.says("FROM STDIN") || node.says("FROM STDOUT") {
        return whole(node, Change::CopyFromStdin);
    }
    // From a file or a program of the server's: rows that come a second time with a second run.
    let insert = Insert {
        table: target.named(node),
        columns: node.all("name").map(written).collect(),
        rows: Rows::Copied,
        ..Insert::default()
    };
    vec![clause(name_span(node), Change::Insert(Box::new(insert)))]
}
