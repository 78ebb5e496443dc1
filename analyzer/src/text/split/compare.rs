//! Whether two texts are the same to the server: they differ in comments and blanks only.

use std::ops::Range;

use super::{Token, TokenKind, tokens};

/// The first token that two texts do not share, in each of them; a text that has ended has an empty range there.
///
/// ```
/// use onward_analyzer::split::difference;
///
/// assert_eq!(difference("SELECT 1", "SELECT  1 -- one"), None);
/// assert!(difference("SELECT 1", "SELECT 2").is_some());
/// assert!(difference("SELECT a <= b", "SELECT a < = b").is_some());
/// ```
#[must_use]
pub fn difference(old: &str, new: &str) -> Option<(Range<usize>, Range<usize>)> {
    let (before, after) = (tokens(old), tokens(new));
    let count = before.len().max(after.len());
    let differs = |n: &usize| {
        let (one, other) = (before.get(*n), after.get(*n));
        meaning(old, one) != meaning(new, other)
            || one.is_some()
                && joint(old, one, before.get(*n + 1)) != joint(new, other, after.get(*n + 1))
    };
    let at = (0..count).find(differs)?;
    Some((place(old, before.get(at)), place(new, after.get(at))))
}

fn meaning<'a>(text: &'a str, token: Option<&Token>) -> Option<&'a str> {
    token.and_then(|token| text.get(token.span()))
}

fn place(text: &str, token: Option<&Token>) -> Range<usize> {
    token.map_or(text.len()..text.len(), |token| token.span())
}

/// What a blank between two tokens means.
#[derive(PartialEq, Eq)]
enum Joint {
    /// Nothing.
    Plain,
    /// Two characters of one operator.
    Operator,
    /// A string that goes on behind a line break.
    Continued,
}

fn joint(text: &str, one: Option<&Token>, next: Option<&Token>) -> Joint {
    let (Some(one), Some(next)) = (one, next) else {
        return Joint::Plain;
    };
    let between = text.get(one.span().end..next.span().start);
    let between = between.unwrap_or_default();
    match (one.kind, next.kind) {
        (TokenKind::Symbol(one), TokenKind::Symbol(next))
            if between.is_empty() && joins(one) && joins(next) =>
        {
            Joint::Operator
        }
        (TokenKind::Literal, TokenKind::Literal) if between.contains(['\n', '\r']) => {
            Joint::Continued
        }
        _ => Joint::Plain,
    }
}

/// Whether the character joins the next one into a longer token; brackets, commas and semicolons do not.
const fn joins(symbol: char) -> bool {
    !matches!(symbol, '(' | ')' | '[' | ']' | ',' | ';')
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn comments_and_blanks_make_no_difference() {
        for (old, new) in [
            ("SELECT 1;", "-- one\nSELECT\n\t1 ;"),
            ("SELECT a.b", "SELECT a . b /* c */"),
            ("SELECT 'a'\n'b'", "SELECT 'a'\n\n  'b'"),
            ("SELECT f(x)", "SELECT f ( x )"),
            ("", "-- nothing"),
        ] {
            assert_eq!(difference(old, new), None, "{old} {new}");
        }
    }

    #[test]
    fn everything_else_does() {
        for (old, new) in [
            ("SELECT 1", "SELECT 2"),
            ("SELECT 1", "SELECT 1, 2"),
            ("SELECT 1; SELECT 2", "SELECT 1"),
            ("SELECT 'a b'", "SELECT 'a  b'"),
            ("SELECT 'a'\n'b'", "SELECT 'a' 'b'"),
            ("SELECT a <= b", "SELECT a < = b"),
            ("SELECT 1.5", "SELECT 1 .5"),
            ("SELECT E'x'", "SELECT E 'x'"),
            ("SELECT $$ a $$", "SELECT $$ a  $$"),
            ("SELECT \"a\"", "SELECT a"),
            ("SELECT a - - b", "SELECT a -- b"),
        ] {
            assert!(difference(old, new).is_some(), "{old} {new}");
        }
    }
}
