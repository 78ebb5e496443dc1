//! Reads one file: splits it into statements, lowers them, and reads its directives.

use std::cell::LazyCell;
use std::ops::Range;

use crate::finding::Place;
use crate::intake::directive::{self, Allowance, Declarations, Directive, PlacedDirective, Reach};
use crate::intake::misplaced::misplaced;
use crate::intake::module::{Module, Source};
use crate::intake::problem::{Fact, Problem};
use crate::intake::question::Question;
use crate::lower::lower;
use crate::statement::{Scope, Statement};
use crate::text::position::Lines;
use crate::text::split::{Split, Unclosed, split};

/// A file after reading.
pub(crate) struct File {
    pub(crate) statements: Vec<Statement>,
    pub(crate) directives: Vec<PlacedDirective>,
    /// What the directives declare about the file as a whole.
    pub(crate) declared: Declarations,
    /// The queries in directives.
    pub(crate) questions: Vec<Question>,
    /// What is never closed, so that the rest of the file cannot be read.
    pub(crate) ends_inside: Option<Unclosed>,
    /// What is wrong with it before a statement is looked at.
    pub(crate) problems: Vec<Problem>,
}

impl File {
    /// Whether the byte range ends before the first statement.
    pub(crate) fn is_in_header(&self, span: &Range<usize>) -> bool {
        let first = self.statements.first();
        first.is_none_or(|first| span.end <= first.span.start)
    }
}

/// Splits and lowers a file, and reads its directives.
pub(crate) fn understand(source: &Source, module: &Module) -> File {
    let text = &source.text;
    let split = split(text);
    let unclosed: Vec<(Unclosed, usize)> = unclosed(&split).collect();
    let mut problems: Vec<Problem> = unclosed
        .iter()
        .map(|one| never_closed(source, *one))
        .collect();
    let is_bare = split.statements.is_empty() && problems.is_empty() && !text.trim().is_empty();
    let statements = split.statements.iter();
    let statements = statements.filter(|raw| raw.unclosed.is_none());
    let mut scope = Scope::from(&module.schema);
    let statements = statements.map(|raw| {
        let statement = lower(text, raw, &scope);
        scope.follow(&statement);
        statement
    });
    let statements: Vec<Statement> = statements.collect();
    let mut directives = Vec::new();
    for span in &split.comments {
        let comment = text.get(span.clone()).unwrap_or_default();
        let place = || Place::at(&source.path, span.clone());
        let inside = split
            .statements
            .iter()
            .any(|raw| raw.span.start < span.start && span.start < raw.span.end);
        let last = split.statements.last();
        let has_more = last.is_some_and(|last| last.span.start > span.start);
        if goes_back(comment) || has_more && !inside && divides(comment) {
            problems.push(Problem {
                place: place(),
                fact: Fact::DownSection,
            });
        }
        match directive::read(comment, &module.schema) {
            None => {}
            Some(Ok(directive)) => directives.push(PlacedDirective {
                span: span.clone(),
                directive,
            }),
            Some(Err(wrong)) => problems.push(Problem {
                place: place(),
                fact: Fact::Directive(wrong),
            }),
        }
    }
    let own = Scope::from(&module.schema);
    let questions = directives
        .iter()
        .filter_map(|placed| Question::of(placed, text, &own));
    let mut file = File {
        statements,
        questions: questions.collect(),
        declared: Declarations::of(&directives),
        directives,
        ends_inside: unclosed.first().map(|(what, _)| *what),
        problems,
    };
    if is_bare && !file.declared.in_rust {
        let name = source.name.clone();
        file.problems.push(Problem {
            place: Place::file(&source.path),
            fact: Fact::OnlyComments { name },
        });
    }
    let misplaced = misplaced(source, module, &file);
    file.problems.extend(misplaced);
    file
}

/// Whether the comment is the mark with which goose, sql-migrate, dbmate or Liquibase begins a section that
/// reverts the migration.
fn goes_back(comment: &str) -> bool {
    let body = comment.trim_start_matches('-').trim().to_ascii_lowercase();
    let mut words = body.split_whitespace();
    match (words.next(), words.next()) {
        (Some("+goose" | "+migrate"), Some("down")) => true,
        (Some(first), _) if first.starts_with("migrate:down") => true,
        (Some("rollback" | "rollback:"), second) => second.is_none_or(|second| {
            [
                "alter", "create", "delete", "drop", "insert", "truncate", "update",
            ]
            .contains(&second)
        }),
        _ => false,
    }
}

/// Words of a mark that begins the section that undoes a migration: `-- Down Migration`, `-- //@UNDO`, `-- ==== DOWN
/// ====`, `-- rambler down`, `-- !Downs`.
const BACK: [&str; 5] = ["down", "downs", "revert", "rollback", "undo"];
const BESIDE: [&str; 14] = [
    "begin",
    "below",
    "here",
    "micrate",
    "migrate",
    "migration",
    "no",
    "notransaction",
    "rambler",
    "script",
    "section",
    "sql",
    "start",
    "transaction",
];

/// Whether the comment consists of nothing but such a mark, as of tern, MyBatis, node-pg-migrate, shmig or rambler.
fn divides(comment: &str) -> bool {
    let lower = comment.to_ascii_lowercase();
    let words = lower.split_whitespace();
    let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let is_known = |word: &&str| BACK.contains(word) || BESIDE.contains(word);
    words == ["create", "above", "drop", "below"]
        || words.iter().any(|word| BACK.contains(word)) && words.iter().all(is_known)
}

fn unclosed(split: &Split) -> impl Iterator<Item = (Unclosed, usize)> {
    let texts = split.statements.iter().filter_map(|raw| raw.unclosed);
    let comment = split.unclosed_comment.map(|at| (Unclosed::Comment, at));
    texts.chain(comment)
}

/// Points from where the text opens to the end of that line.
fn never_closed(source: &Source, (what, at): (Unclosed, usize)) -> Problem {
    let line = source.text.get(at..).and_then(|rest| rest.lines().next());
    let end = at + line.map_or(0, |line| line.trim_end().len());
    Problem {
        place: Place::at(&source.path, at..end),
        fact: Fact::Unclosed(what),
    }
}

/// Finds the statement of each allowance: the statement around it, or the one that ends on the same line,
/// or the next one.
pub(crate) fn allowances<'a>(source: &Source, file: &'a File) -> Vec<Allowance<'a>> {
    let lines = LazyCell::new(|| Lines::of(&source.text));
    let line = |offset| lines.position(offset).line;
    let bound = |comment: &Range<usize>| {
        let spans = || file.statements.iter().map(|statement| &statement.span);
        spans()
            .find(|span| span.start < comment.start && comment.end <= span.end)
            .or_else(|| {
                let before = spans().rfind(|span| span.end <= comment.start)?;
                (line(before.end) == line(comment.start)).then_some(before)
            })
            .or_else(|| spans().find(|span| span.start >= comment.end))
            .cloned()
    };
    file.directives
        .iter()
        .filter_map(|placed| match &placed.directive {
            Directive::Allow { rules, reason } => Some(Allowance {
                span: placed.span.clone(),
                rules,
                reason,
                reach: bound(&placed.span).map_or(Reach::Nothing, Reach::Statement),
            }),
            Directive::AllowFile { rules, reason } => Some(Allowance {
                span: placed.span.clone(),
                rules,
                reason,
                reach: Reach::File,
            }),
            Directive::SmallTable { .. }
            | Directive::External(_)
            | Directive::Breaks(_)
            | Directive::Requires(_)
            | Directive::Replaces { .. }
            | Directive::TransactionNone
            | Directive::Batch(_)
            | Directive::InRust
            | Directive::Background
            | Directive::DoneWhen(_)
            | Directive::Tenants(_)
            | Directive::Skip(_)
            | Directive::Approve
            | Directive::HealthyWhen(_)
            | Directive::Replace(_)
            | Directive::ReplaceEnds { .. } => None,
        })
        .collect()
}
