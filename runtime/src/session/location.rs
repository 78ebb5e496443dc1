//! Where in its file a statement failed. Positions count characters, from 1.

use std::fmt;

use crate::plan::{IndexBuild, Statement, Step};
use crate::session::server_error::{Position, ServerError};
use crate::sql::lines_of;

/// A line and a column of a migration's file.
///
/// ```
/// fn jump(location: &onward::Location) -> String {
///     format!("{}:{}", location.line, location.column)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The statement that the server refused, and where in the file that is.
pub(crate) fn locate<'a>(
    step: &'a Step,
    refused: &ServerError,
) -> Option<(&'a Statement, Location)> {
    match step {
        Step::Transaction(statements) | Step::Sequence { statements, .. } => {
            let failed = in_block(statements, refused).or(statements.first())?;
            let offset = match &refused.position {
                Position::Within { query, offset } if query == failed.sql => *offset,
                Position::Within { .. } | Position::At(_) | Position::Unknown => 1,
            };
            Some((failed, location(failed, offset)))
        }
        Step::BuildIndex(build) => Some((
            &build.statement,
            location(&build.statement, in_build(build, refused)),
        )),
        Step::DropIndex { statement, .. } => Some((statement, location(statement, 1))),
        Step::DetachPartition { statement, .. } | Step::NonTransactional { statement, .. } => {
            let offset = match refused.position {
                Position::At(offset) => offset,
                Position::Within { .. } | Position::Unknown => 1,
            };
            Some((statement, location(statement, offset)))
        }
    }
}

fn in_block<'a>(statements: &'a [Statement], refused: &ServerError) -> Option<&'a Statement> {
    if let Some(line) = refused.context.as_deref().and_then(block_line) {
        let lines = lines_of(statements.iter().map(|statement| statement.sql));
        let found = statements
            .iter()
            .zip(lines)
            .find(|(_, start)| *start == line);
        return found.map(|(statement, _)| statement);
    }
    match &refused.position {
        Position::Within { query, .. } => statements.iter().find(|one| one.sql == query),
        Position::At(_) | Position::Unknown => None,
    }
}

/// The number after the outermost `inline_code_block`: the block is ours, what a statement calls
/// stands above it. The words around it are translated, their order is not.
fn block_line(context: &str) -> Option<usize> {
    let (_, after) = context.rsplit_once("inline_code_block")?;
    let digits: String = after
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

/// The runner sends other names than the statement has, so a position counts from the nearer end.
fn in_build(build: &IndexBuild, refused: &ServerError) -> usize {
    let Position::At(offset) = refused.position else {
        return 1;
    };
    let written = build.statement.sql.chars().count();
    let (head, tail) = (build.head.chars().count(), build.tail.chars().count());
    let from_end = refused.sent.saturating_sub(offset);
    if offset <= head {
        offset
    } else if from_end < tail {
        written.saturating_sub(from_end)
    } else {
        head + 1
    }
}

fn location(statement: &Statement, offset: usize) -> Location {
    let start = Location {
        line: statement.line,
        column: statement.column,
    };
    statement
        .sql
        .chars()
        .take(offset.saturating_sub(1))
        .fold(start, |at, c| match c {
            '\n' => Location {
                line: at.line.saturating_add(1),
                column: 1,
            },
            _ => Location {
                line: at.line,
                column: at.column.saturating_add(1),
            },
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATEMENTS: &[Statement] = &[
        Statement::__new("CREATE TABLE a (\n  id int\n)", 3, 1),
        Statement::__new("INSERT INTO ä VALUES\n (nope)", 7, 5),
    ];

    fn refused(position: Position, context: Option<&str>) -> ServerError {
        ServerError {
            position,
            context: context.map(str::to_owned),
            ..ServerError::default()
        }
    }

    fn at(step: &Step, refused: &ServerError) -> Option<(u32, u32)> {
        locate(step, refused).map(|(_, location)| (location.line, location.column))
    }

    #[test]
    fn a_position_inside_a_statement_counts_characters() {
        let step = Step::Transaction(STATEMENTS);
        let query = "INSERT INTO ä VALUES\n (nope)".to_owned();
        let context = "PL/pgSQL-Funktion inline_code_block Zeile 5 bei EXECUTE";
        let within = |offset| Position::Within {
            query: query.clone(),
            offset,
        };
        assert_eq!(
            at(&step, &refused(within(13), Some(context))),
            Some((7, 17))
        );
        assert_eq!(at(&step, &refused(within(24), Some(context))), Some((8, 3)));
        assert_eq!(at(&step, &refused(within(24), None)), Some((8, 3)));
    }

    #[test]
    fn without_a_position_the_line_of_the_block_finds_the_statement() {
        let step = Step::Transaction(STATEMENTS);
        let line = |n: usize| {
            format!(
                "SQL statement \"DO ...\"\nPL/pgSQL function inline_code_block line {n} at EXECUTE"
            )
        };
        assert_eq!(
            at(&step, &refused(Position::Unknown, Some(&line(2)))),
            Some((3, 1))
        );
        assert_eq!(
            at(&step, &refused(Position::Unknown, Some(&line(5)))),
            Some((7, 5))
        );
        let nested = [
            "PL/pgSQL function inline_code_block line 99 at RAISE\n",
            &line(5),
        ]
        .concat();
        assert_eq!(
            at(&step, &refused(Position::Unknown, Some(&nested))),
            Some((7, 5))
        );
    }

    #[test]
    fn an_unplaced_refusal_is_the_first_statements() {
        let step = Step::Transaction(STATEMENTS);
        assert_eq!(at(&step, &refused(Position::Unknown, None)), Some((3, 1)));
        assert_eq!(
            at(&Step::Transaction(&[]), &refused(Position::Unknown, None)),
            None
        );
    }

    #[test]
    fn an_index_is_placed_in_the_text_as_written() {
        let statement = Statement::__new("CREATE INDEX CONCURRENTLY i ON t (nope)", 2, 1);
        let build = IndexBuild::__new(
            statement,
            ["i", "s", "t"],
            ["CREATE INDEX CONCURRENTLY ", " ON ", " (nope)"],
        );
        let sent = "CREATE INDEX CONCURRENTLY \"i__onward_001_1\" ON \"s\".\"t\" (nope)\n";
        let step = Step::BuildIndex(build);
        let at_offset = |offset| ServerError {
            position: Position::At(offset),
            sent: sent.trim_end().chars().count(),
            ..ServerError::default()
        };
        let nope = sent.find("nope").map_or(0, |byte| byte + 1);
        assert_eq!(at(&step, &at_offset(nope)), Some((2, 35)));
        assert_eq!(at(&step, &at_offset(8)), Some((2, 8)));
        let table = sent.find("\"s\"").map_or(0, |byte| byte + 1);
        assert_eq!(at(&step, &at_offset(table)), Some((2, 27)));
    }
}
