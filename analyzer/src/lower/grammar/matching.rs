//! Matching a statement's tokens against the grammar: ordered choice, without taking back.

use std::ops::Range;

use super::notation::{Form, Grammar, Id, Label};
use super::set::Set;
use super::terminals::{END, Terminal};

/// How deep the grammar may call itself: enough for some 150 nested parentheses, and far from the
/// end of a thread's stack.
const DEEPEST: usize = 2_400;

/// What the grammar was told to remember, and the tokens that it took.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) label: Label,
    pub(super) terminals: Range<usize>,
}

/// Why a statement does not fit.
#[derive(Debug)]
pub(super) enum Mismatch {
    /// The first token that cannot be, and what could.
    At(usize, Set),
    TooDeep(usize),
}

/// All of the tokens as one `rule`.
pub(super) fn whole(
    grammar: &Grammar,
    rule: Id,
    terminals: &[Terminal],
) -> Result<Vec<Mark>, Mismatch> {
    let mut attempt = Attempt::new(grammar, terminals, None);
    if let Some(end) = attempt.run(rule, 0) {
        if attempt.id(end) == END {
            return Ok(attempt.marks);
        }
        attempt.furthest = attempt.furthest.max(end);
    }
    if attempt.too_deep {
        return Err(Mismatch::TooDeep(attempt.furthest));
    }
    // Once more, to learn what could have come where it stopped: rarely needed, so not kept before.
    let furthest = attempt.furthest;
    let mut again = Attempt::new(grammar, terminals, Some(furthest));
    if again.run(rule, 0).is_some() {
        again.expected.insert(END);
    }
    Err(Mismatch::At(furthest, again.expected))
}

struct Attempt<'a> {
    grammar: &'a Grammar,
    terminals: &'a [Terminal],
    marks: Vec<Mark>,
    /// The furthest token at which something else was expected.
    furthest: usize,
    /// The token for which to collect what was expected.
    wanted: Option<usize>,
    expected: Set,
    depth: usize,
    too_deep: bool,
    /// Inside `!`, where it is no mistake not to fit.
    quiet: bool,
}

impl<'a> Attempt<'a> {
    fn new(grammar: &'a Grammar, terminals: &'a [Terminal], wanted: Option<usize>) -> Self {
        Self {
            grammar,
            terminals,
            marks: Vec::new(),
            furthest: 0,
            wanted,
            expected: Set::default(),
            depth: 0,
            too_deep: false,
            quiet: false,
        }
    }

    fn id(&self, at: usize) -> usize {
        self.terminals.get(at).map_or(END, |terminal| terminal.id)
    }

    fn missed(&mut self, id: Id, at: usize) {
        if self.quiet {
            return;
        }
        if at > self.furthest {
            self.furthest = at;
        }
        if self.wanted == Some(at) {
            self.expected.extend(&self.grammar.nodes[id].first);
        }
    }

    /// Where the node ends if it fits here.
    fn run(&mut self, id: Id, at: usize) -> Option<usize> {
        let grammar = self.grammar;
        let node = &grammar.nodes[id];
        if !node.first.contains(self.id(at)) {
            self.missed(id, at);
            if !node.nullable {
                return None;
            }
        }
        if let Form::Token = node.form {
            return Some(at + 1);
        }
        if self.depth == DEEPEST || self.too_deep {
            self.too_deep = true;
            return None;
        }
        self.depth += 1;
        let marks = self.marks.len();
        let end = self.inside(&node.form, at);
        if end.is_none() {
            self.marks.truncate(marks);
        }
        self.depth -= 1;
        end
    }

    fn inside(&mut self, form: &'a Form, mut at: usize) -> Option<usize> {
        match form {
            Form::Token => Some(at + 1),
            Form::Rule(rule) => self.run(self.grammar.rules[*rule].body, at),
            Form::Sequence(items) => {
                for item in items {
                    at = self.run(*item, at)?;
                }
                Some(at)
            }
            Form::Choice(alternatives) => alternatives.iter().find_map(|one| self.run(*one, at)),
            Form::Optional(inner) => Some(self.run(*inner, at).unwrap_or(at)),
            Form::Repeat(inner) => {
                while let Some(end) = self.run(*inner, at).filter(|end| *end > at) {
                    at = end;
                }
                Some(at)
            }
            Form::List(inner) => {
                at = self.run(*inner, at)?;
                while self.is_comma(at) {
                    match self.run(*inner, at + 1) {
                        Some(end) => at = end,
                        None => break,
                    }
                }
                Some(at)
            }
            Form::Not(inner) => {
                let quiet = std::mem::replace(&mut self.quiet, true);
                let fits = self.run(*inner, at).is_some();
                self.quiet = quiet;
                (!fits).then_some(at)
            }
            Form::Mark(label, inner) => {
                let end = self.run(*inner, at)?;
                self.marks.push(Mark {
                    label: *label,
                    terminals: at..end,
                });
                Some(end)
            }
        }
    }

    fn is_comma(&mut self, at: usize) -> bool {
        let is_comma = self.id(at) == self.grammar.comma;
        if !is_comma && self.wanted == Some(at) && !self.quiet {
            self.expected.insert(self.grammar.comma);
        }
        is_comma
    }
}
