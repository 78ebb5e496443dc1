//! Text in, our own words out.
//!
//! `language` is PostgreSQL's own grammar, read by `grammar`: it decides what is a statement, says
//! where a text that is not a statement goes wrong, and turns a statement into a tree. `statements` has
//! a file for each family of statements, beside its part of the grammar, and puts the tree into our
//! words. `name`, `data_type` and `expression` are what they share; `body` looks into functions and
//! `DO`, whose statements come back here.

mod body;
mod condition;
mod data_type;
mod expression;
mod grammar;
mod language;
mod literal;
mod mention;
mod name;
mod plpgsql;
mod statements;
mod terms;
mod uses;

use self::grammar::Terminal;
use self::language::language;
use self::name::Target;
use crate::statement::{Change, Statement};
use crate::text::split::{Raw, TokenKind};

/// Understands one statement of `text`; names without a schema are in `schema`.
///
/// Total: what nothing understands becomes [`Change::Unknown`].
///
/// ```
/// use onward_analyzer::{lower::lower, split::split, statement::Change};
///
/// let text = "TRUNCATE users";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let change = &statement.clauses[0].change;
/// assert!(matches!(change, Change::Truncate { table, .. } if table.schema == "auth"));
/// ```
#[must_use]
pub fn lower(text: &str, raw: &Raw, schema: &str) -> Statement {
    at(text, 0, raw, Target { schema })
}

/// The same for a text that stands in the file from `base` on.
fn at(text: &str, base: usize, raw: &Raw, target: Target<'_>) -> Statement {
    let mut statement = match raw.tokens.first() {
        Some(token) if token.kind == TokenKind::Psql => psql(text, base, raw),
        _ => {
            let terminals = language().terminals(text, &raw.tokens);
            read(text, base, terminals, target)
        }
    };
    statement.span = base + raw.span.start..base + raw.span.end;
    statement.truncated = raw
        .tokens
        .iter()
        .map(|token| token.span())
        .filter(|span| span.len() > name::MAX_BYTES && name::is_cut(&text[span.clone()]))
        .map(|span| base + span.start..base + span.end)
        .collect();
    statement
}

fn read(text: &str, base: usize, terminals: Vec<Terminal>, target: Target<'_>) -> Statement {
    let tree = match language().read("statement", text, base, terminals) {
        Ok(tree) => tree,
        Err(problem) => {
            let change = Change::Unknown {
                problem: problem.what,
            };
            return Statement::alone(problem.span, change);
        }
    };
    let Some(node) = tree.root() else {
        return Statement::default();
    };
    Statement {
        needs: tree.needs(),
        mentions: mention::all(node),
        literals: literal::literals(node),
        ..statements::read(target, node)
    }
}

fn psql(text: &str, base: usize, raw: &Raw) -> Statement {
    let line = &text[raw.span.clone()];
    let command = line
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned();
    let span = base + raw.span.start..base + raw.span.end;
    Statement::alone(span, Change::Psql { command })
}
