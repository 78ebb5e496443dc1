//! Conditions, split at their top-level `AND`.

use super::expression::{column_name, expression};
use super::grammar::{Item, Node, Syntax};
use super::terms::{inside, says, terms};
use crate::statement::{Comparison, Condition, Term};

/// A `value` node that is a condition.
pub(super) fn condition(node: Node<'_>) -> Condition {
    let items = node.items();
    Condition {
        expression: expression(node),
        terms: terms(&items).into_iter().map(read).collect(),
    }
}

/// The column, if the items are a column with or without a cast.
fn column(items: &[Item<'_>]) -> Option<String> {
    let items = inside(items).unwrap_or(items);
    match items {
        [Item::Node(column)] if column.is(Syntax::ColumnRef) => column_name(*column),
        [rest @ .., Item::Token(cast), Item::Node(_)] if cast.text() == "::" => column(rest),
        _ => None,
    }
}

/// Constants, parameters, and calls with only these as arguments.
fn is_constant(items: &[Item<'_>]) -> bool {
    let varies = |node: Node<'_>| matches!(node.syntax(), Syntax::ColumnRef | Syntax::Select);
    items.iter().all(|item| match item {
        Item::Node(node) => !varies(*node) && !node.within().any(varies),
        Item::Token(_) => true,
    })
}

const SIGNS: [&str; 8] = ["=", "<", "<=", ">", ">=", "IN", "BETWEEN", "IS"];

fn read(items: &[Item<'_>]) -> Term {
    if says(items, &["TRUE"]) {
        return Term {
            comparison: Comparison::Always,
            ..Term::default()
        };
    }
    let mut depth = 0_usize;
    let mut sign = None;
    for (at, item) in items.iter().enumerate() {
        let Item::Token(word) = item else { continue };
        match word.text() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if word.is("OR") => return Term::default(),
            text if SIGNS.iter().any(|one| text.eq_ignore_ascii_case(one)) => {
                sign = sign.or(Some((at, text)));
            }
            _ => {}
        }
    }
    if let Some((at, sign)) = sign {
        let right = items.get(at + 1..).unwrap_or_default();
        return compared(items.get(..at).unwrap_or_default(), sign, right);
    }
    let (first, last) = (items.get(..1), items.get(1..));
    let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
    let comparison = [
        ("ISNULL", Comparison::Null),
        ("NOTNULL", Comparison::NotNull),
    ];
    let word = comparison.iter().find(|(word, _)| says(last, &[word]));
    Term {
        column: word.and_then(|_| column(first)),
        comparison: word.map(|(_, comparison)| *comparison).unwrap_or_default(),
        constant: word.is_some(),
    }
}

fn compared(left: &[Item<'_>], sign: &str, right: &[Item<'_>]) -> Term {
    let on_left = column(left);
    let mirrored = on_left.is_none();
    let other = if mirrored { left } else { right };
    let is_any = |items: &[Item<'_>]| matches!(items.first(), Some(Item::Token(word)) if word.is("ANY") || word.is("SOME"));
    let comparison = match sign.to_ascii_uppercase().as_str() {
        "=" if is_any(right) => Comparison::In,
        "=" if is_same_constant(left, right) => Comparison::Always,
        "=" => Comparison::Equal,
        "IN" => Comparison::In,
        "BETWEEN" => Comparison::Between,
        "<" | "<=" if mirrored => Comparison::Above,
        "<" | "<=" => Comparison::Below,
        ">" | ">=" if mirrored => Comparison::Below,
        ">" | ">=" => Comparison::Above,
        _ if says(right, &["NULL"]) => Comparison::Null,
        _ if says(right, &["NOT", "NULL"]) => Comparison::NotNull,
        _ => Comparison::Other,
    };
    // `a NOT IN (...)`, `NOT a = 1`.
    let negated = [left.first(), left.last()].into_iter().flatten();
    let negated = { negated }.any(|item| matches!(item, Item::Token(word) if word.is("NOT")));
    Term {
        column: on_left.or_else(|| column(right)),
        comparison: if negated {
            Comparison::Other
        } else {
            comparison
        },
        constant: is_constant(other),
    }
}

/// `1 = 1`, `'x' = 'x'`.
fn is_same_constant(left: &[Item<'_>], right: &[Item<'_>]) -> bool {
    match (left, right) {
        ([Item::Token(left)], [Item::Token(right)]) => left.text() == right.text(),
        _ => false,
    }
}
