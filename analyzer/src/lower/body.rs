//! The statements in quoted bodies, with their places in the file.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::literal::string;
use super::name::{Target, identifier};
use super::{at, plpgsql};
use crate::statement::scope::follow;
use crate::statement::{Body, Change, Literal, Meets};
use crate::text::split::{TokenKind, split, tokens};

/// The statements of a body; `None` if the body is not analyzed, because of its language or its quoting. Its routine has
/// these `parameters`.
pub(super) fn read(
    target: Target<'_>,
    quoted: &str,
    start: usize,
    language: &str,
    parameters: &[String],
) -> Option<Body> {
    let inner = Inner::of(quoted)?;
    let text = inner.text.as_ref();
    let base = start + inner.start;
    let mut returns_value = false;
    let mut expressions = BTreeSet::new();
    let (statements, branches) = match language {
        "sql" => {
            let split = split(text);
            let whole = split.statements.iter().filter(|raw| raw.unclosed.is_none());
            let mut temporary = target.temporary.clone();
            let statements = whole.map(|raw| {
                let target = Target {
                    temporary: &temporary,
                    ..target
                };
                let statement = at(text, base, raw, target);
                follow(&mut temporary, &statement);
                statement
            });
            (statements.collect(), false)
        }
        "plpgsql" => {
            let read = plpgsql::read(text, base, target, parameters);
            returns_value = read.returns_value;
            expressions = read.expressions;
            (read.statements, read.branches)
        }
        _ => return None,
    };
    let (literals, words) = said(text, base);
    let body = Body {
        span: base..base + text.len(),
        statements,
        literals,
        words,
        branches,
        returns_value,
        expressions,
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
                meets: Meets::Unknown,
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
            "E" | "e" => true,
            _ => return None,
        };
        let text = quoted.get(open + 1..quoted.len().checked_sub(1)?)?;
        let is_guessed = text.contains('\'') || escapes && text.contains('\\');
        Some(Self {
            text: match is_guessed {
                true => Cow::Owned(Plain::of(text, escapes)?),
                false => Cow::Borrowed(text),
            },
            start: open + 1,
            is_guessed,
        })
    }
}

/// The text that a quoted text says, with spaces where it is shorter, so that every byte of what
/// remains keeps its place.
struct Plain<'a> {
    rest: &'a str,
    plain: String,
    /// Inside of a string of the text itself.
    inside: bool,
}

impl<'a> Plain<'a> {
    /// `None` for what would have to move, such as a letter that is written as a code.
    fn of(text: &'a str, escapes: bool) -> Option<String> {
        let mut this = Self {
            rest: text,
            plain: String::with_capacity(text.len()),
            inside: false,
        };
        let special: &[char] = if escapes { &['\'', '\\'] } else { &['\''] };
        while let Some(at) = this.rest.find(special) {
            this.keep(at);
            match this.is_quote(escapes) {
                true => this.quote(escapes),
                false if this.rest.starts_with('\\') => this.escape()?,
                false => this.gap()?,
            }
        }
        this.keep(this.rest.len());
        Some(this.plain)
    }

    fn keep(&mut self, bytes: usize) {
        let (kept, rest) = self.rest.split_at(bytes);
        self.plain.push_str(kept);
        self.rest = rest;
    }

    /// Two bytes become others.
    fn put(&mut self, plain: &str) {
        self.plain.push_str(plain);
        self.rest = self.rest.get(2..).unwrap_or_default();
    }

    fn is_quote(&self, escapes: bool) -> bool {
        self.rest.starts_with("''") || escapes && self.rest.starts_with("\\'")
    }

    /// A quote becomes one and a space outside of the string that it opens or closes.
    fn quote(&mut self, escapes: bool) {
        if !self.inside {
            self.put(" '");
            self.inside = true;
            return;
        }
        self.put("");
        match self.is_quote(escapes) {
            // Four quotes are one doubled quote of the string inside.
            true => self.put("''  "),
            false => {
                self.plain.push_str("' ");
                self.inside = false;
            }
        }
    }

    /// White space and a backslash; what else a backslash says is not looked into.
    fn escape(&mut self) -> Option<()> {
        let plain = match self.rest.as_bytes().get(1)? {
            b'n' => " \n",
            b't' => " \t",
            b'r' => " \r",
            b'\\' => "\\ ",
            _ => return None,
        };
        self.put(plain);
        Some(())
    }

    /// `' <line break> '` between two parts, which are one text.
    fn gap(&mut self) -> Option<()> {
        let end = self.rest.get(1..)?.find('\'')? + 2;
        let (gap, rest) = self.rest.split_at(end);
        let joins = |c: char| c.is_alphanumeric() || c == '_';
        let cuts_a_word = self.plain.ends_with(joins) && rest.starts_with(joins);
        let is_plain = gap.trim_matches('\'').trim().is_empty() && gap.contains('\n');
        if cuts_a_word || !is_plain {
            return None;
        }
        self.plain.extend(std::iter::repeat_n(' ', end));
        self.rest = rest;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_keeps_its_length_and_its_strings() {
        for (text, plain) in [
            ("SELECT 1", "SELECT 1"),
            ("SELECT ''a''", "SELECT  'a' "),
            ("SELECT ''it''''s'', 2", "SELECT  'it''  s' , 2"),
            ("SELECT ''''", "SELECT  '' "),
            ("SELECT\\n\\'a\\', \\t2", "SELECT \n 'a' ,  \t2"),
            ("a '\n  'b", "a      b"),
        ] {
            assert_eq!(Plain::of(text, true).as_deref(), Some(plain), "{text}");
            assert_eq!(plain.len(), text.len());
        }
        for moved in ["a'\n'b", "\\x61", "\\u0061"] {
            assert_eq!(Plain::of(moved, true), None, "{moved}");
        }
    }
}
