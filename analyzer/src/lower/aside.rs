//! Setting aside, before sqlparser sees the text, what it does not know and no rule asks it for.
//!
//! Our own grammar has read all of it; spaces take its place, so that every position stays.

use std::ops::Range;

use super::Sql;
use super::grammar::Shape;

/// The expressions that may be hard to read, and whose value no rule depends on.
const VALUES: [&str; 5] = [
    "check_value",
    "default_value",
    "generated_value",
    "set_value",
    "using_value",
];

/// The statement without the clauses and items that sqlparser does not know.
pub(super) fn without_clauses(sql: &Sql<'_>, shape: &Shape) -> String {
    cover(sql, shape, &[])
}

/// The same with a plain value for every expression.
pub(super) fn without_values(sql: &Sql<'_>, shape: &Shape) -> String {
    let values: Vec<_> = VALUES.iter().flat_map(|rule| shape.parts(rule)).collect();
    cover(sql, shape, &values)
}

fn cover(sql: &Sql<'_>, shape: &Shape, values: &[Range<usize>]) -> String {
    let start = sql.raw.span.start;
    let inside = |span: &Range<usize>| span.start - start..span.end - start;
    let mut covered = vec![false; sql.statement().len()];
    for span in shape.clauses().chain(values) {
        covered[inside(span)].fill(true);
    }
    for span in shape.items() {
        covered[inside(span)].fill(true);
        cover_comma(sql.statement().as_bytes(), &mut covered, &inside(span));
    }
    let starts_value = |at| values.iter().any(|span| span.start == start + at);
    let character = |(at, c)| match c {
        '\n' => '\n',
        _ if starts_value(at) => '0',
        _ if covered.get(at) == Some(&true) => ' ',
        c => c,
    };
    sql.statement().char_indices().map(character).collect()
}

/// The comma behind an item, or else the one before it, goes with it.
fn cover_comma(text: &[u8], covered: &mut [bool], item: &Range<usize>) {
    let is_blank = |at: &usize| covered[*at] || text[*at].is_ascii_whitespace();
    let behind = (item.end..text.len()).find(|at| !is_blank(at));
    let before = (0..item.start).rev().find(|at| !is_blank(at));
    let comma = [behind, before]
        .into_iter()
        .flatten()
        .find(|at| text[*at] == b',');
    if let Some(comma) = comma {
        covered[comma] = true;
    }
}
