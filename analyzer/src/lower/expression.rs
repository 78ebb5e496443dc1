//! Expressions: their text, and the facts that rules need.

use std::collections::BTreeMap;
use std::ops::Range;

use super::grammar::{Item, Node, Syntax, Word};
use super::literal::string;
use super::name::{identifier, parts};
use super::operand::operands;
use super::terms::{says, terms};
use super::value::value;
use crate::statement::{Call, Expression, Formula, Operand};

pub(super) fn expression(node: Node<'_>) -> Expression {
    let mut columns: Vec<String> = Vec::new();
    let mut outer: Vec<String> = Vec::new();
    let mut tables: Vec<String> = Vec::new();
    let mut subquery_end = 0;
    for inner in node.within() {
        let span = inner.span();
        if inner.is(Syntax::Select) {
            subquery_end = subquery_end.max(span.end);
        }
        if let Some(table) = table_name(inner).filter(|table| !tables.contains(table)) {
            tables.push(table);
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
    let operands = operands(node);
    let items = node.items();
    let proofs: Vec<Option<String>> = terms(&items).into_iter().map(proven).collect();
    Expression {
        text: node.text().to_owned(),
        span: node.span(),
        value: Box::new(value(node, 0)),
        calls: with_arguments(calls(node), operands.arguments),
        casts: operands.casts,
        operations: operands.operations,
        columns,
        outer,
        only_not_null: proofs.iter().all(Option::is_some),
        not_null: proofs.into_iter().flatten().collect(),
        is_null: is_null(node),
        is_true: is_true(node),
        length_limits: length_limits(node),
        formula: Box::new(Formula::Unknown),
        has_subquery: subquery_end > 0,
        tables,
    }
}

/// The expression that is nothing but a name, without what the name means.
pub(super) fn of_name(node: Node<'_>) -> Expression {
    Expression {
        text: node.text().to_owned(),
        span: node.span(),
        value: Box::new(value(node, 0)),
        ..Expression::default()
    }
}

/// Puts the arguments to the calls that begin at the same places.
fn with_arguments(mut calls: Vec<Call>, arguments: Vec<(usize, Vec<Operand>)>) -> Vec<Call> {
    let mut arguments: BTreeMap<usize, Vec<Operand>> = arguments.into_iter().collect();
    for call in &mut calls {
        call.arguments = arguments.remove(&call.span.start).unwrap_or_default();
    }
    calls
}

/// The functions that are called anywhere below a node.
pub(super) fn calls(node: Node<'_>) -> Vec<Call> {
    let is_call = |node: Node<'_>| matches!(node.syntax(), Syntax::FuncName | Syntax::SpecialCall);
    if !node.within().any(is_call) {
        return Vec::new();
    }
    let columns = node.within().filter(|node| node.is(Syntax::ColumnRef));
    let columns: Vec<usize> = columns.map(|column| column.span().start).collect();
    let takes_column = |span: &Range<usize>| {
        let behind = columns.partition_point(|at| *at < span.start);
        columns.get(behind).is_some_and(|at| *at < span.end)
    };
    let mut value_end = match node.is(Syntax::Value) {
        true => node.span().end,
        false => 0,
    };
    let mut subquery_end = 0;
    let mut calls = Vec::new();
    for inner in node.within() {
        let (schema, name, span) = match inner.syntax() {
            Syntax::Value => {
                value_end = value_end.max(inner.span().end);
                continue;
            }
            Syntax::Select if inner.span().start < value_end => {
                subquery_end = subquery_end.max(inner.span().end);
                continue;
            }
            // A name before a string is a type: `date '2020-01-01'`.
            Syntax::FuncName if inner.next_word() == "(" => {
                let mut parts = parts(inner.words());
                let name = parts.pop().unwrap_or_default();
                (parts.pop(), name, inner.span_with_arguments())
            }
            // A CAST is not a call, whatever function implements it.
            Syntax::SpecialCall if !inner.starts_with("CAST") && !inner.starts_with("TREAT") => {
                let first = inner.words().next();
                let name = first.map(|word| identifier(word.text()));
                (None, name.unwrap_or_default(), inner.span())
            }
            _ => continue,
        };
        let is_plain = inner.is(Syntax::FuncName);
        let arguments = if is_plain {
            inner.arguments()
        } else {
            Vec::new()
        };
        calls.push(Call {
            schema,
            name,
            constants: arguments.iter().map(|one| constant(one)).collect(),
            takes_column: takes_column(&span),
            in_subquery: span.start < subquery_end,
            windowed: inner.is_windowed(),
            arguments: Vec::new(),
            span,
        });
    }
    calls
}

/// The value of a constant, with or without a cast.
fn constant(words: &[Word<'_>]) -> Option<String> {
    let (first, rest) = words.split_first()?;
    let is_alone = rest.first().is_none_or(|next| next.text() == "::");
    let text = first.text();
    let is_plain =
        text.starts_with(|c: char| c.is_ascii_digit()) || first.is("TRUE") || first.is("FALSE");
    match first.is_string() {
        _ if !is_alone => None,
        true => Some(string(text)),
        false => is_plain.then(|| text.to_ascii_lowercase()),
    }
}

/// The functions that return the length of a value.
const LENGTHS: [&str; 4] = ["char_length", "character_length", "length", "octet_length"];

/// The `n` of `octet_length(column) <= n`, `< n`, `= n` or `BETWEEN m AND n`; also of `char_length`.
fn length_limits(node: Node<'_>) -> Vec<(String, u64)> {
    let words: Vec<Word<'_>> = node.words().collect();
    let number = |at: usize| words.get(at)?.text().parse().ok();
    let limits = words.windows(5).enumerate().filter_map(|(at, five)| {
        let [call, open, column, close, sign] = five else {
            return None;
        };
        let name = call.text().to_ascii_lowercase();
        if !LENGTHS.contains(&name.as_str()) || open.text() != "(" || close.text() != ")" {
            return None;
        }
        let most: u64 = match sign.text() {
            "<" | "=" | "<=" => number(at + 5)?,
            _ if sign.is("BETWEEN") => number(at + 7)?,
            _ => return None,
        };
        Some((identifier(column.text()), most))
    });
    limits.collect()
}

/// `a`, `t.a`, `a[1]` and `(r).a` name the column without the rest; `*` names none.
pub(super) fn column_name(node: Node<'_>) -> Option<String> {
    let name = node.words().take_while(|word| word.text() != "[");
    let names_all = node.words().any(|word| word.text() == "*");
    parts(name).pop().filter(|_| !names_all)
}

/// The `t` of `t.a` and `t.*`.
fn table_name(node: Node<'_>) -> Option<String> {
    let mut words = node.words();
    let (table, dot) = (words.next()?, words.next()?);
    let is_qualified = node.is(Syntax::ColumnRef) && dot.text() == ".";
    is_qualified.then(|| identifier(table.text()))
}

/// The column that cannot be null where the term is true: `a IS NOT NULL`.
fn proven(term: &[Item<'_>]) -> Option<String> {
    let [Item::Node(column), rest @ ..] = term else {
        return None;
    };
    // An element of an array says nothing about the array.
    let is_whole = column.is(Syntax::ColumnRef) && column.words().all(|word| word.text() != "[");
    let says_so = says(rest, &["IS", "NOT", "NULL"]) || says(rest, &["NOTNULL"]);
    (is_whole && says_so).then(|| column_name(*column))?
}

/// `TRUE`, also in parentheses.
fn is_true(node: Node<'_>) -> bool {
    let mut words = node
        .words()
        .filter(|word| !matches!(word.text(), "(" | ")"));
    words.next().is_some_and(|word| word.is("TRUE")) && words.next().is_none()
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
