//! Where in its file a statement failed. Positions count characters, from 1.

use std::fmt;

use crate::plan::{IndexBuild, Statement, Step};
use crate::session::server_error::{Position, Refusal};
use crate::sql::lines_of;

/// A line and a column of a migration's file.
///
/// ```
/// fn jump(place: &onward::Place) -> String {
///     format!("{}:{}", place.line, place.column)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The statement that the server refused, and the place that it meant.
pub(crate) fn locate<'a>(step: &'a Step, refusal: &Refusal) -> Option<(&'a Statement, Place)> {
    match step {
        Step::Transaction(statements) | Step::Sequence { statements, .. } => {
            let failed = in_block(statements, refusal).or(statements.first())?;
            let offset = match &refusal.position {
                Position::Within { query, offset } if query == failed.sql => *offset,
                Position::Within { .. } | Position::At(_) | Position::Unknown => 1,
            };
            Some((failed, place(failed, offset)))
        }
        Step::BuildIndex(build) => Some((
            &build.statement,
            place(&build.statement, in_build(build, refusal)),
        )),
        Step::DropIndex { statement, .. } => Some((statement, place(statement, 1))),
        Step::Alone { statement, .. } => {
            let offset = match refusal.position {
                Position::At(offset) => offset,
                Position::Within { .. } | Position::Unknown => 1,
            };
            Some((statement, place(statement, offset)))
        }
    }
}

fn in_block<'a>(statements: &'a [Statement], refusal: &Refusal) -> Option<&'a Statement> {
    if let Some(line) = refusal.context.as_deref().and_then(block_line) {
        let lines = lines_of(statements.iter().map(|statement| statement.sql));
        let found = statements
            .iter()
            .zip(lines)
            .find(|(_, start)| *start == line);
        return found.map(|(statement, _)| statement);
    }
    match &refusal.position {
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
fn in_build(build: &IndexBuild, refusal: &Refusal) -> usize {
    let Position::At(offset) = refusal.position else {
        return 1;
    };
    let written = build.statement.sql.chars().count();
    let (head, tail) = (build.head.chars().count(), build.tail.chars().count());
    let from_end = refusal.sent.saturating_sub(offset);
    if offset <= head {
        offset
    } else if from_end < tail {
        written.saturating_sub(from_end)
    } else {
        head + 1
    }
}

fn place(statement: &Statement, offset: usize) -> Place {
    let start = Place {
        line: statement.line,
        column: statement.column,
    };
    statement
        .sql
        .chars()
        .take(offset.saturating_sub(1))
        .fold(start, |at, c| match c {
            '\n' => Place {
                line: at.line.saturating_add(1),
                column: 1,
            },
            _ => Place {
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

    fn refusal(position: Position, context: Option<&str>) -> Refusal {
        Refusal {
            position,
            context: context.map(str::to_owned),
            ..Refusal::default()
        }
    }

    fn at(step: &Step, refusal: &Refusal) -> Option<(u32, u32)> {
        locate(step, refusal).map(|(_, place)| (place.line, place.column))
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
            at(&step, &refusal(within(13), Some(context))),
            Some((7, 17))
        );
        assert_eq!(at(&step, &refusal(within(24), Some(context))), Some((8, 3)));
        assert_eq!(at(&step, &refusal(within(24), None)), Some((8, 3)));
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
            at(&step, &refusal(Position::Unknown, Some(&line(2)))),
            Some((3, 1))
        );
        assert_eq!(
            at(&step, &refusal(Position::Unknown, Some(&line(5)))),
            Some((7, 5))
        );
        let nested = [
            "PL/pgSQL function inline_code_block line 99 at RAISE\n",
            &line(5),
        ]
        .concat();
        assert_eq!(
            at(&step, &refusal(Position::Unknown, Some(&nested))),
            Some((7, 5))
        );
    }

    #[test]
    fn an_unplaced_refusal_is_the_first_statements() {
        let step = Step::Transaction(STATEMENTS);
        assert_eq!(at(&step, &refusal(Position::Unknown, None)), Some((3, 1)));
        assert_eq!(
            at(&Step::Transaction(&[]), &refusal(Position::Unknown, None)),
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
        let at_offset = |offset| Refusal {
            position: Position::At(offset),
            sent: sent.trim_end().chars().count(),
            ..Refusal::default()
        };
        let nope = sent.find("nope").map_or(0, |byte| byte + 1);
        assert_eq!(at(&step, &at_offset(nope)), Some((2, 35)));
        assert_eq!(at(&step, &at_offset(8)), Some((2, 8)));
        let table = sent.find("\"s\"").map_or(0, |byte| byte + 1);
        assert_eq!(at(&step, &at_offset(table)), Some((2, 27)));
    }
}
