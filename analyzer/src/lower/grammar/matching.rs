//! Matches the tokens of a statement against the grammar: ordered choice, without backtracking into a
//! choice.

use super::notation::{Form, Grammar, Id};
use super::set::Set;
use super::syntax::Syntax;
use super::terminals::{END, Terminal};

/// How deep grammar rules can nest: enough for about 150 nested parentheses, and far from overflowing a
/// thread's stack.
const DEEPEST: usize = 2_400;

/// A node of the tree; nodes are stored in the order in which they start.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) syntax: Syntax,
    /// The first token, and the one after the last.
    pub(super) start: u32,
    pub(super) end: u32,
    /// How many of the marks after it are inside of it.
    pub(super) inside: u32,
}

/// What is newer than PostgreSQL 15: the version, and the first token that needs it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Newer {
    pub(super) version: u8,
    pub(super) start: u32,
}

/// The parts of a statement.
#[derive(Debug)]
pub(super) struct Match {
    pub(super) marks: Vec<Mark>,
    pub(super) newer: Vec<Newer>,
}

/// Why a statement does not match.
#[derive(Debug)]
pub(super) enum Mismatch {
    /// The first token that is wrong, and what was expected there.
    At(usize, Set),
    TooDeep(usize),
}

/// Matches all tokens with one rule.
pub(super) fn whole(
    grammar: &Grammar,
    rule: Id,
    terminals: &[Terminal],
) -> Result<Match, Mismatch> {
    let mut attempt = Attempt::new(grammar, terminals, None);
    if let Some(end) = attempt.run(rule, 0) {
        if attempt.id(end) == END {
            return Ok(Match {
                marks: attempt.marks,
                newer: attempt.newer,
            });
        }
        attempt.furthest = attempt.furthest.max(end);
    }
    if attempt.too_deep {
        return Err(Mismatch::TooDeep(attempt.furthest));
    }
    // Matches again to collect what was expected at the furthest token. This is rare, so the first match
    // does not collect it.
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
    newer: Vec<Newer>,
    /// The furthest token at which something else was expected.
    furthest: usize,
    /// The token for which expectations are collected.
    wanted: Option<usize>,
    expected: Set,
    depth: usize,
    too_deep: bool,
    /// Inside of `!`, where a mismatch is not a mistake.
    quiet: bool,
}

impl<'a> Attempt<'a> {
    fn new(grammar: &'a Grammar, terminals: &'a [Terminal], wanted: Option<usize>) -> Self {
        Self {
            grammar,
            terminals,
            marks: Vec::new(),
            newer: Vec::new(),
            furthest: 0,
            wanted,
            expected: Set::default(),
            depth: 0,
            too_deep: false,
            quiet: false,
        }
    }

    fn id(&self, at: usize) -> usize {
        self.terminals.get(at).map_or(END, |terminal| terminal.id())
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

    /// The end of the node, if it matches here.
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
        let (marks, newer) = (self.marks.len(), self.newer.len());
        let end = self.inside(&node.form, at);
        if end.is_none() {
            self.marks.truncate(marks);
            self.newer.truncate(newer);
        }
        self.depth -= 1;
        end
    }

    fn inside(&mut self, form: &'a Form, mut at: usize) -> Option<usize> {
        match form {
            Form::Token => Some(at + 1),
            Form::Rule(index) => {
                let rule = &self.grammar.rules[*index];
                let Some(syntax) = rule.node else {
                    return self.run(rule.body, at);
                };
                let mark = self.marks.len();
                self.marks.push(Mark {
                    syntax,
                    start: narrow(at),
                    end: narrow(at),
                    inside: 0,
                });
                let end = self.run(rule.body, at)?;
                let inside = self.marks.len() - mark - 1;
                let mark = &mut self.marks[mark];
                (mark.end, mark.inside) = (narrow(end), narrow(inside));
                Some(end)
            }
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
            Form::Since(version, inner) => {
                let end = self.run(*inner, at)?;
                self.newer.push(Newer {
                    version: *version,
                    start: narrow(at),
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

/// Texts of 4 GiB and more are refused before they are split.
fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
