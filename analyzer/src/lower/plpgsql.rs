//! PL/pgSQL, as far as is needed to find the SQL in it.
//!
//! The words that PL/pgSQL puts around SQL are skipped. Every statement between them is parsed with
//! PostgreSQL's grammar, without the `INTO target` that PL/pgSQL itself removes. The rules are those of
//! the manual's chapter 41 and of `pl_gram.y`.

use super::grammar::Terminal;
use super::language::language;
use super::name::Target;
use super::{body, read as read_statement};
use crate::statement::{Change, OpaqueCommand, Statement};
use crate::text::split::tokens;

/// The SQL of a body that begins in the file at offset `base`, and whether some of it may not run.
pub(super) fn read(text: &str, base: usize, target: Target<'_>) -> (Vec<Statement>, bool) {
    let mut reader = Reader {
        text,
        base,
        target,
        words: language().terminals(text, &tokens(text)),
        at: 0,
        statements: Vec::new(),
    };
    reader.words.pop();
    while reader.at < reader.words.len() {
        reader.step();
    }
    let branches = (0..reader.words.len()).any(|at| reader.is_any(at, &BRANCHES));
    (reader.statements, branches)
}

struct Reader<'a> {
    text: &'a str,
    base: usize,
    target: Target<'a>,
    words: Vec<Terminal>,
    at: usize,
    statements: Vec<Statement>,
}

/// The words after which a statement may not run, or may run more than once. Some of them also occur in
/// SQL; then the body counts as one with branches.
const BRANCHES: [&str; 7] = [
    "IF",
    "CASE",
    "LOOP",
    "EXCEPTION",
    "RETURN",
    "EXIT",
    "CONTINUE",
];

/// Statements that PL/pgSQL runs itself, up to the semicolon.
const OWN: [&str; 10] = [
    "ASSERT", "CLOSE", "CONTINUE", "EXIT", "FETCH", "GET", "MOVE", "NULL", "RAISE", "RETURN",
];

/// The words that begin a query in `FOR ... IN`.
const QUERIES: [&str; 10] = [
    "SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE", "EXPLAIN", "SHOW",
];

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        let span = self.words.get(at).map_or(0..0, Terminal::span);
        self.text.get(span).unwrap_or_default()
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.word(at).eq_ignore_ascii_case(word)
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    /// The position of the next of these words, or the end.
    fn find(&self, from: usize, words: &[&str]) -> usize {
        let mut rest = from..self.words.len();
        rest.find(|at| self.is_any(*at, words))
            .unwrap_or(self.words.len())
    }

    /// The position of the next such word outside of a `CASE` expression.
    fn find_outside_case(&self, from: usize, word: &str) -> usize {
        let mut depth = 0_usize;
        for at in from..self.words.len() {
            if self.is(at, "CASE") {
                depth += 1;
            } else if self.is(at, "END") {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && self.is(at, word) {
                return at;
            }
        }
        self.words.len()
    }

    /// The semicolon that ends a statement; the bodies of standard SQL and of rules contain others.
    fn statement_end(&self, start: usize) -> usize {
        if !self.is(start, "CREATE") {
            return self.find(start, &[";"]);
        }
        let (mut atomic, mut parentheses) = (0_usize, 0_usize);
        for at in start..self.words.len() {
            match self.word(at) {
                "(" => parentheses += 1,
                ")" => parentheses = parentheses.saturating_sub(1),
                ";" if atomic == 0 && parentheses == 0 => return at,
                _ if self.is(at, "ATOMIC") && self.is(at - 1, "BEGIN") => atomic = 1,
                _ if atomic > 0 && self.is(at, "CASE") => atomic += 1,
                _ if atomic > 0 && self.is(at, "END") => atomic -= 1,
                _ => {}
            }
        }
        self.words.len()
    }

    /// Skips one piece of PL/pgSQL, or reads one statement.
    fn step(&mut self) {
        let start = self.at;
        let end = self.statement_end(start);
        let is = |word: &str| self.is(start, word);
        self.at = if self.is_any(start, &[";", "BEGIN", "ELSE", "LOOP"])
            || is("EXCEPTION") && self.is(start + 1, "WHEN")
        {
            start + 1
        } else if is("<<") {
            self.find(start, &[">>"]) + 1
        } else if is("#") {
            start + 3
        } else if is("DECLARE") {
            self.declarations(start + 1)
        } else if self.is_any(start, &["IF", "ELSIF", "ELSEIF", "WHEN"]) {
            self.find_outside_case(start + 1, "THEN") + 1
        } else if is("CASE") {
            self.find_outside_case(start + 1, "WHEN")
        } else if self.is_any(start, &["WHILE", "FOREACH"]) {
            self.find_outside_case(start + 1, "LOOP") + 1
        } else if is("FOR") {
            self.loop_over_rows(start)
        } else {
            self.simple(start, end);
            end + 1
        };
    }

    /// `name [CONSTANT] type ...;` up to `BEGIN`; a cursor has a query.
    fn declarations(&mut self, from: usize) -> usize {
        let mut at = from;
        while at < self.words.len() && !self.is(at, "BEGIN") {
            let end = self.find(at, &[";"]);
            let cursor = self.find(at, &["CURSOR"]);
            if cursor < end {
                let query = self.find(cursor, &["FOR", "IS"]);
                self.sql(query + 1, end);
            }
            at = end + 1;
        }
        at
    }

    /// `FOR row IN query LOOP`, `IN EXECUTE text`, `IN 1..10`, `IN cursor`.
    fn loop_over_rows(&mut self, start: usize) -> usize {
        let query = self.find(start, &["IN"]) + 1;
        let end = self.find_outside_case(query, "LOOP");
        if self.is(query, "EXECUTE") {
            self.execute(query, end);
        } else if self.is_any(query, &QUERIES)
            || self.is(query, "(") && self.is_any(query + 1, &QUERIES)
        {
            self.sql(query, end);
        }
        end + 1
    }

    fn simple(&mut self, start: usize, end: usize) {
        let behind = |this: &Self, word: &str| {
            let at = this.find(start, &[word]);
            (at < end).then_some(at + 1)
        };
        if self.is(start, "END") {
            // The label or the kind of block after it has no meaning here.
        } else if self.is(start, "RETURN") && self.is(start + 1, "QUERY") {
            match self.is(start + 2, "EXECUTE") {
                true => self.execute(start + 2, end),
                false => self.sql(start + 2, end),
            }
        } else if self.is(start, "EXECUTE") {
            self.execute(start, end);
        } else if self.is(start, "OPEN") {
            match behind(self, "FOR") {
                Some(query) if self.is(query, "EXECUTE") => self.execute(query, end),
                Some(query) => self.sql(query, end),
                None => {}
            }
        } else if !self.is_any(start, &OWN) && !self.is_assignment(start, end) {
            self.sql(start, end);
        }
    }

    /// `name := value`, with fields and subscripts before the sign.
    fn is_assignment(&self, start: usize, end: usize) -> bool {
        let mut depth = 0_usize;
        for at in start + 1..end {
            match self.word(at) {
                "[" => depth += 1,
                "]" => depth = depth.saturating_sub(1),
                ":=" | "=" if depth == 0 => return true,
                _ if depth > 0 || self.is(at, ".") || self.is(at - 1, ".") => {}
                _ => return false,
            }
        }
        false
    }

    /// `EXECUTE text`: a constant text is parsed, a text that is built at run time cannot be.
    fn execute(&mut self, start: usize, end: usize) {
        let text = self.word(start + 1);
        let is_constant = text.ends_with(['\'', '$'])
            && (start + 2 == end || self.is_any(start + 2, &["INTO", "USING"]));
        if is_constant {
            let at = self
                .words
                .get(start + 1)
                .map_or(0, |word| word.span().start);
            let read = body::read(self.target, text, self.base + at, "sql");
            // An error in it matters only if the statement is reached.
            match read {
                Some(read) if !body::has_unknown(&read) => {
                    self.statements.extend(read.statements);
                    return;
                }
                Some(_) | None => {}
            }
        }
        let span = self.words.get(start).map_or(0..0, Terminal::span);
        let here = self.base + span.start..self.base + span.end;
        let last = self
            .words
            .get(end.saturating_sub(1))
            .map_or(span.end, |word| word.span().end);
        let command = OpaqueCommand::Execute;
        self.statements.push(Statement {
            span: here.start..self.base + last,
            ..Statement::alone(here, Change::Opaque { command })
        });
    }

    /// The statement between two positions.
    fn sql(&mut self, start: usize, end: usize) {
        let mut words = Vec::with_capacity(end.saturating_sub(start) + 1);
        let mut at = start;
        let mut may_be_into = true;
        while at < end {
            let is_target = may_be_into
                && self.is(at, "INTO")
                && !(at > start && self.is_any(at - 1, &["INSERT", "MERGE"]))
                && !self.is(start, "IMPORT");
            if is_target {
                at = self.behind_targets(at + 1, end);
                may_be_into = false;
                continue;
            }
            words.extend(self.words.get(at).copied());
            at += 1;
        }
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return;
        };
        let (first, last) = (first.span().start, last.span().end);
        if self.is(start, "PERFORM") {
            language().as_select(&mut words);
        }
        words.push(Terminal::end(last));
        let mut statement = read_statement(self.text, self.base, words, self.target);
        statement.span = self.base + first..self.base + last;
        self.statements.push(statement);
    }

    /// The position after `[STRICT] a, b.c` of an `INTO`.
    fn behind_targets(&self, from: usize, end: usize) -> usize {
        let mut at = from + usize::from(self.is(from, "STRICT"));
        loop {
            at += 1;
            while self.is(at, ".") {
                at += 2;
            }
            if !self.is(at, ",") || at >= end {
                return at.min(end);
            }
            at += 1;
        }
    }
}
