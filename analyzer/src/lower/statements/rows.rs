//! Statements that change rows.

use super::choice::Chooser;
use super::clause::{clause, name_span, whole};
use super::family::Family;
use super::parts::{index_key, persistence, reads};
use crate::lower::expression::{self, column_name, expression};
use crate::lower::grammar::{Node, Syntax, Word};
use crate::lower::name::{self, Target};
use crate::statement::{
    Assignment, Call, Change, Clause, Command, CopyDestination, CreateTable, Delete, Expression,
    Insert, Merge, MergeAction, Merged, OnConflict, Overriding, Rows, Update, Written,
};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("rows.grammar"),
    readers: &[
        (Syntax::Query, query),
        (Syntax::Truncate, truncate),
        (Syntax::Copy, copy),
    ],
};

fn query(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let changes = changes(target, node);
    let is_change = |child: Node<'_>| {
        matches!(
            child.syntax(),
            Syntax::Insert | Syntax::Update | Syntax::Delete | Syntax::Merge
        )
    };
    if node.children().any(is_change) {
        return changes;
    }
    let change = match node.find(Syntax::Into) {
        Some(into) => Change::CreateTable(Box::new(CreateTable {
            table: target.created(into, persistence(into)),
            persistence: persistence(into),
            from_query: true,
            reads: reads(target, node),
            ..CreateTable::default()
        })),
        None => Change::Query,
    };
    [changes, whole(node, change)].concat()
}

/// All changes to rows in a statement, data-modifying `WITH` included.
pub(super) fn changes(target: Target<'_>, root: Node<'_>) -> Vec<Clause> {
    let chooser = Chooser { target, root };
    root.within()
        .filter_map(|node| {
            let change = match node.syntax() {
                Syntax::Insert => Change::Insert(Box::new(insert(chooser, node))),
                Syntax::Update => Change::Update(Box::new(update(chooser, node))),
                Syntax::Delete => Change::Delete(Box::new(Delete {
                    table: target.named(node),
                    choice: chooser.choice(node),
                })),
                Syntax::Merge => Change::Merge(Box::new(Merge {
                    table: target.named(node),
                    choice: chooser.choice(node),
                    actions: node.all(Syntax::MergeWhen).map(merge_action).collect(),
                })),
                _ => return None,
            };
            Some(clause(name_span(node), change))
        })
        .collect()
}

fn update<'a>(chooser: Chooser<'a>, node: Node<'a>) -> Update {
    let set = assignments(node);
    let end = set.last().map(|last| last.value.span.end);
    Update {
        table: chooser.target.named(node),
        alone: node.span() == chooser.root.span() && end == Some(node.span().end),
        set,
        choice: chooser.choice(node),
    }
}

fn insert<'a>(chooser: Chooser<'a>, node: Node<'a>) -> Insert {
    let select = node.child(Syntax::Select);
    Insert {
        table: chooser.target.named_existing(node),
        columns: node
            .child(Syntax::InsertColumns)
            .into_iter()
            .flat_map(|columns| columns.all(Syntax::InsertColumn))
            .map(written)
            .collect(),
        rows: select.map_or(Rows::Default, |select| rows(chooser, select)),
        overriding: overriding(node),
        on_conflict: node
            .child(Syntax::OnConflict)
            .map(|conflict| on_conflict(chooser.target, conflict)),
        asks_what_is_there: select.is_some_and(asks_what_is_there),
    }
}

fn overriding(node: Node<'_>) -> Option<Overriding> {
    let overriding = node.child(Syntax::Overriding)?;
    Some(match overriding.says("SYSTEM") {
        true => Overriding::System,
        false => Overriding::User,
    })
}

fn rows<'a>(chooser: Chooser<'a>, select: Node<'a>) -> Rows {
    let children: Vec<Node<'a>> = select.children().collect();
    if let [inner] = children.as_slice()
        && inner.is(Syntax::Select)
    {
        return rows(chooser, *inner);
    }
    if !children.is_empty() && children.iter().all(|child| child.is(Syntax::ValuesRow)) {
        let rows = children.iter().map(|row| values(*row));
        return Rows::Values(rows.collect());
    }
    let targets = match children.as_slice() {
        [targets, rest @ ..] if targets.is(Syntax::Targets) => {
            let one = rest.iter().all(|more| {
                !matches!(
                    more.syntax(),
                    Syntax::Targets | Syntax::ValuesRow | Syntax::Select
                )
            });
            one.then(|| selected(*targets)).flatten()
        }
        _ => None,
    };
    Rows::Query {
        targets,
        choice: Box::new(chooser.query(select)),
    }
}

/// The items of a `SELECT`, if it lists them one by one.
fn selected(targets: Node<'_>) -> Option<Vec<Expression>> {
    let stars = |node: Node<'_>| node.is(Syntax::ColumnRef) && node.text().ends_with('*');
    let all = targets.says("*") || targets.within().any(stars);
    (!all).then(|| values(targets))
}

fn values(node: Node<'_>) -> Vec<Expression> {
    node.all(Syntax::Value).map(expression).collect()
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
    let predicate = node.child(Syntax::Predicate);
    let keys: Vec<Node<'_>> = node.all(Syntax::IndexColumn).collect();
    let span = match (keys.first(), keys.last(), node.child(Syntax::Name)) {
        (Some(first), Some(last), _) => first.span().start..last.span().end,
        (_, _, Some(name)) => name.span(),
        (_, _, None) => node.first_line(),
    };
    OnConflict {
        span,
        keys: keys.into_iter().map(|key| index_key(target, key)).collect(),
        predicate: predicate
            .and_then(|predicate| predicate.child(Syntax::Value))
            .map(expression),
        constraint: node.child(Syntax::Name).map(name::word),
        update: node
            .says("UPDATE")
            .then(|| (assignments(node), Chooser::condition(node))),
    }
}

fn assignments(node: Node<'_>) -> Vec<Assignment> {
    let assignments = node.all(Syntax::Assignment).map(|node| {
        let columns: Vec<Written> = node.all(Syntax::SetTarget).map(written).collect();
        let value = node.child(Syntax::Value);
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

/// Operators that change a value again at each run.
const GROWING: [&str; 10] = ["+", "-", "*", "/", "%", "^", "||", "#", "<<", ">>"];

/// Functions that change a value again at each run.
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

/// Whether the value is computed from the column's old value, so that it changes with each run.
fn accumulates(value: Node<'_>, column: &str) -> bool {
    let own = |node: Node<'_>| {
        let excluded = node.words().next().is_some_and(|word| word.is("excluded"));
        node.is(Syntax::ColumnRef) && !excluded && column_name(node).as_deref() == Some(column)
    };
    if !value.within().any(own) {
        return false;
    }
    let turns = value.starts_with("NOT");
    let grows = turns || value.words().any(|word| GROWING.contains(&word.text()));
    let calls = expression::calls(value);
    let calls_one = |call: &Call| GROWING_CALLS.contains(&call.name.as_str());
    grows || calls.iter().any(calls_one)
}

fn merge_action(node: Node<'_>) -> MergeAction {
    let insert = node.child(Syntax::MergeInsert);
    let merged = if let Some(insert) = insert {
        let row = insert.child(Syntax::ValuesRow);
        Merged::Insert {
            columns: insert.all(Syntax::SetTarget).map(written).collect(),
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
    let tables = node.all(Syntax::Relation).map(|relation| {
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
        let destination = match (node.says("TO PROGRAM"), node.says("TO STDOUT")) {
            (true, _) => CopyDestination::Program,
            // These words mean the same after TO.
            (_, true) => CopyDestination::Stdout,
            (false, false) if node.says("TO STDIN") => CopyDestination::Stdout,
            (false, false) => CopyDestination::File,
        };
        let copy = Change::Other {
            command: Command::CopyTo(destination),
            object: node.child(Syntax::AnyName).map(|name| target.name(name)),
            outside_transaction: false,
            ddl: false,
        };
        return [vec![clause(node.first_line(), copy)], changes(target, node)].concat();
    }
    // These words mean the same after FROM.
    if node.says("FROM STDIN") || node.says("FROM STDOUT") {
        return whole(node, Change::CopyFromStdin);
    }
    // From a file or a program on the server: a second run inserts the rows again.
    let insert = Insert {
        table: target.named(node),
        columns: node.all(Syntax::Name).map(written).collect(),
        rows: Rows::Copied,
        ..Insert::default()
    };
    vec![clause(name_span(node), Change::Insert(Box::new(insert)))]
}
