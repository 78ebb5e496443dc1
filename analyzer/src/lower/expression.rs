//! Expressions: their text, and what rules ask of it.

use super::grammar::{Item, Node};
use super::name::{identifier, parts};
use crate::statement::{Call, Expression};

pub(super) fn expression(node: Node<'_>) -> Expression {
    let mut columns: Vec<String> = Vec::new();
    let mut outer: Vec<String> = Vec::new();
    let mut subquery_end = 0;
    for inner in node.within() {
        let span = inner.span();
        if inner.is("select") {
            subquery_end = subquery_end.max(span.end);
        }
        let Some(name) = inner.is("column_ref").then(|| column_name(inner)).flatten() else {
            continue;
        };
        if span.start >= subquery_end && !outer.contains(&name) {
            outer.push(name.clone());
        }
        if !columns.contains(&name) {
            columns.push(name);
        }
    }
    let Proof {
        columns: not_null,
        whole: only_not_null,
    } = not_null(&node.items());
    Expression {
        text: node.text().to_owned(),
        span: node.span(),
        calls: calls(node),
        columns,
        outer,
        not_null,
        only_not_null,
        is_null: is_null(node),
    }
}

/// The functions that are called anywhere below a node.
pub(super) fn calls(node: Node<'_>) -> Vec<Call> {
    let calls = node.within().filter_map(|node| match node.rule() {
        // A name before a string is a type: `date '2020-01-01'`.
        "func_name" if node.next_word() == "(" => {
            let mut parts = parts(node.words());
            let name = parts.pop()?;
            Some(Call {
                schema: parts.pop(),
                name,
                span: node.span_with_arguments(),
            })
        }
        // A CAST is none, whatever function it takes.
        "special_call" if !node.starts_with("CAST") && !node.starts_with("TREAT") => Some(Call {
            schema: None,
            name: identifier(node.words().next()?.text()),
            span: node.span(),
        }),
        _ => None,
    });
    calls.collect()
}

/// `a`, `t.a`, `a[1]` and `(r).a` without the rest; `*` names no column.
fn column_name(node: Node<'_>) -> Option<String> {
    let name = node.words().take_while(|word| word.text() != "[");
    let names_all = node.words().any(|word| word.text() == "*");
    parts(name).pop().filter(|_| !names_all)
}

/// What an expression proves.
#[derive(Default)]
struct Proof {
    /// The columns that cannot be null where it is true.
    columns: Vec<String>,
    /// Whether that is all it says.
    whole: bool,
}

/// The top-level terms `a IS NOT NULL`.
fn not_null(items: &[Item<'_>]) -> Proof {
    let mut depth = 0_usize;
    let mut between = false;
    let mut ends = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let Item::Token(word) = item else { continue };
        match word.text() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ if word.is("CASE") => depth += 1,
            _ if word.is("END") => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            // The AND of a BETWEEN joins no terms, and an OR proves nothing.
            _ if word.is("BETWEEN") => between = true,
            _ if word.is("AND") && between => between = false,
            _ if word.is("AND") => ends.push(at),
            _ if word.is("OR") => return Proof::default(),
            _ => {}
        }
    }
    let mut proof = Proof {
        columns: Vec::new(),
        whole: true,
    };
    let mut start = 0;
    for end in ends.into_iter().chain([items.len()]) {
        let term = term(items.get(start..end).unwrap_or_default());
        proof.columns.extend(term.columns);
        proof.whole &= term.whole;
        start = end + 1;
    }
    proof
}

fn term(items: &[Item<'_>]) -> Proof {
    let says = |items: &[Item<'_>], words: &[&str]| {
        items.len() == words.len()
            && items.iter().zip(words).all(|(item, expected)| match item {
                Item::Token(word) => word.is(expected),
                Item::Node(_) => false,
            })
    };
    match items {
        [Item::Node(column), rest @ ..] if column.is("column_ref") => {
            // An element of an array is no proof for the array.
            let is_whole = column.words().all(|word| word.text() != "[");
            match is_whole && (says(rest, &["IS", "NOT", "NULL"]) || says(rest, &["NOTNULL"])) {
                true => Proof {
                    columns: column_name(*column).into_iter().collect(),
                    whole: true,
                },
                false => Proof::default(),
            }
        }
        [Item::Token(open), inner @ .., Item::Token(close)]
            if open.text() == "(" && close.text() == ")" =>
        {
            not_null(inner)
        }
        _ => Proof::default(),
    }
}

/// `NULL`, also in parentheses or with a cast.
fn is_null(node: Node<'_>) -> bool {
    let mut nulls = 0;
    for item in node.items() {
        match item {
            Item::Node(inner) if inner.is("type") => {}
            Item::Node(inner) if inner.is("special_call") && inner.starts_with("CAST") => {
                nulls += usize::from(is_null(inner));
            }
            Item::Token(word) if word.is("NULL") => nulls += 1,
            Item::Token(word) if ["(", ")", "::", "CAST", "AS"].iter().any(|w| word.is(w)) => {}
            Item::Node(_) | Item::Token(_) => return false,
        }
    }
    nulls == 1
}
