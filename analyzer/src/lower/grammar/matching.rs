//! Matches the tokens of a statement against the grammar: ordered choice, without backtracking into a
//! choice.

use std::collections::HashSet;

use super::notation::{Form, Grammar, Id};
use super::set::Set;
use super::syntax::Syntax;
use super::terminals::{END, Terminal};

/// How deep the grammar may call itself.
#[derive(Clone, Copy)]
pub(in crate::lower) enum Depth {
    /// Enough for some 150 nested parentheses, and far from the end of a thread's stack.
    Usual,
    /// Enough for some thousand nested queries, on a stack for it.
    Deep,
}

impl Depth {
    const fn limit(self) -> usize {
        match self {
            Self::Usual => 2_400,
            Self::Deep => 100_000,
        }
    }
}

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
    depth: Depth,
) -> Result<Match, Mismatch> {
    let mut attempt = Attempt::new(grammar, terminals, None, depth);
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
    let mut again = Attempt::new(grammar, terminals, Some(furthest), depth);
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
    deepest: usize,
    too_deep: bool,
    /// Rules that do not fit at a parenthesis, so that nested ones are not read again and again.
    unfit: HashSet<(usize, usize)>,
    /// Inside `!`, where a mismatch is not a mistake.
    quiet: bool,
}

impl<'a> Attempt<'a> {
    fn new(
        grammar: &'a Grammar,
        terminals: &'a [Terminal],
        wanted: Option<usize>,
        depth: Depth,
    ) -> Self {
        Self {
            grammar,
            terminals,
            marks: Vec::new(),
            newer: Vec::new(),
            furthest: 0,
            wanted,
            expected: Set::default(),
            depth: 0,
            deepest: depth.limit(),
            unfit: HashSet::new(),
            too_deep: false,
            quiet: false,
        }
    }

    fn id(&self, at: usize) -> usize {
        match self.terminals.get(at) {
            Some(terminal) => terminal.id(),
            None => END,
        }
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
        if self.depth == self.deepest || self.too_deep {
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
                let is_nested = self.grammar.signs.opening.contains(self.id(at));
                if is_nested && self.unfit.contains(&(*index, at)) {
                    return None;
                }
                let end = self.rule(*index, at);
                if is_nested && end.is_none() && !self.quiet && !self.too_deep {
                    self.unfit.insert((*index, at));
                }
                end
            }
            Form::Sequence(items) => {
                for item in items {
                    at = self.run(*item, at)?;
                }
                Some(at)
            }
            Form::Choice(alternatives) => {
                for one in alternatives {
                    let end = self.run(*one, at);
                    if end.is_some() {
                        return end;
                    }
                }
                None
            }
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
            Form::Before(end) => self.before(*end, at, false),
            Form::Statement(end) => self.before(*end, at, true),
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

    fn rule(&mut self, index: usize, at: usize) -> Option<usize> {
        let rule = &self.grammar.rules[index];
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

    /// Where the next `end` outside of parentheses is.
    fn before(&mut self, end: Id, start: usize, is_statement: bool) -> Option<usize> {
        let signs = self.grammar.signs;
        let creates = is_statement && self.creates_routine(start);
        let (mut parentheses, mut bodies) = (0_usize, 0_usize);
        let mut at = start;
        loop {
            let id = self.id(at);
            let is_open = parentheses > 0 || bodies > 0;
            if !is_open && self.grammar.nodes[end].first.contains(id) {
                if at > start {
                    return Some(at);
                }
                break;
            }
            if id == END || id == signs.semicolon && !is_statement {
                break;
            }
            if signs.opening.contains(id) {
                parentheses += 1;
            } else if signs.closing.contains(id) {
                match parentheses.checked_sub(1) {
                    Some(left) => parentheses = left,
                    None => break,
                }
            } else if creates && parentheses == 0 {
                let opens = id == signs.begin || bodies > 0 && id == signs.case;
                bodies += usize::from(opens);
                bodies -= usize::from(bodies > 0 && id == signs.end);
            }
            at += 1;
        }
        self.missed(end, at);
        None
    }

    /// Whether a statement is `CREATE [OR REPLACE] FUNCTION` or `PROCEDURE`.
    fn creates_routine(&self, start: usize) -> bool {
        let is_routine = |at| self.grammar.signs.routine.contains(self.id(at));
        self.id(start) == self.grammar.signs.create
            && (is_routine(start + 1) || is_routine(start + 3))
    }

    fn is_comma(&mut self, at: usize) -> bool {
        let is_comma = self.id(at) == self.grammar.signs.comma;
        if !is_comma && self.wanted == Some(at) && !self.quiet {
            self.expected.insert(self.grammar.signs.comma);
        }
        is_comma
    }
}

/// Texts of 4 GiB and more are refused before they are split.
fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
