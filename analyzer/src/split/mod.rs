//! Text to statements, each with its bytes and the comments that stand above it.
//!
//! PostgreSQL's grammar has a semicolon inside a statement in two places only: in the bodies of
//! `CREATE RULE ... DO (a; b)` and of `BEGIN ATOMIC a; b END`. Everywhere else it ends the
//! statement, also inside an unbalanced parenthesis, so that one slip hides nothing behind it.

mod lexer;

use std::ops::Range;

pub use lexer::Unclosed;
pub(crate) use lexer::{Token, TokenKind};

use lexer::Lexer;

/// A file's text, cut.
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
    /// A comment that is never closed.
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
    /// A literal that is never closed, and where it opens.
    pub unclosed: Option<(Unclosed, usize)>,
    /// The tokens without comments; empty bodies do not make a statement.
    pub(crate) tokens: Vec<Token>,
}

impl Raw {
    /// The `n`th token as an upper-case keyword; quoted words are no keywords.
    pub(crate) fn keyword(&self, text: &str, n: usize) -> Option<String> {
        let token = self
            .tokens
            .get(n)
            .filter(|token| token.kind == TokenKind::Word)?;
        Some(text[token.span.clone()].to_ascii_uppercase())
    }

    /// Whether the statement starts with these keywords.
    pub(crate) fn starts_with(&self, text: &str, keywords: &[&str]) -> bool {
        keywords
            .iter()
            .enumerate()
            .all(|(n, keyword)| self.keyword(text, n).as_deref() == Some(keyword))
    }

    /// Whether these keywords follow each other anywhere in the statement.
    pub(crate) fn contains(&self, text: &str, keywords: &[&str]) -> bool {
        (0..self.tokens.len()).any(|start| {
            keywords
                .iter()
                .enumerate()
                .all(|(n, keyword)| self.keyword(text, start + n).as_deref() == Some(keyword))
        })
    }

    /// Whether this is `COPY ... FROM STDIN`, whose data follows in the file.
    pub(crate) fn is_copy_from_stdin(&self, text: &str) -> bool {
        self.starts_with(text, &["COPY"]) && self.contains(text, &["FROM", "STDIN"])
    }
}

/// Cuts a text into statements; total, and linear in its length.
#[must_use]
pub fn split(text: &str) -> Split {
    let mut split = Split::default();
    let mut open = Open::new(text);
    let mut lexer = Lexer::new(text);
    while let Some(token) = lexer.next() {
        match token.kind {
            TokenKind::Comment => {
                if token.unclosed.is_some() {
                    split.unclosed_comment = Some(token.span.start);
                }
                split.comments.push(token.span);
            }
            TokenKind::Psql => {
                split.statements.extend(open.close());
                open.push(token);
                split.statements.extend(open.close());
            }
            TokenKind::Symbol(';') if open.may_end() => {
                let statement = open.close();
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
    split.statements.extend(open.close());
    split
}

/// The statement that is being read.
struct Open<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// Open parentheses.
    depth: usize,
    /// Inside `BEGIN ATOMIC`: how many `END`s are still to come.
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
        (token.kind == TokenKind::Word).then(|| &self.text[token.span.clone()])
    }

    fn push(&mut self, token: Token) {
        let word = self.word(&token).unwrap_or_default();
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        match token.kind {
            TokenKind::Symbol('(') => self.depth += 1,
            TokenKind::Symbol(')') => self.depth = self.depth.saturating_sub(1),
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

    fn creates(&self) -> bool {
        self.tokens
            .first()
            .and_then(|token| self.word(token))
            .is_some_and(|word| word.eq_ignore_ascii_case("CREATE"))
    }

    fn is_rule(&self) -> bool {
        self.creates()
            && self
                .tokens
                .iter()
                .take(4)
                .filter_map(|token| self.word(token))
                .any(|word| word.eq_ignore_ascii_case("RULE"))
    }

    /// Whether a semicolon here ends the statement.
    fn may_end(&self) -> bool {
        self.atomic == 0 && !(self.depth > 0 && self.is_rule())
    }

    fn close(&mut self) -> Option<Raw> {
        self.depth = 0;
        self.atomic = 0;
        let tokens = std::mem::take(&mut self.tokens);
        let (first, last) = (tokens.first()?, tokens.last()?);
        Some(Raw {
            span: first.span.start..last.span.end,
            unclosed: last.unclosed.map(|unclosed| (unclosed, last.span.start)),
            tokens,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        split(text)
            .statements
            .into_iter()
            .map(|raw| &text[raw.span])
            .collect()
    }

    #[test]
    fn semicolons_end_statements_only_where_they_do_in_postgresql() {
        for (text, statements) in [
            ("", vec![]),
            (" ; ;; -- nothing\n", vec![]),
            ("SELECT 1", vec!["SELECT 1"]),
            ("SELECT ';' ; SELECT 2;", vec!["SELECT ';'", "SELECT 2"]),
            (
                r"SELECT E'\';' ; SELECT '\';",
                vec![r"SELECT E'\';'", r"SELECT '\'"],
            ),
            ("SELECT ';'';';x", vec!["SELECT ';'';'", "x"]),
            (r#"SELECT ";"";" ; y"#, vec![r#"SELECT ";"";""#, "y"]),
            (
                r#"SELECT U&"a;" ; SELECT U&';'"#,
                vec![r#"SELECT U&"a;""#, "SELECT U&';'"],
            ),
            ("DO $$ a; b $$; c", vec!["DO $$ a; b $$", "c"]),
            ("DO $a$ $b$; $$; $a$; c", vec!["DO $a$ $b$; $$; $a$", "c"]),
            (
                "SELECT $1; SELECT a$b$c; d",
                vec!["SELECT $1", "SELECT a$b$c", "d"],
            ),
            ("/* a; /* b; */ c; */ SELECT 1; d", vec!["SELECT 1", "d"]),
            ("SELECT 1 -- a; b\n; c", vec!["SELECT 1", "c"]),
            ("SELECT 1 <--; c\n2; d", vec!["SELECT 1 <--; c\n2", "d"]),
            (
                "CREATE RULE r AS ON INSERT TO t DO ALSO (a; b); c",
                vec!["CREATE RULE r AS ON INSERT TO t DO ALSO (a; b)", "c"],
            ),
            (
                "CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN b END; c; END; d",
                vec![
                    "CREATE FUNCTION f() BEGIN ATOMIC SELECT CASE WHEN a THEN b END; c; END",
                    "d",
                ],
            ),
            (
                "CREATE TABLE t (a int; DROP TABLE x",
                vec!["CREATE TABLE t (a int", "DROP TABLE x"],
            ),
            ("\\d t\nSELECT 1", vec!["\\d t", "SELECT 1"]),
            (
                "SELECT 1 \\gset\nSELECT 2",
                vec!["SELECT 1", "\\gset", "SELECT 2"],
            ),
            (
                "COPY t FROM stdin;\n1;'\n\\.\nSELECT 2;",
                vec!["COPY t FROM stdin", "SELECT 2"],
            ),
            (
                "SELECT 'ä' AS größe; SELECT 2",
                vec!["SELECT 'ä' AS größe", "SELECT 2"],
            ),
        ] {
            assert_eq!(cut(text), statements, "{text}");
        }
    }

    #[test]
    fn what_is_never_closed_is_known_by_its_opening() {
        for (text, unclosed) in [
            ("SELECT 'a", (Unclosed::String, 7)),
            (r"SELECT E'a\'", (Unclosed::String, 7)),
            ("SELECT \"a", (Unclosed::Identifier, 7)),
            ("DO $x$ a $$; b", (Unclosed::DollarQuote, 3)),
        ] {
            assert_eq!(split(text).statements[0].unclosed, Some(unclosed), "{text}");
        }
        assert_eq!(split("SELECT 1; /* a /* b */").unclosed_comment, Some(10));
    }

    /// Every cut of every prefix of a hard text: nothing panics, spans are in order and inside.
    #[test]
    fn any_text_is_cut_in_order() {
        let hard =
            "a 'b' E'\\'' $$;$$ $t$;$t$ \"q\" /* /* */ */ -- c\n\\d ü;BEGIN ATOMIC;END;$1 U&'x'";
        let boundaries = hard.char_indices().map(|(at, _)| at);
        for (start, end) in boundaries
            .clone()
            .flat_map(|a| boundaries.clone().map(move |b| (a, b)))
        {
            let Some(text) = hard.get(start..end) else {
                continue;
            };
            let split = split(text);
            let mut last = 0;
            for raw in &split.statements {
                assert!(
                    last <= raw.span.start && raw.span.end <= text.len(),
                    "{text}"
                );
                last = raw.span.end;
            }
        }
    }
}
