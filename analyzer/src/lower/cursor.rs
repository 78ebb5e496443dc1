//! A reader over a statement's tokens, for our own grammar.

use std::ops::Range;

use super::Sql;
use crate::split::{Token, TokenKind};
use crate::statement::Name;

pub(super) struct Cursor<'a> {
    sql: &'a Sql<'a>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(sql: &'a Sql<'a>) -> Self {
        Self { sql, at: 0 }
    }

    /// At a byte of the file.
    pub(super) fn at(sql: &'a Sql<'a>, byte: usize) -> Self {
        let at = sql
            .raw
            .tokens
            .partition_point(|token| token.span.start < byte);
        Self { sql, at }
    }

    /// Whether these keywords follow each other somewhere from here to a byte of the file.
    pub(super) fn eats_later(&mut self, keywords: &[&str], end: usize) -> bool {
        while self.peek().is_some_and(|token| token.span.start < end) {
            if self.eat(keywords) {
                return true;
            }
            self.at += 1;
        }
        false
    }

    /// Whether the symbol comes before any of these keywords.
    pub(super) fn comes_before_end(&mut self, symbol: char, keywords: &[&str]) -> bool {
        while !self.at_end() && !self.eat_any(keywords) {
            if self.eat_symbol(symbol) {
                return true;
            }
            self.at += 1;
        }
        false
    }

    fn peek(&self) -> Option<&'a Token> {
        self.sql.raw.tokens.get(self.at)
    }

    fn text(&self, token: &Token) -> &'a str {
        &self.sql.text[token.span.clone()]
    }

    pub(super) fn at_end(&self) -> bool {
        self.peek().is_none()
    }

    /// Takes the next word, if there is one, as an upper-case keyword.
    pub(super) fn keyword(&mut self) -> Option<String> {
        let keyword = self.sql.raw.keyword(self.sql.text, self.at)?;
        self.at += 1;
        Some(keyword)
    }

    /// Takes these keywords if they come next.
    pub(super) fn eat(&mut self, keywords: &[&str]) -> bool {
        let comes = keywords.iter().enumerate().all(|(n, keyword)| {
            self.sql.raw.keyword(self.sql.text, self.at + n).as_deref() == Some(keyword)
        });
        self.at += if comes { keywords.len() } else { 0 };
        comes
    }

    /// Takes the first of these keywords that comes next.
    pub(super) fn eat_any(&mut self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.eat(&[keyword]))
    }

    pub(super) fn eat_symbol(&mut self, symbol: char) -> bool {
        let comes = self
            .peek()
            .is_some_and(|token| token.kind == TokenKind::Symbol(symbol));
        self.at += usize::from(comes);
        comes
    }

    pub(super) fn literal(&mut self) -> Option<String> {
        let token = self
            .peek()
            .filter(|token| token.kind == TokenKind::Literal)?;
        self.at += 1;
        Some(self.text(token).trim_matches('\'').to_owned())
    }

    /// One identifier, folded as PostgreSQL folds it.
    pub(super) fn identifier(&mut self) -> Option<(String, Range<usize>)> {
        let token = self.peek()?;
        let text = self.text(token);
        let name = match token.kind {
            TokenKind::Word => text.to_ascii_lowercase(),
            TokenKind::QuotedWord => text.trim_matches('"').replace("\"\"", "\""),
            TokenKind::Literal
            | TokenKind::Number
            | TokenKind::Symbol(_)
            | TokenKind::Comment
            | TokenKind::Psql => return None,
        };
        self.at += 1;
        Some((name, token.span.clone()))
    }

    /// A name with or without its schema.
    pub(super) fn name(&mut self) -> Option<(Name, Range<usize>)> {
        let (first, mut span) = self.identifier()?;
        let mut parts = vec![first];
        while self.eat_symbol('.') {
            let (part, last) = self.identifier()?;
            parts.push(part);
            span.end = last.end;
        }
        Some((self.sql.resolve(&parts), span))
    }

    /// Skips one balanced pair of parentheses, if it comes next.
    pub(super) fn skip_parentheses(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::Symbol('(') => depth += 1,
                TokenKind::Symbol(')') => depth = depth.saturating_sub(1),
                _ if depth == 0 => return,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}
