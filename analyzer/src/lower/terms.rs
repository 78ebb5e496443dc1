//! The terms of a condition.

use super::grammar::Item;

/// The terms that `AND` joins, without parentheses around them; an `OR` with its operands is a single
/// term.
pub(super) fn terms<'i, 'a>(items: &'i [Item<'a>]) -> Vec<&'i [Item<'a>]> {
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
            // The AND of a BETWEEN does not join terms, and the sides of an OR prove nothing.
            _ if word.is("BETWEEN") => between = true,
            _ if word.is("AND") && between => between = false,
            _ if word.is("AND") => ends.push(at),
            _ if word.is("OR") => return vec![items],
            _ => {}
        }
    }
    let mut all = Vec::new();
    let mut start = 0;
    for end in ends.iter().copied().chain([items.len()]) {
        let term = items.get(start..end).unwrap_or_default();
        match inside(term) {
            Some(inner) => all.extend(terms(inner)),
            None => all.push(term),
        }
        start = end + 1;
    }
    all
}

/// The items inside of the parentheses around the whole.
pub(super) fn inside<'i, 'a>(items: &'i [Item<'a>]) -> Option<&'i [Item<'a>]> {
    let [Item::Token(open), inner @ .., Item::Token(close)] = items else {
        return None;
    };
    let mut depth = 0_usize;
    let closes_early = inner.iter().any(|item| {
        let Item::Token(word) = item else {
            return false;
        };
        match word.text() {
            "(" => depth += 1,
            ")" if depth == 0 => return true,
            ")" => depth -= 1,
            _ => {}
        }
        false
    });
    (open.text() == "(" && close.text() == ")" && !closes_early).then_some(inner)
}

/// Whether the items are these words.
pub(super) fn says(items: &[Item<'_>], words: &[&str]) -> bool {
    items.len() == words.len()
        && items.iter().zip(words).all(|(item, expected)| match item {
            Item::Token(word) => word.is(expected),
            Item::Node(_) => false,
        })
}
