//! The SQL inside of PL/pgSQL.
//!
//! The grammar of its blocks finds where SQL stands; each statement there is read by PostgreSQL's
//! grammar, without the `INTO target` that PL/pgSQL takes out itself. What cannot be read is a
//! statement that is not understood, at its place.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::expression::calls;
use super::grammar::{Depth, Node, Problem, Refusal, Syntax, Terminal};
use super::language::{language, plpgsql};
use super::name::{Target, identifier};
use super::uses::uses;
use super::variables::Variables;
use super::{body, read as read_statement, unknown};
use crate::statement::scope::follow;
use crate::statement::{Call, Change, Name, OpaqueCommand, Statement};
use crate::text::split::{Token, TokenKind, tokens};

/// What is in a body.
#[derive(Default)]
pub(super) struct Read {
    pub(super) statements: Vec<Statement>,
    /// Whether some of it may not run.
    pub(super) branches: bool,
    /// Whether a `RETURN` has a value.
    pub(super) returns_value: bool,
    /// The relations that its expressions read.
    pub(super) expressions: BTreeSet<Name>,
}

/// The SQL of a body that begins in the file at offset `base`. The routine has these `parameters`.
pub(super) fn read(text: &str, base: usize, target: Target<'_>, parameters: &[String]) -> Read {
    let tokens = tokens(text);
    let blocks = plpgsql().terminals(text, &tokens);
    let tree = match plpgsql().read("statement", text, base, blocks, Depth::Usual) {
        Ok(tree) => tree,
        Err(refusal) => {
            return Read {
                statements: vec![unknown(refusal.into())],
                branches: true,
                ..Read::default()
            };
        }
    };
    let Some(root) = tree.root() else {
        return Read {
            branches: true,
            ..Read::default()
        };
    };
    let mut reader = Reader {
        text,
        base,
        target,
        temporary: target.temporary.clone(),
        words: language().terminals(text, &tokens),
        variables: Variables::of(root, parameters),
        statements: Vec::new(),
        expressions: BTreeSet::new(),
    };
    let (mut branches, mut returns_value) = (false, false);
    for node in root.within() {
        branches |= matches!(node.syntax(), Syntax::Branch | Syntax::Handlers);
        returns_value |= node.is(Syntax::Branch) && reader.returns_value(node.range().start);
        reader.node(node);
    }
    let expressions = reader.expressions;
    let mut statements = reader.statements;
    // The words around it say if it looks for names elsewhere.
    if !branches && !text.contains("search_path") {
        let variables = Arc::new(around(text, base, &tokens, &statements));
        for statement in &mut statements {
            statement.variables = Some(Arc::clone(&variables));
        }
    }
    Read {
        statements,
        branches,
        returns_value,
        expressions,
    }
}

/// The words outside of the SQL: each variable is declared there.
fn around(text: &str, base: usize, tokens: &[Token], statements: &[Statement]) -> BTreeSet<String> {
    let mut spans: Vec<&Range<usize>> = statements.iter().map(|one| &one.span).collect();
    spans.sort_by_key(|span| span.start);
    let is_in_sql = |span: &Range<usize>| {
        let start = base + span.start;
        let behind = spans.partition_point(|one| one.start <= start);
        let last = behind.checked_sub(1).and_then(|at| spans.get(at));
        last.is_some_and(|one| one.contains(&start))
    };
    let words = tokens
        .iter()
        .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedWord))
        .map(|token| token.span());
    let words = words.filter(|span| !is_in_sql(span));
    let special = ["found", "sqlerrm", "sqlstate"].map(str::to_owned);
    words
        .filter_map(|span| text.get(span))
        .map(identifier)
        .chain(special)
        .collect()
}

struct Reader<'a> {
    text: &'a str,
    base: usize,
    target: Target<'a>,
    /// The temporary objects at this point.
    temporary: BTreeSet<String>,
    /// As PostgreSQL's own grammar sees them.
    words: Vec<Terminal>,
    variables: Variables,
    statements: Vec<Statement>,
    expressions: BTreeSet<Name>,
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        let span = self.words.get(at).map_or(0..0, Terminal::span);
        self.text.get(span).unwrap_or_default()
    }

    fn target(&self) -> Target<'_> {
        Target {
            temporary: &self.temporary,
            ..self.target
        }
    }

    fn push(&mut self, statement: Statement) {
        follow(&mut self.temporary, &statement);
        self.statements.push(statement);
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.word(at).eq_ignore_ascii_case(word)
    }

    fn returns_value(&self, at: usize) -> bool {
        let others = [";", "NEXT", "QUERY"];
        self.is(at, "RETURN") && !others.iter().any(|word| self.is(at + 1, word))
    }

    fn node(&mut self, node: Node<'_>) {
        let words = node.range();
        match node.syntax() {
            Syntax::EmbeddedSql
            | Syntax::EmbeddedStatement
            | Syntax::Perform
            | Syntax::TransactionEnd
            | Syntax::LoopQuery => self.sql(words.start, words.end),
            Syntax::ExecuteText | Syntax::ExecutedRows | Syntax::LoopedRows => {
                self.execute(words.start, words.end)
            }
            Syntax::VariableType => self.data_type(words),
            Syntax::Embedded
            | Syntax::Assertion
            | Syntax::Condition
            | Syntax::Tested
            | Syntax::LoopUntil
            | Syntax::BoundBelow
            | Syntax::BoundAbove
            | Syntax::LoopedText
            | Syntax::LoopedValue
            | Syntax::ExecutedText
            | Syntax::UsedValue
            | Syntax::RaisedValue => self.expression(words),
            Syntax::AssignedTo | Syntax::Left => {
                let problem = self.variables.unknown(node);
                self.statements.extend(problem.map(unknown));
            }
            _ => {}
        }
    }

    /// An expression, which PL/pgSQL runs as a query: a statement, if it calls a function that is not
    /// PostgreSQL's own.
    fn expression(&mut self, words: Range<usize>) {
        let calls = self.check("plpgsql_expression", words);
        let others = calls.iter().any(|call| !call.is_built_in());
        let Some(first) = calls.first().filter(|_| others) else {
            return;
        };
        let span = first.span.clone();
        self.statements.push(Statement {
            calls,
            ..Statement::alone(span, Change::Query)
        });
    }

    /// The calls in what is read by a rule. What PostgreSQL would refuse to read is a statement that is not
    /// understood.
    fn check(&mut self, rule: &str, words: Range<usize>) -> Vec<Call> {
        let mut terminals: Vec<Terminal> = self.words.get(words).unwrap_or_default().to_vec();
        let end = terminals.last().map_or(0, |last| last.span().end);
        terminals.push(Terminal::end(end));
        let read = language().read(rule, self.text, self.base, terminals, Depth::Usual);
        match read {
            Ok(tree) => {
                let used = tree.root().map(|root| uses(self.target(), root));
                let used = used.unwrap_or_default().into_iter();
                self.expressions.extend(used.map(|one| one.relation));
                tree.root().map(calls).unwrap_or_default()
            }
            Err(Refusal::Problem(problem)) => {
                self.statements.push(unknown(problem));
                Vec::new()
            }
            // What is nested more deeply than that is not refused for it.
            Err(Refusal::TooDeep(..)) => Vec::new(),
        }
    }

    /// The type of a variable, which may be that of a column or a table.
    fn data_type(&mut self, words: Range<usize>) {
        let sign = words.clone().find(|at| self.word(*at) == "%");
        let copies = sign.is_some_and(|at| self.is(at + 1, "TYPE") || self.is(at + 1, "ROWTYPE"));
        if !copies {
            self.check("type", words);
        }
    }

    /// `EXECUTE text`: a constant text is parsed, a text that is built at run time cannot be.
    fn execute(&mut self, start: usize, end: usize) {
        let text = self.word(start + 1);
        let is_constant = text.ends_with(['\'', '$'])
            && (start + 2 == end || self.is(start + 2, "INTO") || self.is(start + 2, "USING"));
        if is_constant {
            let at = self
                .words
                .get(start + 1)
                .map_or(0, |word| word.span().start);
            let read = body::read(self.target(), text, self.base + at, "sql", &[]);
            // An error in it matters only if the statement is reached.
            match read {
                Some(read) if !body::has_unknown(&read) => {
                    for statement in read.statements {
                        self.push(statement);
                    }
                    return;
                }
                Some(_) | None => {}
            }
        }
        let span = self.words.get(start).map_or(0..0, Terminal::span);
        let here = self.base + span.start..self.base + span.end;
        let last = self
            .words
            .get(end.saturating_sub(1))
            .map_or(span.end, |word| word.span().end);
        let command = OpaqueCommand::Execute;
        self.statements.push(Statement {
            span: here.start..self.base + last,
            ..Statement::alone(here, Change::Opaque { command })
        });
    }

    /// The statement between two positions.
    fn sql(&mut self, start: usize, end: usize) {
        let mut words = Vec::with_capacity(end.saturating_sub(start) + 1);
        let mut at = start;
        let mut may_be_into = true;
        while at < end {
            let is_target = may_be_into
                && self.is(at, "INTO")
                && !(at > start && (self.is(at - 1, "INSERT") || self.is(at - 1, "MERGE")))
                && !self.is(start, "IMPORT");
            if is_target {
                match self.behind_targets(at + 1, end) {
                    Ok(behind) => at = behind,
                    Err(wrong) => return self.no_target(wrong),
                }
                may_be_into = false;
                continue;
            }
            words.extend(self.words.get(at).copied());
            at += 1;
        }
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return;
        };
        let (first, last) = (first.span().start, last.span().end);
        if self.is(start, "PERFORM") {
            language().as_select(&mut words);
        }
        words.push(Terminal::end(last));
        let mut statement = read_statement(self.text, self.base, words, self.target());
        statement.span = self.base + first..self.base + last;
        self.push(statement);
    }

    /// Behind `[STRICT] a, b.c` of an `INTO`, or where no variable is.
    fn behind_targets(&self, from: usize, end: usize) -> Result<usize, usize> {
        let starts = |c: char| c.is_alphabetic() || "_\"$".contains(c);
        let mut at = from + usize::from(self.is(from, "STRICT"));
        loop {
            let is_variable = self.word(at).starts_with(starts)
                && self.variables.not_a_variable(self.word(at)).is_none();
            if at >= end || !is_variable {
                return Err(at);
            }
            at += 1;
            while self.is(at, ".") {
                at += 2;
            }
            if !self.is(at, ",") || at >= end {
                return Ok(at.min(end));
            }
            at += 1;
        }
    }

    fn no_target(&mut self, at: usize) {
        let span = self.words.get(at).map_or(0..0, Terminal::span);
        self.statements.push(unknown(Problem {
            what: format!("expected a variable, found `{}`", self.word(at)),
            span: self.base + span.start..self.base + span.end,
        }));
    }
}
