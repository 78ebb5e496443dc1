//! The one door to the parser: text in, our own words out.
//!
//! `grammar` is PostgreSQL's own grammar: it decides what is a statement, and says where one that
//! is none goes wrong. `own` reads what sqlparser has no grammar for, or reads without the facts
//! that rules need; sqlparser reads the rest, without what `aside` keeps from it, and `table` and
//! `query` translate it.

mod aside;
mod cursor;
mod grammar;
mod head;
mod own;
mod query;
mod table;

use std::ops::Range;

use sqlparser::ast::{self, Ident, ObjectName, ObjectNamePart};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use self::grammar::Shape;
use crate::position::Position;
use crate::split::Raw;
use crate::statement::{Change, Clause, Name, Statement};

/// Understands one statement of `text`; names without a schema are in `schema`.
///
/// Total: what nothing understands becomes [`Change::Unknown`].
///
/// ```
/// use onward_analyzer::{lower::lower, split::split, statement::Change};
///
/// let text = "TRUNCATE users";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// assert!(matches!(&statement.clauses[0].change, Change::Truncate { table } if table.schema == "auth"));
/// ```
#[must_use]
pub fn lower(text: &str, raw: &Raw, schema: &str) -> Statement {
    let sql = Sql { text, raw, schema };
    let clauses = own::unlike_sql(&sql).unwrap_or_else(|| match grammar::read(text, raw) {
        Ok(shape) => {
            let mut clauses = own::read(&sql).unwrap_or_else(|| parsed(&sql, &shape));
            clauses.extend(own::rows_beside(&sql, &shape));
            clauses
        }
        Err(problem) => vec![Clause {
            span: problem.span,
            change: Change::Unknown {
                problem: problem.what,
            },
        }],
    });
    Statement {
        span: raw.span.clone(),
        clauses,
    }
}

/// A statement that PostgreSQL's grammar accepts, as sqlparser reads it.
fn parsed(sql: &Sql<'_>, shape: &Shape) -> Vec<Clause> {
    let shown = aside::without_clauses(sql, shape);
    let parsed = parse(&shown).or_else(|_| parse(&aside::without_values(sql, shape)));
    let clauses = match &parsed {
        Ok(statement @ (ast::Statement::CreateTable(_) | ast::Statement::AlterTable(_))) => {
            table::read(sql, statement)
        }
        Ok(statement) => query::read(sql, statement).unwrap_or_else(|| head::read(sql)),
        Err(_) => own::unread(sql, shape),
    };
    let own = shape.items().filter_map(|item| own::action(sql, item));
    let mut clauses: Vec<Clause> = clauses.into_iter().flatten().collect();
    let actions: Vec<Clause> = own.collect();
    if !actions.is_empty() {
        clauses.extend(actions);
        clauses.sort_by_key(|clause| clause.span.start);
    }
    if clauses.is_empty() {
        clauses.push(unknown(sql, parsed.err()));
    }
    clauses
}

/// Parses exactly one statement: what is left over would be hidden from the rules.
fn parse(statement: &str) -> Result<ast::Statement, ParserError> {
    let mut parser = Parser::new(&PostgreSqlDialect {}).try_with_sql(statement)?;
    let parsed = parser.parse_statement()?;
    match parser.peek_token() {
        end if end.token == Token::EOF => Ok(parsed),
        more => parser.expected("end of statement", more),
    }
}

fn unknown(sql: &Sql<'_>, error: Option<ParserError>) -> Clause {
    let (problem, position) = match error {
        Some(ParserError::ParserError(message) | ParserError::TokenizerError(message)) => {
            match message
                .rsplit_once(" at Line: ")
                .map(|(what, at)| (what.to_owned(), at))
            {
                Some((what, at)) => (what, position(at)),
                None => (message, None),
            }
        }
        Some(ParserError::RecursionLimitExceeded) => {
            ("it is nested too deeply to be read".to_owned(), None)
        }
        None => ("it is a statement of another database".to_owned(), None),
    };
    let span = match position.map(|position| position.offset_in(sql.statement())) {
        Some(offset) => sql.word_at(sql.raw.span.start + offset),
        None => sql.first_line(),
    };
    Clause {
        span,
        change: Change::Unknown { problem },
    }
}

/// `3, Column: 14`, as sqlparser writes it.
fn position(text: &str) -> Option<Position> {
    let (line, column) = text.split_once(", Column: ")?;
    Some(Position {
        line: line.parse().ok()?,
        column: column.trim().parse().ok()?,
    })
}

/// One statement and what is needed to speak of its parts.
struct Sql<'a> {
    text: &'a str,
    raw: &'a Raw,
    schema: &'a str,
}

impl<'a> Sql<'a> {
    fn statement(&self) -> &'a str {
        &self.text[self.raw.span.clone()]
    }

    /// The statement as far as it stands on its first line.
    fn first_line(&self) -> Range<usize> {
        let first = self
            .statement()
            .lines()
            .next()
            .unwrap_or_default()
            .trim_end();
        self.raw.span.start..self.raw.span.start + first.len()
    }

    /// The token at a byte of the file, or the statement's last one.
    fn word_at(&self, offset: usize) -> Range<usize> {
        self.raw
            .tokens
            .iter()
            .find(|token| token.span.end > offset)
            .or(self.raw.tokens.last())
            .map_or(offset..offset, |token| token.span.clone())
    }

    fn clause(&self, change: Change) -> Clause {
        Clause {
            span: self.first_line(),
            change,
        }
    }

    /// The bytes of an identifier in the file.
    fn span(&self, ident: &Ident) -> Range<usize> {
        let at = |location: sqlparser::tokenizer::Location| {
            Position {
                line: usize::try_from(location.line).unwrap_or(1),
                column: usize::try_from(location.column).unwrap_or(1),
            }
            .offset_in(self.statement())
        };
        if ident.span.start.line == 0 {
            return self.first_line();
        }
        let start = self.raw.span.start;
        start + at(ident.span.start)..start + at(ident.span.end)
    }

    fn name_span(&self, name: &ObjectName) -> Range<usize> {
        let mut spans = name
            .0
            .iter()
            .filter_map(ObjectNamePart::as_ident)
            .map(|i| self.span(i));
        let first = spans.next().unwrap_or_else(|| self.first_line());
        first.start..spans.next_back().map_or(first.end, |last| last.end)
    }

    fn name(&self, name: &ObjectName) -> Name {
        let parts: Vec<String> = name
            .0
            .iter()
            .filter_map(ObjectNamePart::as_ident)
            .map(folded)
            .collect();
        self.resolve(&parts)
    }

    /// `name`, `schema.name` or `database.schema.name`.
    fn resolve(&self, parts: &[String]) -> Name {
        match parts {
            [.., schema, name] => Name {
                schema: schema.clone(),
                name: name.clone(),
            },
            [name] => Name {
                schema: self.schema.to_owned(),
                name: name.clone(),
            },
            [] => Name {
                schema: self.schema.to_owned(),
                name: String::new(),
            },
        }
    }
}

/// The identifier as PostgreSQL looks it up: ASCII letters in lower case unless quoted.
fn folded(ident: &Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests;
