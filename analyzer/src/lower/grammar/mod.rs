//! PostgreSQL's grammar, which decides what is a statement and what is in it.
//!
//! It is written down in `.grammar` files, in the notation of the manual's synopses (see `notation`):
//! this folder has names, types, expressions and queries, `statements` has each family's statements
//! beside the code that reads them. To teach it a clause is to write the clause down there.

mod escapes;
mod matching;
mod notation;
mod set;
mod terminals;
mod tree;

use std::ops::Range;
use std::sync::LazyLock;

use self::matching::Mismatch;
use self::notation::Grammar;
use crate::text::split::Token;

pub(super) use self::terminals::Terminal;
pub(super) use self::tree::{Item, Node, Tree, Word};

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let language = [
        include_str!("name.grammar"),
        include_str!("expression.grammar"),
        include_str!("query.grammar"),
    ];
    let statements = super::statements::FAMILIES.iter();
    Grammar::new(
        include_str!("keywords.grammar"),
        language
            .into_iter()
            .chain(statements.map(|family| family.grammar)),
    )
});

/// The statements that the grammar knows.
#[cfg(test)]
pub(super) fn statements() -> Vec<&'static str> {
    GRAMMAR.statements()
}

/// What is wrong, and the bytes of the token at which it shows.
pub(super) struct Problem {
    pub(super) what: String,
    pub(super) span: Range<usize>,
}

/// A statement's tokens as PostgreSQL's grammar sees them.
pub(super) fn terminals(text: &str, tokens: &[Token]) -> Vec<Terminal> {
    GRAMMAR.vocabulary.terminals(text, tokens)
}

/// Reads PL/pgSQL's `PERFORM` as the `SELECT` that it is.
pub(super) fn as_select(terminals: &mut [Terminal]) {
    GRAMMAR.vocabulary.as_select(terminals);
}

/// Reads tokens of a text, which stands in the file from `base` on, as a statement.
pub(super) fn read(text: &str, base: usize, terminals: Vec<Terminal>) -> Result<Tree<'_>, Problem> {
    let grammar = &*GRAMMAR;
    let at = |index: usize| {
        let terminal = terminals.get(index).or(terminals.last());
        terminal.map_or(0..0, Terminal::span)
    };
    let problem = |what, span: Range<usize>| Problem {
        what,
        span: base + span.start..base + span.end,
    };
    let rule = grammar.rule("statement").unwrap_or_default();
    let marks = match matching::whole(grammar, rule, &terminals) {
        Ok(marks) => marks,
        Err(Mismatch::TooDeep(index)) => {
            let what = "it is nested too deeply to be read".to_owned();
            return Err(problem(what, at(index)));
        }
        Err(Mismatch::At(index, expected)) => {
            let found = match text.get(at(index)).unwrap_or_default() {
                "" => "the end of the statement".to_owned(),
                found => format!("`{}`", found.lines().next().unwrap_or_default()),
            };
            let what = match grammar.vocabulary.describe(&expected) {
                Some(expected) => format!("expected {expected}, found {found}"),
                None => format!("syntax error at {found}"),
            };
            return Err(problem(what, at(index)));
        }
    };
    Ok(Tree {
        text,
        base,
        terminals,
        marks,
    })
}

#[cfg(test)]
mod tests;
