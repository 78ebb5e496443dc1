//! Reads a grammar, and parses statements with it: the tokens become a tree, or a problem with its place.
//!
//! A grammar is text in the notation of the synopses in PostgreSQL's manual (see `notation`). The files
//! here define names, types, expressions and queries; `language` lists the files of PostgreSQL's
//! language.

mod escapes;
mod matching;
mod notation;
mod set;
mod syntax;
mod terminals;
mod tree;

use std::ops::Range;

use self::matching::Mismatch;
use crate::text::split::Token;

pub(super) use self::matching::Depth;
pub(super) use self::notation::Grammar;
pub(super) use self::syntax::Syntax;
pub(super) use self::terminals::Terminal;
pub(super) use self::tree::{Item, Node, Tree, Word};

/// What is wrong, and the byte range of the token at which it shows.
pub(super) struct Problem {
    pub(super) what: String,
    pub(super) span: Range<usize>,
}

/// Why tokens are not what they should be.
pub(super) enum Refusal {
    Problem(Problem),
    /// Nested more deeply than the stack allows: the tokens again, and what to say if there is no more.
    TooDeep(Vec<Terminal>, Problem),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Problem(problem) | Refusal::TooDeep(_, problem) => problem,
        }
    }
}

impl Grammar {
    /// The tokens of a statement, as PostgreSQL's grammar sees them.
    pub(super) fn terminals(&self, text: &str, tokens: &[Token]) -> Vec<Terminal> {
        self.vocabulary.terminals(text, tokens)
    }

    /// Reads PL/pgSQL's `PERFORM` as `SELECT`.
    pub(super) fn as_select(&self, terminals: &mut [Terminal]) {
        self.vocabulary.as_select(terminals);
    }

    /// Reads tokens of a text, which stands in the file from `base` on, by a rule.
    pub(super) fn read<'a>(
        &self,
        rule: &str,
        text: &'a str,
        base: usize,
        terminals: Vec<Terminal>,
        depth: Depth,
    ) -> Result<Tree<'a>, Refusal> {
        let at = |index: usize| {
            let terminal = terminals.get(index).or(terminals.last());
            terminal.map_or(0..0, Terminal::span)
        };
        let problem = |what, span: Range<usize>| Problem {
            what,
            span: base + span.start..base + span.end,
        };
        let rule = self.rule(rule).unwrap_or_default();
        let found = match matching::whole(self, rule, &terminals, depth) {
            Ok(found) => found,
            Err(Mismatch::TooDeep(index)) => {
                let what = "it is nested too deeply to be read".to_owned();
                let problem = problem(what, at(index));
                return Err(Refusal::TooDeep(terminals, problem));
            }
            Err(Mismatch::At(index, expected)) => {
                let found = match text.get(at(index)).unwrap_or_default() {
                    "" => "the end of the statement".to_owned(),
                    found => format!("`{}`", found.lines().next().unwrap_or_default()),
                };
                let what = match self.vocabulary.describe(&expected) {
                    Some(expected) => format!("expected {expected}, found {found}"),
                    None => format!("syntax error at {found}"),
                };
                return Err(Refusal::Problem(problem(what, at(index))));
            }
        };
        Ok(Tree {
            text,
            base,
            terminals,
            marks: found.marks,
            newer: found.newer,
            closing: std::cell::OnceCell::new(),
        })
    }
}
