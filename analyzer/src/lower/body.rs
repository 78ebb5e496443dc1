//! The statements in quoted bodies, with their places in the file.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::literal::string;
use super::name::{Target, identifier};
use super::{at, plpgsql};
use crate::statement::{Body, Change, Literal};
use crate::text::split::{TokenKind, split, tokens};

/// The statements of a body; `None` if the body is not analyzed, because of its language or its quoting.
pub(super) fn read(target: Target<'_>, quoted: &str, start: usize, language: &str) -> Option<Body> {
    let inner = Inner::of(quoted)?;
    let text = inner.text.as_ref();
    let base = start + inner.start;
    let (statements, branches) = match language {
        "sql" => {
            let split = split(text);
            let whole = split.statements.iter().filter(|raw| raw.unclosed.is_none());
            (
                whole.map(|raw| at(text, base, raw, target)).collect(),
                false,
            )
        }
        "plpgsql" => plpgsql::read(text, base, target),
        _ => return None,
    };
    let (literals, words) = said(text, base);
    let body = Body {
        span: base..base + text.len(),
        statements,
        literals,
        words,
        branches,
    };
    (!inner.is_guessed || !has_unknown(&body)).then_some(body)
}

/// The strings and the words of a body, also those outside of its statements.
fn said(text: &str, base: usize) -> (Vec<Literal>, BTreeSet<String>) {
    let mut literals = Vec::new();
    let mut words = BTreeSet::new();
    for token in tokens(text) {
        let span = token.span();
        let written = text.get(span.clone()).unwrap_or_default();
        if token.kind == TokenKind::Literal {
            literals.push(Literal {
                value: string(written),
                span: base + span.start..base + span.end,
            });
        } else if matches!(token.kind, TokenKind::Word | TokenKind::QuotedWord) {
            words.insert(identifier(written));
        }
    }
    (literals, words)
}

pub(super) fn has_unknown(body: &Body) -> bool {
    let mut clauses = body.statements.iter().flat_map(|inner| &inner.clauses);
    clauses.any(|clause| matches!(clause.change, Change::Unknown { .. }))
}

/// The text between the quotes, at its offset in the file.
struct Inner<'a> {
    text: Cow<'a, str>,
    start: usize,
    /// Doubled quotes have been replaced, which is right unless they are in a comment.
    is_guessed: bool,
}

impl<'a> Inner<'a> {
    fn of(quoted: &'a str) -> Option<Self> {
        if let Some(tagged) = quoted.strip_prefix('$') {
            let tag = tagged.find('$')? + 2;
            let text = quoted.get(tag..quoted.len().checked_sub(tag)?)?;
            return Some(Self {
                text: Cow::Borrowed(text),
                start: tag,
                is_guessed: false,
            });
        }
        let open = quoted.find('\'')?;
        let escapes = match &quoted[..open] {
            "" => false,
            "E" | "e" => quoted.contains('\\'),
            _ => true,
        };
        let text = quoted.get(open + 1..quoted.len().checked_sub(1)?)?;
        // A quote that is not doubled ends one part of a string, which continues on the next line.
        let is_one = text.split("''").all(|part| !part.contains('\''));
        let is_guessed = text.contains("''");
        (!escapes && is_one).then(|| Self {
            text: match is_guessed {
                true => Cow::Owned(undoubled(text)),
                false => Cow::Borrowed(text),
            },
            start: open + 1,
            is_guessed,
        })
    }
}

/// Replaces each doubled quote by one quote and a space outside of the string that it opens or closes, so
/// that every other byte keeps its offset.
fn undoubled(text: &str) -> String {
    let parts: Vec<&str> = text.split("''").collect();
    let mut plain = String::with_capacity(text.len());
    let mut inside = false;
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        plain.push_str(part);
        match parts.get(at + 1..) {
            None | Some([]) => {}
            // Four quotes are a doubled quote inside of the inner string.
            Some(["", _, ..]) if inside => {
                plain.push_str("''  ");
                at += 1;
            }
            Some(_) => {
                plain.push_str(if inside { "' " } else { " '" });
                inside = !inside;
            }
        }
        at += 1;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undoubled_text_keeps_its_length_and_its_strings() {
        for (text, plain) in [
            ("SELECT 1", "SELECT 1"),
            ("SELECT ''a''", "SELECT  'a' "),
            ("SELECT ''it''''s'', 2", "SELECT  'it''  s' , 2"),
        ] {
            assert_eq!(undoubled(text), plain);
            assert_eq!(undoubled(text).len(), text.len());
        }
    }
}
