//! Constraints of tables, columns and domains.

use std::ops::Range;

use super::parts::method;
use crate::lower::expression::expression;
use crate::lower::grammar::Node;
use crate::lower::name::{self, Target, parameters, words};
use crate::statement::{Constraint, ConstraintKind, ForeignKey, Key, ReferentialAction};

/// A `constraint` node: one that stands beside the columns.
pub(super) fn constraint(target: Target<'_>, node: Node<'_>) -> Constraint {
    let value = || node.child("value").map(expression).unwrap_or_default();
    let columns = |rule: &str| node.child(rule).map(|columns| words(columns, "name"));
    let kind = if node.says("CHECK") {
        ConstraintKind::Check(value())
    } else if node.says("NOT NULL") {
        ConstraintKind::NotNull {
            column: name::first(node),
        }
    } else if node.says("PRIMARY KEY") {
        ConstraintKind::PrimaryKey(key(node, columns("key_columns").unwrap_or_default()))
    } else if node.says("UNIQUE") {
        ConstraintKind::Unique(key(node, columns("key_columns").unwrap_or_default()))
    } else if node.says("FOREIGN KEY") {
        let columns = columns("referencing").unwrap_or_default();
        ConstraintKind::ForeignKey(foreign_key(target, node, columns))
    } else {
        ConstraintKind::Exclude {
            method: method(node),
            elements: node
                .all("exclusion")
                .map(|element| element.text().to_owned())
                .collect(),
            predicate: node.child("value").map(expression),
        }
    };
    finished(node, kind)
}

/// `ADD CHECK` and `ADD NOT NULL` of a domain.
pub(super) fn of_domain(node: Node<'_>) -> Constraint {
    let kind = match node.child("value") {
        Some(value) => ConstraintKind::Check(expression(value)),
        None => ConstraintKind::NotNull {
            column: String::new(),
        },
    };
    finished(node, kind)
}

fn finished(node: Node<'_>, kind: ConstraintKind) -> Constraint {
    let (name, span) = place(node);
    let mut constraint = Constraint {
        name,
        span,
        not_valid: node.says("NOT VALID"),
        no_inherit: node.says("NO INHERIT"),
        ..Constraint::new(kind)
    };
    for attribute in node.children() {
        attributes(&mut constraint, attribute);
    }
    constraint
}

/// The name of a constraint and its bytes, or those of its first line.
pub(super) fn place(node: Node<'_>) -> (Option<String>, Range<usize>) {
    let name = node
        .child("constraint_name")
        .and_then(|name| name.child("name"));
    match name {
        Some(name) => (Some(name::word(name)), name.span()),
        None => (None, node.first_line()),
    }
}

/// `DEFERRABLE`, `INITIALLY DEFERRED`, `ENFORCED` and their opposites.
pub(super) fn attributes(constraint: &mut Constraint, node: Node<'_>) {
    if !matches!(node.rule(), "moment" | "enforcement") {
        return;
    }
    match node.phrase().as_str() {
        "DEFERRABLE" => constraint.deferrable = true,
        "NOT DEFERRABLE" => constraint.deferrable = false,
        "INITIALLY DEFERRED" => {
            constraint.deferrable = true;
            constraint.initially_deferred = true;
        }
        "NOT ENFORCED" => constraint.enforced = false,
        _ => {}
    }
}

/// The key that a `PRIMARY KEY` or `UNIQUE` over these columns is.
pub(super) fn key(node: Node<'_>, columns: Vec<String>) -> Key {
    let using_index = node.child("using_index").map(name::first);
    let overlaps = |columns: Node<'_>| columns.says("WITHOUT OVERLAPS");
    Key {
        columns: match using_index {
            Some(_) => Vec::new(),
            None => columns,
        },
        include: node
            .child("include")
            .map(|include| words(include, "name"))
            .unwrap_or_default(),
        using_index,
        nulls_not_distinct: node.says("NULLS NOT DISTINCT"),
        without_overlaps: node.child("key_columns").is_some_and(overlaps),
        parameters: parameters(node),
        tablespace: node.child("index_tablespace").map(name::first),
    }
}

pub(super) fn foreign_key(target: Target<'_>, node: Node<'_>, columns: Vec<String>) -> ForeignKey {
    let on_delete = node.child("on_delete");
    let period = |columns: Node<'_>| columns.says("PERIOD");
    ForeignKey {
        columns,
        parent: target.named(node),
        parent_columns: node
            .child("parent_columns")
            .map(|columns| words(columns, "name"))
            .unwrap_or_default(),
        match_full: node.child("match").is_some_and(|kind| kind.says("FULL")),
        on_delete: on_delete.map(action).unwrap_or_default(),
        on_update: node.child("on_update").map(action).unwrap_or_default(),
        set_columns: on_delete
            .map(|action| words(action, "name"))
            .unwrap_or_default(),
        period: node.child("referencing").is_some_and(period),
    }
}

fn action(node: Node<'_>) -> ReferentialAction {
    const ACTIONS: [(&str, ReferentialAction); 4] = [
        ("RESTRICT", ReferentialAction::Restrict),
        ("CASCADE", ReferentialAction::Cascade),
        ("SET NULL", ReferentialAction::SetNull),
        ("SET DEFAULT", ReferentialAction::SetDefault),
    ];
    let action = ACTIONS.iter().find(|(words, _)| node.says(words));
    action.map(|(_, action)| *action).unwrap_or_default()
}
