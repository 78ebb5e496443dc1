//! PostgreSQL's grammar, which decides what is a statement and what is not.
//!
//! It is written down in the `.grammar` files beside this one, in the notation of the manual's
//! synopses (see `notation`): to teach it a clause is to write the clause down there. It accepts and
//! rejects, and says where; what a statement means is not its business.

mod matching;
mod notation;
mod set;
mod terminals;

use std::ops::Range;
use std::sync::LazyLock;

use self::matching::Mismatch;
use self::notation::{Grammar, Label};
use crate::split::Raw;

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    Grammar::new(
        include_str!("keywords.grammar"),
        &[
            include_str!("expression.grammar"),
            include_str!("query.grammar"),
            include_str!("table.grammar"),
            include_str!("alter_table.grammar"),
            include_str!("routine.grammar"),
            include_str!("object.grammar"),
            include_str!("session.grammar"),
        ],
    )
});

/// The parts of a statement that the grammar was told to remember.
pub(super) struct Shape {
    parts: Vec<(Label, Range<usize>)>,
}

impl Shape {
    /// The parts that are this rule, as bytes of the file.
    pub(super) fn parts<'a>(&'a self, rule: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let name = |label| match label {
            Label::Rule(index) => GRAMMAR.rules.get(index).map(|rule| rule.name),
            Label::Clause | Label::Item => None,
        };
        let parts = self.parts.iter();
        let parts = parts.filter(move |(label, _)| name(*label) == Some(rule));
        parts.map(|(_, span)| span.clone())
    }

    /// The clauses that sqlparser does not know.
    pub(super) fn clauses(&self) -> impl Iterator<Item = &Range<usize>> {
        self.labelled(Label::Clause)
    }

    /// The items of lists, such as actions of `ALTER TABLE`, that sqlparser does not know.
    pub(super) fn items(&self) -> impl Iterator<Item = &Range<usize>> {
        self.labelled(Label::Item)
    }

    fn labelled(&self, wanted: Label) -> impl Iterator<Item = &Range<usize>> {
        let parts = self.parts.iter();
        parts.filter_map(move |(label, span)| (*label == wanted).then_some(span))
    }
}

/// What is wrong, and the bytes of the token at which it shows.
pub(super) struct Problem {
    pub(super) what: String,
    pub(super) span: Range<usize>,
}

/// Whether the tokens are a statement of PostgreSQL.
pub(super) fn read(text: &str, raw: &Raw) -> Result<Shape, Problem> {
    let grammar = &*GRAMMAR;
    let terminals = grammar.vocabulary.terminals(text, &raw.tokens);
    let span = |at: usize| {
        let terminal = terminals.get(at).or(terminals.last());
        terminal.map_or(raw.span.clone(), |terminal| terminal.span.clone())
    };
    let rule = grammar.rule("statement").unwrap_or_default();
    match matching::whole(grammar, rule, &terminals) {
        Ok(marks) => {
            let parts = marks.into_iter().filter(|mark| !mark.terminals.is_empty());
            let parts = parts.map(|mark| {
                let last = span(mark.terminals.end - 1);
                (mark.label, span(mark.terminals.start).start..last.end)
            });
            Ok(Shape {
                parts: parts.collect(),
            })
        }
        Err(Mismatch::TooDeep(at)) => Err(Problem {
            what: "it is nested too deeply to be read".to_owned(),
            span: span(at),
        }),
        Err(Mismatch::At(at, expected)) => {
            let found = match text.get(span(at)).unwrap_or_default() {
                "" => "the end of the statement".to_owned(),
                found => format!("`{}`", found.lines().next().unwrap_or_default()),
            };
            let expected = grammar.vocabulary.describe(&expected);
            Err(Problem {
                what: match expected {
                    Some(expected) => format!("expected {expected}, found {found}"),
                    None => format!("syntax error at {found}"),
                },
                span: span(at),
            })
        }
    }
}

#[cfg(test)]
mod tests;
