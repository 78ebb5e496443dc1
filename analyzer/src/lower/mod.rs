//! Parses statements: text in, the analyzer's own form out.
//!
//! `language` is PostgreSQL's grammar, which `grammar` reads. It decides what is a statement, finds the
//! place where a text is not one, and turns a statement into a tree. `statements` has a file for each
//! family of statements, beside its part of the grammar, which converts the tree. `name`, `data_type` and
//! `expression` are what they share. `body` reads functions and `DO` blocks, whose statements are parsed
//! here again.

mod body;
mod catalog;
mod condition;
mod data_type;
mod expression;
mod formula;
mod grammar;
mod language;
mod literal;
mod meets;
mod mention;
mod name;
mod objection;
mod operand;
mod plpgsql;
mod query;
mod reading;
mod source;
mod statements;
mod terms;
mod uses;
mod value;
mod variables;

use self::grammar::{Depth, Problem, Refusal, Terminal};
use self::language::language;
use self::name::Target;
use crate::statement::{Change, Scope, Statement};
use crate::text::split::{Raw, TokenKind};

/// Parses one statement of `text`; names without a schema are resolved in `scope`, for which a schema's
/// name is enough.
///
/// This never fails: a text that the grammar does not accept becomes [`Change::Unknown`].
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
pub fn lower(text: &str, raw: &Raw, scope: impl Into<Scope>) -> Statement {
    let scope = scope.into();
    let target = Target {
        schema: &scope.schema,
        temporary: &scope.temporary,
    };
    at(text, 0, raw, target)
}

/// The same for a text that begins in the file at offset `base`.
fn at(text: &str, base: usize, raw: &Raw, target: Target<'_>) -> Statement {
    let mut statement = match raw.tokens.first() {
        Some(token) if token.kind == TokenKind::Psql => psql(text, base, raw),
        _ => {
            let terminals = language().terminals(text, &raw.tokens);
            read(text, base, terminals, target)
        }
    };
    statement.span = base + raw.span.start..base + raw.span.end;
    for token in &raw.tokens {
        let span = token.span();
        // A string may begin with a letter, such as `E'...'`.
        if span.len() > name::MAX_BYTES
            && matches!(token.kind, TokenKind::Word | TokenKind::QuotedWord)
            && name::is_cut(&text[span.clone()])
        {
            statement.truncated.push(base + span.start..base + span.end);
        }
    }
    statement
}

/// What a statement that is nested as deeply as PostgreSQL takes it needs of a stack; a thread of
/// the compiler's has 2 MiB. Memory that is not reached is not taken.
const DEEP_STACK: usize = 256 << 20;

fn read(text: &str, base: usize, terminals: Vec<Terminal>, target: Target<'_>) -> Statement {
    let (terminals, problem) = match read_within(text, base, terminals, target, Depth::Usual) {
        Ok(statement) => return statement,
        Err(deep) => deep,
    };
    let found = std::thread::scope(|scope| {
        let deep = move || read_within(text, base, terminals, target, Depth::Deep).ok();
        let thread = std::thread::Builder::new().stack_size(DEEP_STACK);
        thread.spawn_scoped(scope, deep).ok()?.join().ok()?
    });
    found.unwrap_or_else(|| unknown(problem))
}

pub(in crate::lower) fn unknown(problem: Problem) -> Statement {
    let change = Change::Unknown {
        problem: problem.what,
    };
    Statement {
        span: problem.span.clone(),
        ..Statement::alone(problem.span, change)
    }
}

/// Reads a statement; what is nested more deeply than that comes back.
fn read_within(
    text: &str,
    base: usize,
    terminals: Vec<Terminal>,
    target: Target<'_>,
    depth: Depth,
) -> Result<Statement, (Vec<Terminal>, Problem)> {
    let tree = match language().read("statement", text, base, terminals, depth) {
        Ok(tree) => tree,
        Err(Refusal::Problem(problem)) => return Ok(unknown(problem)),
        Err(Refusal::TooDeep(terminals, problem)) => return Err((terminals, problem)),
    };
    let Some(node) = tree.root() else {
        return Ok(Statement::default());
    };
    if let Some(problem) = objection::first(node) {
        return Ok(unknown(problem));
    }
    Ok(Statement {
        needs: tree.needs(),
        mentions: target.place(mention::all(node)),
        literals: literal::literals(node),
        ..statements::read(target, node)
    })
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
