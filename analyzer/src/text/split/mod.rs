//! Splits a text into statements, each with its byte range, and collects the comments.
//!
//! In PostgreSQL's grammar a statement can contain a semicolon in two places only: in the bodies of
//! `CREATE RULE ... DO (a; b)` and of `BEGIN ATOMIC a; b END`. Everywhere else a semicolon ends the
//! statement, also inside an unbalanced parenthesis, so that one mistake does not hide the statements
//! after it.

mod compare;
mod lexer;

use std::ops::Range;

pub use compare::difference;
pub use lexer::Unclosed;
pub(crate) use lexer::{Token, TokenKind};

use lexer::Lexer;

/// A text, split into statements and comments.
///
/// ```
/// let split = onward_analyzer::split::split("SELECT 1; -- one\nSELECT 2");
/// assert_eq!(split.statements.len(), 2);
/// assert_eq!(split.comments.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// The statements in order.
    pub statements: Vec<Raw>,
    /// The comments in order, also those inside statements.
    pub comments: Vec<Range<usize>>,
    /// Where a comment begins that is never closed.
    pub unclosed_comment: Option<usize>,
}

/// One statement as text.
///
/// ```
/// let split = onward_analyzer::split::split("SELECT 1;");
/// assert_eq!(split.statements[0].span, 0..8);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// From the first token to the last, without the semicolon.
    pub span: Range<usize>,
    /// A literal that is never closed, and the byte offset where it opens.
    pub unclosed: Option<(Unclosed, usize)>,
    /// The tokens without comments. A statement has at least one.
    pub(crate) tokens: Vec<Token>,
}

impl Raw {
    /// The `n`th token as an upper-case keyword; a quoted word is not a keyword.
    pub(crate) fn keyword(&self, text: &str, n: usize) -> Option<String> {
        let token = self
            .tokens
            .get(n)
            .filter(|token| token.kind == TokenKind::Word)?;
        Some(text[token.span()].to_ascii_uppercase())
    }

    /// Whether the statement starts with these keywords.
    pub(crate) fn starts_with(&self, text: &str, keywords: &[&str]) -> bool {
        keywords
            .iter()
            .enumerate()
            .all(|(n, keyword)| self.keyword(text, n).as_deref() == Some(keyword))
    }

    /// Whether this is `COPY ... FROM STDIN`, whose data follows in the file.
    pub(crate) fn is_copy_from_stdin(&self, text: &str) -> bool {
        let mut depth = 0_usize;
        self.starts_with(text, &["COPY"])
            && self.tokens.iter().enumerate().any(|(n, token)| {
                match token.kind {
                    TokenKind::Symbol('(') => depth += 1,
                    TokenKind::Symbol(')') => depth = depth.saturating_sub(1),
                    _ => {}
                }
                // Only at the top level: a query in parentheses may read a table with that name.
                depth == 0
                    && self.keyword(text, n).as_deref() == Some("FROM")
                    && self.keyword(text, n + 1).as_deref() == Some("STDIN")
            })
    }
}

/// The tokens of a text without its comments.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    Lexer::new(text)
        .filter(|token| token.kind != TokenKind::Comment)
        .collect()
}

/// The tokens of a text, and its comments among them.
pub(crate) fn tokens_and_comments(text: &str) -> Vec<Token> {
    Lexer::new(text).collect()
}

/// Splits a text into statements. It never fails, and its time is linear in the length of the text.
///
/// ```
/// let text = "SELECT ';'; SELECT 2";
/// let split = onward_analyzer::split::split(text);
/// assert_eq!(&text[split.statements[0].span.clone()], "SELECT ';'");
/// ```
#[must_use]
pub fn split(text: &str) -> Split {
    let mut split = Split::default();
    let mut open = Open::new(text);
    let mut lexer = Lexer::new(text);
    while let Some(token) = lexer.next() {
        match token.kind {
            TokenKind::Comment => {
                if lexer.unclosed.is_some() {
                    split.unclosed_comment = Some(token.span().start);
                }
                split.comments.push(token.span());
            }
            TokenKind::Psql => {
                split.statements.extend(open.close(None));
                open.push(token);
                split.statements.extend(open.close(None));
            }
            TokenKind::Symbol(';') if open.may_end() => {
                let statement = open.close(None);
                if statement
                    .as_ref()
                    .is_some_and(|raw| raw.is_copy_from_stdin(text))
                {
                    lexer.skip_copy_data();
                }
                split.statements.extend(statement);
            }
            TokenKind::Symbol(_)
            | TokenKind::Word
            | TokenKind::QuotedWord
            | TokenKind::Literal
            | TokenKind::Number => open.push(token),
        }
    }
    let unclosed = lexer.unclosed.filter(|what| *what != Unclosed::Comment);
    split.statements.extend(open.close(unclosed));
    split
}

/// The statement that is being read.
struct Open<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// The number of open parentheses.
    depth: usize,
    /// Inside `BEGIN ATOMIC`: the number of `END`s that must still follow.
    atomic: usize,
}

impl<'a> Open<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            tokens: Vec::new(),
            depth: 0,
            atomic: 0,
        }
    }

    fn word(&self, token: &Token) -> Option<&'a str> {
        (token.kind == TokenKind::Word).then(|| &self.text[token.span()])
    }

    fn push(&mut self, token: Token) {
        let word = self.word(&token).unwrap_or_default();
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        match token.kind {
            TokenKind::Symbol('(') => self.depth += 1,
            TokenKind::Symbol(')') => self.depth = self.depth.saturating_sub(1),
            // After AS and after a dot, every keyword is a name.
            TokenKind::Word if self.atomic > 0 && (self.last_is("AS") || self.last_is_dot()) => {}
            TokenKind::Word if self.atomic > 0 && is("CASE") => self.atomic += 1,
            TokenKind::Word if self.atomic > 0 && is("END") => self.atomic -= 1,
            TokenKind::Word if is("ATOMIC") && self.creates() && self.last_is("BEGIN") => {
                self.atomic = 1;
            }
            TokenKind::Symbol(_)
            | TokenKind::Word
            | TokenKind::QuotedWord
            | TokenKind::Literal
            | TokenKind::Number
            | TokenKind::Comment
            | TokenKind::Psql => {}
        }
        self.tokens.push(token);
    }

    fn last_is(&self, keyword: &str) -> bool {
        self.tokens
            .last()
            .and_then(|token| self.word(token))
            .is_some_and(|word| word.eq_ignore_ascii_case(keyword))
    }

    fn last_is_dot(&self) -> bool {
        let last = self.tokens.last();
        last.is_some_and(|token| token.kind == TokenKind::Symbol('.'))
    }

    fn starts_with(&self, keywords: &[&str]) -> bool {
        keywords.iter().enumerate().all(|(n, keyword)| {
            let word = self.tokens.get(n).and_then(|token| self.word(token));
            word.is_some_and(|word| word.eq_ignore_ascii_case(keyword))
        })
    }

    fn creates(&self) -> bool {
        self.starts_with(&["CREATE"])
    }

    fn is_rule(&self) -> bool {
        self.starts_with(&["CREATE", "RULE"])
            || self.starts_with(&["CREATE", "OR", "REPLACE", "RULE"])
    }

    /// Whether a semicolon here ends the statement.
    fn may_end(&self) -> bool {
        self.atomic == 0 && !(self.depth > 0 && self.is_rule())
    }

    fn close(&mut self, unclosed: Option<Unclosed>) -> Option<Raw> {
        self.depth = 0;
        self.atomic = 0;
        let tokens = std::mem::take(&mut self.tokens);
        let (first, last) = (tokens.first()?, tokens.last()?);
        Some(Raw {
            span: first.span().start..last.span().end,
            unclosed: unclosed.map(|unclosed| (unclosed, last.span().start)),
            tokens,
        })
    }
}

#[cfg(test)]
mod tests;
