//! Expressions: their text, and what rules ask of it.

use super::grammar::{Item, Node, Syntax};
use super::name::{identifier, parts};
use super::terms::{says, terms};
use crate::statement::{Call, Expression};

pub(super) fn expression(node: Node<'_>) -> Expression {
    let mut columns: Vec<String> = Vec::new();
    let mut outer: Vec<String> = Vec::new();
    let mut subquery_end = 0;
    for inner in node.within() {
        let span = inner.span();
        if inner.is(Syntax::Select) {
            subquery_end = subquery_end.max(span.end);
        }
        let Some(name) = inner
            .is(Syntax::ColumnRef)
            .then(|| column_name(inner))
            .flatten()
        else {
            continue;
        };
        if span.start >= subquery_end && !outer.contains(&name) {
            outer.push(name.clone());
        }
        if !columns.contains(&name) {
            columns.push(name);
        }
    }
    let items = node.items();
    let proofs: Vec<Option<String>> = terms(&items).into_iter().map(proven).collect();
    Expression {
        text: node.text().to_owned(),
        span: node.span(),
        calls: calls(node),
        columns,
        outer,
        only_not_null: proofs.iter().all(Option::is_some),
        not_null: proofs.into_iter().flatten().collect(),
        is_null: is_null(node),
    }
}

/// The functions that are called anywhere below a node.
pub(super) fn calls(node: Node<'_>) -> Vec<Call> {
    let calls = node.within().filter_map(|node| match node.syntax() {
        // A name before a string is a type: `date '2020-01-01'`.
        Syntax::FuncName if node.next_word() == "(" => {
            let mut parts = parts(node.words());
            let name = parts.pop()?;
            Some(Call {
                schema: parts.pop(),
                name,
                span: node.span_with_arguments(),
            })
        }
        // A CAST is none, whatever function it takes.
        Syntax::SpecialCall if !node.starts_with("CAST") && !node.starts_with("TREAT") => {
            Some(Call {
                schema: None,
                name: identifier(node.words().next()?.text()),
                span: node.span(),
            })
        }
        _ => None,
    });
    calls.collect()
}

/// `a`, `t.a`, `a[1]` and `(r).a` without the rest; `*` names no column.
pub(super) fn column_name(node: Node<'_>) -> Option<String> {
    let name = node.words().take_while(|word| word.text() != "[");
    let names_all = node.words().any(|word| word.text() == "*");
    parts(name).pop().filter(|_| !names_all)
}

/// The column that cannot be null where a term is true: `a IS NOT NULL`.
fn proven(term: &[Item<'_>]) -> Option<String> {
    let [Item::Node(column), rest @ ..] = term else {
        return None;
    };
    // An element of an array is no proof for the array.
    let is_whole = column.is(Syntax::ColumnRef) && column.words().all(|word| word.text() != "[");
    let says_so = says(rest, &["IS", "NOT", "NULL"]) || says(rest, &["NOTNULL"]);
    (is_whole && says_so).then(|| column_name(*column))?
}

/// `NULL`, also in parentheses or with a cast.
fn is_null(node: Node<'_>) -> bool {
    let mut nulls = 0;
    for item in node.items() {
        match item {
            Item::Node(inner) if inner.is(Syntax::Type) => {}
            Item::Node(inner) if inner.is(Syntax::SpecialCall) && inner.starts_with("CAST") => {
                nulls += usize::from(is_null(inner));
            }
            Item::Token(word) if word.is("NULL") => nulls += 1,
            Item::Token(word) if ["(", ")", "::", "CAST", "AS"].iter().any(|w| word.is(w)) => {}
            Item::Node(_) | Item::Token(_) => return false,
        }
    }
    nulls == 1
}
