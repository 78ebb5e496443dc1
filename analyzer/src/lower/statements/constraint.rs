//! Constraints of tables, columns and domains.

use std::ops::Range;

use super::parts::{index_key, method};
use crate::lower::formula::evaluated;
use crate::lower::grammar::{Node, Syntax};
use crate::lower::name::{self, Target, parameters, words};
use crate::statement::{
    Constraint, ConstraintAttribute, ConstraintKind, ForeignKey, Key, ReferentialAction, Spelled,
};

/// A `constraint` node: a constraint outside of a column definition.
pub(super) fn constraint(target: Target<'_>, node: Node<'_>) -> Constraint {
    let value = || node.child(Syntax::Value).map(evaluated).unwrap_or_default();
    let columns = |syntax| {
        node.child(syntax)
            .map(|columns| words(columns, Syntax::Name))
    };
    let kind = if node.says("CHECK") {
        ConstraintKind::Check(value())
    } else if node.says("NOT NULL") {
        ConstraintKind::NotNull {
            column: name::first(node),
        }
    } else if node.says("PRIMARY KEY") {
        ConstraintKind::PrimaryKey(key(node, columns(Syntax::KeyColumns).unwrap_or_default()))
    } else if node.says("UNIQUE") {
        ConstraintKind::Unique(key(node, columns(Syntax::KeyColumns).unwrap_or_default()))
    } else if node.says("FOREIGN KEY") {
        let columns = columns(Syntax::Referencing).unwrap_or_default();
        ConstraintKind::ForeignKey(foreign_key(target, node, columns))
    } else {
        ConstraintKind::Exclude {
            method: method(node),
            elements: node
                .all(Syntax::Exclusion)
                .map(|element| element.text().to_owned())
                .collect(),
            keys: node
                .all(Syntax::Exclusion)
                .filter_map(|element| element.child(Syntax::IndexColumn))
                .map(|element| index_key(target, element))
                .collect(),
            predicate: node.child(Syntax::Value).map(evaluated),
        }
    };
    finished(node, kind)
}

/// `ADD CHECK` and `ADD NOT NULL` of a domain.
pub(super) fn of_domain(node: Node<'_>) -> Constraint {
    let kind = match node.child(Syntax::Value) {
        Some(value) => ConstraintKind::Check(evaluated(value)),
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
    constraint.attributes.extend(partial(node));
    for attribute in node.children() {
        attributes(&mut constraint, attribute);
    }
    let stated = [
        (constraint.not_valid, ConstraintAttribute::NotValid),
        (constraint.no_inherit, ConstraintAttribute::NoInherit),
    ];
    let stated = stated.into_iter().filter(|(is_stated, _)| *is_stated);
    constraint
        .attributes
        .extend(stated.map(|(_, attribute)| attribute));
    constraint
}

/// `MATCH PARTIAL`, which the grammar has and no server implements.
pub(super) fn partial(node: Node<'_>) -> Option<ConstraintAttribute> {
    let kind = node.child(Syntax::Match)?;
    kind.says("PARTIAL")
        .then_some(ConstraintAttribute::MatchPartial)
}

/// The name of a constraint and its byte range, or else that of its first line.
pub(super) fn place(node: Node<'_>) -> (Option<String>, Range<usize>) {
    let name = node
        .child(Syntax::ConstraintName)
        .and_then(|name| name.child(Syntax::Name));
    match name {
        Some(name) => (Some(name::word(name)), name.span()),
        None => (None, node.first_line()),
    }
}

/// `DEFERRABLE`, `INITIALLY DEFERRED`, `ENFORCED` and their opposites.
pub(super) fn attributes(constraint: &mut Constraint, node: Node<'_>) {
    if !matches!(node.syntax(), Syntax::Moment | Syntax::Enforcement) {
        return;
    }
    let phrase = node.phrase();
    constraint
        .attributes
        .extend(ConstraintAttribute::spelled(&phrase));
    match phrase.as_str() {
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

/// The key of a `PRIMARY KEY` or `UNIQUE` on these columns.
pub(super) fn key(node: Node<'_>, columns: Vec<String>) -> Key {
    let using_index = node.child(Syntax::UsingIndex).map(name::first);
    let overlaps = |columns: Node<'_>| columns.says("WITHOUT OVERLAPS");
    Key {
        columns: match using_index {
            Some(_) => Vec::new(),
            None => columns,
        },
        include: node
            .child(Syntax::Include)
            .map(|include| words(include, Syntax::Name))
            .unwrap_or_default(),
        using_index,
        nulls_not_distinct: node.says("NULLS NOT DISTINCT"),
        without_overlaps: node.child(Syntax::KeyColumns).is_some_and(overlaps),
        parameters: parameters(node),
        tablespace: node.child(Syntax::IndexTablespace).map(name::first),
    }
}

pub(super) fn foreign_key(target: Target<'_>, node: Node<'_>, columns: Vec<String>) -> ForeignKey {
    let on_delete = node.child(Syntax::OnDelete);
    let period = |columns: Node<'_>| columns.says("PERIOD");
    ForeignKey {
        columns,
        parent: target.named(node),
        parent_columns: node
            .child(Syntax::ParentColumns)
            .map(|columns| words(columns, Syntax::Name))
            .unwrap_or_default(),
        match_full: node
            .child(Syntax::Match)
            .is_some_and(|kind| kind.says("FULL")),
        on_delete: on_delete.map(action).unwrap_or_default(),
        on_update: node.child(Syntax::OnUpdate).map(action).unwrap_or_default(),
        set_columns: on_delete
            .map(|action| words(action, Syntax::Name))
            .unwrap_or_default(),
        period: node.child(Syntax::Referencing).is_some_and(period),
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
