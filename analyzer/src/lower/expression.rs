//! Expressions: their text, and what rules ask of it.

use super::grammar::{Item, Node, Word};
use super::name::{identifier, parts};
use crate::statement::{Call, Expression};

pub(super) fn expression(node: Node<'_>) -> Expression {
    let mut columns: Vec<String> = Vec::new();
    for column in node.within().filter(|node| node.is("column_ref")) {
        if let Some(name) = column_name(column)
            && !columns.contains(&name)
        {
            columns.push(name);
        }
    }
    Expression {
        text: node.text().to_owned(),
        span: node.span(),
        calls: calls(node),
        columns,
        not_null: not_null(&node.items()),
        is_null: is_null(node),
    }
}

/// The functions that are called anywhere below a node.
pub(super) fn calls(node: Node<'_>) -> Vec<Call> {
    let calls = node.within().filter_map(|node| match node.rule() {
        // A name before a string is a type: `date '2020-01-01'`.
        "func_name" if node.next_word() == "(" => {
            let mut parts = parts(node);
            let name = parts.pop()?;
            Some(Call {
                schema: parts.pop(),
                name,
                span: node.span_with_arguments(),
            })
        }
        "special_call" => Some(Call {
            schema: None,
            name: identifier(first_word(node)?.text()),
            span: node.span(),
        }),
        _ => None,
    });
    calls.collect()
}

fn first_word(node: Node<'_>) -> Option<Word<'_>> {
    node.items().into_iter().find_map(|item| match item {
        Item::Token(word) => Some(word),
        Item::Node(_) => None,
    })
}

/// `a`, `t.a`, `a[1]` and `(r).a` without the rest; `*` names no column.
fn column_name(node: Node<'_>) -> Option<String> {
    let subscript = node.text().find('[').unwrap_or(node.text().len());
    let last = node.text()[..subscript].trim().rsplit('.').next()?.trim();
    (last != "*").then(|| match last.starts_with('"') || !last.contains('"') {
        true => identifier(last),
        // A dot inside of quotes.
        false => parts(node).pop().unwrap_or_default(),
    })
}

/// The columns that cannot be null where this is true: its top-level terms `a IS NOT NULL`.
fn not_null(items: &[Item<'_>]) -> Vec<String> {
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
            _ if word.is("OR") => return Vec::new(),
            _ => {}
        }
    }
    let mut columns = Vec::new();
    let mut start = 0;
    for end in ends.into_iter().chain([items.len()]) {
        columns.extend(term(items.get(start..end).unwrap_or_default()));
        start = end + 1;
    }
    columns
}

fn term(items: &[Item<'_>]) -> Vec<String> {
    let says = |items: &[Item<'_>], words: &[&str]| {
        items.len() == words.len()
            && items.iter().zip(words).all(|(item, expected)| match item {
                Item::Token(word) => word.is(expected),
                Item::Node(_) => false,
            })
    };
    match items {
        [Item::Node(column), rest @ ..] if column.is("column_ref") => {
            match says(rest, &["IS", "NOT", "NULL"]) || says(rest, &["NOTNULL"]) {
                true => column_name(*column).into_iter().collect(),
                false => Vec::new(),
            }
        }
        [Item::Token(open), inner @ .., Item::Token(close)]
            if open.text() == "(" && close.text() == ")" =>
        {
            not_null(inner)
        }
        _ => Vec::new(),
    }
}

/// `NULL`, also in parentheses or with a cast.
fn is_null(node: Node<'_>) -> bool {
    let words: Vec<Word<'_>> = node
        .items()
        .into_iter()
        .filter_map(|item| match item {
            Item::Token(word) if !matches!(word.text(), "(" | ")" | "::") => Some(word),
            Item::Token(_) => None,
            Item::Node(_) => None,
        })
        .collect();
    let no_other_node = node.children().all(|child| child.is("type"));
    matches!(words.as_slice(), [null] if null.is("NULL")) && no_other_node
}
