//! One file, split, lowered, and with its directives read.

use std::ops::Range;

use crate::allow::{Allowance, Reach};
use crate::directive::{self, Directive, Placed};
use crate::file_name::{Category, Version};
use crate::finding::{Finding, Message, Place, Severity};
use crate::lower::lower;
use crate::plan;
use crate::position::Position;
use crate::source::{Module, Source};
use crate::split::{Split, Unclosed, split};
use crate::statement::{Name, Statement};

/// One file, understood.
pub(crate) struct File {
    pub(crate) statements: Vec<Statement>,
    pub(crate) directives: Vec<Placed>,
}

impl File {
    pub(crate) fn transaction_none(&self) -> bool {
        self.directives
            .iter()
            .any(|d| d.directive == Directive::TransactionNone)
    }

    pub(crate) fn requires(&self) -> Vec<Version> {
        let required = self
            .directives
            .iter()
            .filter_map(|placed| match placed.directive {
                Directive::Requires(version) => Some(version),
                Directive::Allow { .. }
                | Directive::AllowFile { .. }
                | Directive::SmallTable { .. }
                | Directive::External(_)
                | Directive::Breaks(_)
                | Directive::TransactionNone
                | Directive::Batch { .. } => None,
            });
        required.collect()
    }

    pub(crate) fn batch(&self) -> Option<plan::Batch> {
        self.directives
            .iter()
            .find_map(|placed| match &placed.directive {
                Directive::Batch { rows, by } => Some(plan::Batch {
                    rows: *rows,
                    by: by.clone(),
                }),
                Directive::Allow { .. }
                | Directive::AllowFile { .. }
                | Directive::SmallTable { .. }
                | Directive::External(_)
                | Directive::Breaks(_)
                | Directive::TransactionNone
                | Directive::Requires(_) => None,
            })
    }

    /// What `-- onward: breaks` says that old code loses.
    pub(crate) fn breaks(&self) -> Option<&str> {
        self.directives
            .iter()
            .find_map(|placed| match &placed.directive {
                Directive::Breaks(what) => Some(what.as_str()),
                Directive::Allow { .. }
                | Directive::AllowFile { .. }
                | Directive::SmallTable { .. }
                | Directive::External(_)
                | Directive::TransactionNone
                | Directive::Batch { .. }
                | Directive::Requires(_) => None,
            })
    }

    /// What `-- onward: external` says that something else makes.
    pub(crate) fn externals(&self) -> impl Iterator<Item = &Name> {
        self.directives
            .iter()
            .filter_map(|placed| match &placed.directive {
                Directive::External(name) => Some(name),
                Directive::Allow { .. }
                | Directive::AllowFile { .. }
                | Directive::SmallTable { .. }
                | Directive::Breaks(_)
                | Directive::TransactionNone
                | Directive::Batch { .. }
                | Directive::Requires(_) => None,
            })
    }

    /// Whether `-- onward: small-table` names the table.
    pub(crate) fn is_small(&self, table: &Name) -> bool {
        self.directives.iter().any(|placed| {
            matches!(&placed.directive, Directive::SmallTable { table: small, .. } if small == table)
        })
    }

    /// Whether the bytes lie above the first statement.
    fn is_in_header(&self, span: &Range<usize>) -> bool {
        let first = self.statements.first();
        first.is_none_or(|first| span.end <= first.span.start)
    }
}

/// Splits and lowers a file; findings for what is never closed and for directives.
pub(crate) fn understand(source: &Source, module: &Module) -> (File, Vec<Finding>) {
    let text = &source.text;
    let split = split(text);
    let mut findings = unclosed(source, &split);
    if split.statements.is_empty() && findings.is_empty() && !text.trim().is_empty() {
        findings.push(finding(
            "empty-file",
            Place::file(&source.path),
            no_statement(source),
        ));
    }
    let statements: Vec<Statement> = split
        .statements
        .iter()
        .filter(|raw| raw.unclosed.is_none())
        .map(|raw| lower(text, raw, &module.schema))
        .collect();
    let mut directives = Vec::new();
    for span in &split.comments {
        let comment = text.get(span.clone()).unwrap_or_default();
        if goes_back(comment) {
            findings.push(finding(
                "down-migration",
                Place::at(&source.path, span.clone()),
                Message::new(
                    "this starts a section that takes the migration back",
                    "migrations only go forward, and nothing reads such marks: the statements below it would \
                     run right behind those above",
                    "remove the section; to take a change back, write a new migration",
                ),
            ));
        }
        match directive::read(comment, &module.schema) {
            None => {}
            Some(Ok(directive)) => directives.push(Placed {
                span: span.clone(),
                directive,
            }),
            Some(Err(wrong)) => findings.push(finding(
                "wrong-directive",
                Place::at(&source.path, span.clone()),
                Message::new(
                    wrong.what,
                    "what nobody reads would look as if it worked",
                    wrong.help,
                ),
            )),
        }
    }
    let file = File {
        statements,
        directives,
    };
    findings.extend(misplaced(source, module, &file));
    (file, findings)
}

/// The marks of goose, sql-migrate, dbmate and Liquibase for the way back.
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

const fn finding(rule: &'static str, place: Place, message: Message) -> Finding {
    Finding::new(rule, Severity::Forbid, place, message)
}

fn no_statement(source: &Source) -> Message {
    Message::new(
        format!("`{}` holds no statement, only comments", source.name),
        "it would be recorded as applied without having done anything, and could never be filled \
         later",
        "write its statements, or remove the file",
    )
}

fn unclosed(source: &Source, split: &Split) -> Vec<Finding> {
    let texts = split.statements.iter().filter_map(|raw| raw.unclosed);
    let comment = split.unclosed_comment.map(|at| (Unclosed::Comment, at));
    texts
        .chain(comment)
        .map(|(what, at)| {
            let (what, close) = match what {
                Unclosed::String => ("string", "a closing `'`"),
                Unclosed::Identifier => ("quoted identifier", "a closing `\"`"),
                Unclosed::DollarQuote => ("dollar-quoted text", "the same tag once more"),
                Unclosed::Comment => ("comment", "`*/` once for each `/*`, because comments nest,"),
            };
            let line = source.text.get(at..).and_then(|rest| rest.lines().next());
            finding(
                "unclosed-text",
                Place::at(
                    &source.path,
                    at..at + line.map_or(0, |line| line.trim_end().len()),
                ),
                Message::new(
                    format!("this {what} is never closed"),
                    "everything from here to the end of the file belongs to it",
                    format!("write {close} where it ends"),
                ),
            )
        })
        .collect()
}

/// Directives that mean nothing where they stand.
fn misplaced(source: &Source, module: &Module, file: &File) -> Vec<Finding> {
    let wrong = file.directives.iter().filter_map(|placed| {
        let message = match &placed.directive {
            Directive::Batch { .. } if source.version.category != Category::Data => Message::new(
                format!(
                    "`batch` means nothing in a {} migration",
                    source.version.category.word()
                ),
                "only data migrations run in batches",
                "remove the directive, or make the file a data migration: `DM001_<what>.sql`",
            ),
            Directive::Requires(version)
                if !module.sources.iter().any(|other| other.version == *version) =>
            {
                Message::new(
                    format!("this module has no data migration {version}"),
                    "the migration would wait for it for ever",
                    "name one of the module's own data migrations",
                )
            }
            Directive::TransactionNone if file.statements.len() > 1 => Message::new(
                "`transaction none` asks for a file with a single statement",
                "outside of a transaction a failure would leave half of the file applied",
                "move each statement that cannot run in a transaction into a file of its own",
            ),
            Directive::Breaks(_) if source.version.category != Category::Release => Message::new(
                format!(
                    "`breaks` means nothing in a {} migration",
                    source.version.category.word()
                ),
                "only a release migration, which an operator runs, may break what still serves",
                "remove the directive, or move what breaks into a release migration",
            ),
            Directive::AllowFile { .. } | Directive::SmallTable { .. } | Directive::Breaks(_)
                if !file.is_in_header(&placed.span) =>
            {
                Message::new(
                    "this speaks of the whole file and stands in the middle of it",
                    "it would look as if it counted from here on only",
                    "move it above the first statement",
                )
            }
            Directive::Allow { .. }
            | Directive::AllowFile { .. }
            | Directive::SmallTable { .. }
            | Directive::External(_)
            | Directive::Breaks(_)
            | Directive::Batch { .. }
            | Directive::Requires(_)
            | Directive::TransactionNone => return None,
        };
        Some(finding(
            "wrong-directive",
            Place::at(&source.path, placed.span.clone()),
            message,
        ))
    });
    wrong.collect()
}

/// Binds each allowance to its statement: the one around it, the one that ends on its line, or the
/// next one.
pub(crate) fn allowances<'a>(source: &Source, file: &'a File) -> Vec<Allowance<'a>> {
    let line = |offset| Position::of(&source.text, offset).line;
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
            | Directive::Batch { .. }
            | Directive::Requires(_)
            | Directive::TransactionNone => None,
        })
        .collect()
}
