//! Puts units into an order in which each finds what it names. Pure.

use std::collections::BTreeSet;

use crate::text::quote::quote_ident;
use crate::text::split::{Token, TokenKind, tokens};

/// A statement to be written.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// Statements of a later phase need all of an earlier one.
    pub(super) phase: u8,
    pub(super) sql: String,
    /// The name by which other units mention what this one creates: with its schema.
    pub(super) creates: Option<String>,
    /// Which units of the same object stand before it: those with a smaller number.
    pub(super) of: Option<String>,
}

/// In the order of phases and then of the files, but none before what it names.
pub(super) fn in_order(units: Vec<Unit>) -> Vec<String> {
    let mentioned: Vec<BTreeSet<String>> = units.iter().map(|unit| names(&unit.sql)).collect();
    let needs = |at: usize, other: usize| {
        let (unit, one) = (&units[at], &units[other]);
        let is_named = one.creates.as_ref().is_some_and(|name| {
            let plain = name.rsplit('.').next().unwrap_or(name);
            let is_mentioned = mentioned[at].contains(name) || mentioned[at].contains(plain);
            unit.creates.as_ref() != Some(name) && is_mentioned
        });
        let is_same = unit.of.is_some() && unit.of == one.of && other < at;
        at != other && (is_named || is_same)
    };
    let mut left: Vec<usize> = (0..units.len()).collect();
    left.sort_by_key(|at| (units[*at].phase, *at));
    let mut written = Vec::new();
    while !left.is_empty() {
        let is_free = |at: &usize| !left.iter().any(|other| needs(*at, *other));
        // In a circle, which only functions can form, the first one of the files comes first.
        let next = left.iter().position(is_free).unwrap_or(0);
        written.push(left.remove(next));
    }
    written
        .into_iter()
        .map(|at| units[at].sql.clone())
        .collect()
}

/// The names in a text: each as it is written, and a word also by itself, which may mean an object of the module. A body in
/// quotes is resolved when it runs.
fn names(sql: &str) -> BTreeSet<String> {
    let tokens = tokens(sql);
    let text = |token: &Token| sql.get(token.span()).unwrap_or_default();
    let triples = tokens.windows(3).filter_map(|three| match three {
        [schema, dot, name] if is_word(schema) && text(dot) == "." && is_word(name) => Some(
            format!("{}.{}", identifier(text(schema)), identifier(text(name))),
        ),
        _ => None,
    });
    let words = tokens.iter().filter(|token| is_word(token));
    let words = words.map(|token| identifier(text(token)));
    // `nextval('shop.ids')` names a sequence in a string.
    let literals = tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Literal);
    let in_strings =
        literals.filter_map(|token| text(token).strip_prefix('\'')?.strip_suffix('\''));
    triples
        .chain(words)
        .chain(in_strings.map(str::to_owned))
        .collect()
}

const fn is_word(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::QuotedWord)
}

/// As `quote_name` writes it.
fn identifier(word: &str) -> String {
    match word.strip_prefix('"') {
        Some(quoted) => quote_ident(&quoted.trim_end_matches('"').replace("\"\"", "\"")),
        None => quote_ident(&word.to_lowercase()),
    }
}
