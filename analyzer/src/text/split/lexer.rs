//! PostgreSQL's lexical rules, as far as they matter for finding the end of a statement.
//!
//! The rules are those of the manual's section 4.1 (Lexical Structure).

use std::ops::Range;

/// The kind of a token; its text is `text[span]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An unquoted identifier or keyword.
    Word,
    /// `"quoted"`, also with `U&`.
    QuotedWord,
    /// `'text'` in any of its spellings, or `$tag$text$tag$`.
    Literal,
    /// A number or `$1`.
    Number,
    /// One character of an operator or of punctuation.
    Symbol(char),
    /// `-- ...` or `/* ... */`.
    Comment,
    /// A backslash outside of literals and everything after it on the line: a psql command.
    Psql,
}

/// A token. It is kept small because a file can have millions of them in memory; texts longer than a
/// `u32` can count are refused before they are split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    start: u32,
    end: u32,
}

impl Token {
    pub(crate) fn new(kind: TokenKind, span: Range<usize>) -> Self {
        let narrow = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            kind,
            start: narrow(span.start),
            end: narrow(span.end),
        }
    }

    pub(crate) const fn span(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Something that is opened but not closed before the end of the file.
///
/// ```
/// use onward_analyzer::split::{Unclosed, split};
///
/// let split = split("SELECT 'oops;");
/// assert_eq!(split.statements[0].unclosed, Some((Unclosed::String, 7)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclosed {
    /// `'`
    String,
    /// `"`
    Identifier,
    /// `$tag$`
    DollarQuote,
    /// `/*`
    Comment,
}

pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// What the last token opens but does not close; no token follows it.
    pub(crate) unclosed: Option<Unclosed>,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            unclosed: None,
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Skips the data of a `COPY ... FROM STDIN`: continues on the line after `\.`, or at the end of the
    /// text.
    pub(crate) fn skip_copy_data(&mut self) {
        let mut end = self.text.len();
        let mut at = self.at;
        for line in self.rest().split_inclusive('\n') {
            at += line.len();
            if line.trim_end() == r"\." {
                end = at;
                break;
            }
        }
        self.at = end;
    }

    /// The end of the text up to and including `close`; an error with the end of the text if it is not
    /// found.
    fn until(&self, from: usize, close: &str) -> Result<usize, usize> {
        self.text[from..]
            .find(close)
            .map(|n| from + n + close.len())
            .ok_or(self.text.len())
    }

    /// The end of a quoted text in which a doubled quote stands for itself, and with `escapes` also `\x`.
    fn quoted(&self, from: usize, quote: u8, escapes: bool) -> Result<usize, usize> {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            if byte == b'\\' && escapes {
                at += 1;
            } else if byte == quote {
                if bytes.get(at) != Some(&quote) {
                    return Ok(at);
                }
                at += 1;
            }
        }
        Err(self.text.len())
    }

    /// The end of an `E'text'`. After a line break it can continue in further quotes, in which a
    /// backslash still escapes.
    fn escaped(&self, from: usize) -> Result<usize, usize> {
        let mut end = self.quoted(from, b'\'', true)?;
        while let Some(gap) = gap_before_quote(&self.text[end..]) {
            end = self.quoted(end + gap + 1, b'\'', true)?;
        }
        Ok(end)
    }

    fn block_comment(&self) -> Result<usize, usize> {
        let bytes = self.text.as_bytes();
        let (mut at, mut depth) = (self.at + 2, 1_usize);
        while let Some(pair) = bytes.get(at..at + 2) {
            match pair {
                b"/*" => depth += 1,
                b"*/" => depth -= 1,
                _ => {
                    at += 1;
                    continue;
                }
            }
            at += 2;
            if depth == 0 {
                return Ok(at);
            }
        }
        Err(self.text.len())
    }

    /// The `$tag$` at the current position, if there is one.
    fn dollar_tag(&self) -> Option<&'a str> {
        let rest = self.rest();
        let tag = &rest[1..rest[1..].find('$')? + 1];
        let starts_well = !tag.starts_with(|c: char| c.is_ascii_digit());
        (starts_well && tag.chars().all(is_word_char)).then(|| &rest[..tag.len() + 2])
    }

    fn word_end(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while at < bytes.len() && (is_word_byte(bytes[at]) || bytes[at] == b'$') {
            at += 1;
        }
        at
    }

    fn number_end(&self) -> usize {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_');
        let end = end.unwrap_or(rest.len());
        // The range of a loop, `1..10`, is two numbers.
        let dots = rest.get(..end).and_then(|number| number.find(".."));
        self.at + dots.unwrap_or(end)
    }

    /// The end of the line. A lone carriage return also ends a line, and with it a comment.
    fn line_end(&self) -> usize {
        self.at + self.rest().find(LINE_BREAKS).unwrap_or(self.rest().len())
    }
}

const LINE_BREAKS: [char; 2] = ['\n', '\r'];

/// The distance to the next quote, if only white space and comments with a line break are before it.
fn gap_before_quote(rest: &str) -> Option<usize> {
    let (mut at, mut broken) = (0, false);
    loop {
        let tail = &rest[at..];
        match tail.chars().next()? {
            '\'' => return broken.then_some(at),
            '-' if tail.starts_with("--") => at += tail.find(LINE_BREAKS)?,
            c if is_space(c) => {
                broken |= LINE_BREAKS.contains(&c);
                at += 1;
            }
            _ => return None,
        }
    }
}

fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

/// The same for a byte: all of those of other characters are part of a word.
const fn is_word_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | 0x80..)
}

/// White space in PostgreSQL's sense; any other character that Unicode calls a space is part of a word.
const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        use TokenKind::{Comment, Literal, Number, Psql, QuotedWord, Symbol, Word};

        let bytes = self.text.as_bytes();
        while self.at < bytes.len() && is_space(char::from(bytes[self.at])) {
            self.at += 1;
        }
        let start = self.at;
        let mut chars = self.rest().chars();
        let (first, second) = (chars.next()?, chars.next());
        let string = |kind, end| (kind, end, Unclosed::String);
        let (kind, end, unclosed) = match (first, second) {
            ('-', Some('-')) => (Comment, Ok(self.line_end()), Unclosed::Comment),
            ('/', Some('*')) => (Comment, self.block_comment(), Unclosed::Comment),
            ('\'', _) => string(Literal, self.quoted(start + 1, b'\'', false)),
            ('E' | 'e', Some('\'')) => string(Literal, self.escaped(start + 2)),
            ('B' | 'b' | 'X' | 'x' | 'N' | 'n', Some('\'')) => {
                string(Literal, self.quoted(start + 2, b'\'', false))
            }
            ('U' | 'u', Some('&')) if self.rest()[2..].starts_with('\'') => {
                string(Literal, self.quoted(start + 3, b'\'', false))
            }
            ('U' | 'u', Some('&')) if self.rest()[2..].starts_with('"') => (
                QuotedWord,
                self.quoted(start + 3, b'"', false),
                Unclosed::Identifier,
            ),
            ('"', _) => (
                QuotedWord,
                self.quoted(start + 1, b'"', false),
                Unclosed::Identifier,
            ),
            ('$', Some('0'..='9')) => (Number, Ok(self.word_end(start + 1)), Unclosed::String),
            ('$', _) => match self.dollar_tag() {
                Some(tag) => (
                    Literal,
                    self.until(start + tag.len(), tag),
                    Unclosed::DollarQuote,
                ),
                None => string(Symbol('$'), Ok(start + 1)),
            },
            ('\\', _) => string(Psql, Ok(self.line_end())),
            ('0'..='9', _) => string(Number, Ok(self.number_end())),
            (c, _) if is_word_char(c) => string(Word, Ok(self.word_end(start))),
            (c, _) => string(Symbol(c), Ok(start + c.len_utf8())),
        };
        self.at = end.unwrap_or_else(|end| end);
        self.unclosed = end.is_err().then_some(unclosed);
        Some(Token::new(kind, start..self.at))
    }
}
