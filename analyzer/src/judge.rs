//! Sources in, findings and plan out.

use std::ops::Range;

use crate::allow::{Allowance, settle};
use crate::directive::{self, Directive, Placed};
use crate::file_name::{Category, Version};
use crate::finding::{Finding, Message, Place, Severity};
use crate::lower::lower;
use crate::plan::{self, Plan};
use crate::position::Position;
use crate::rule::{self, Check, Runs, Scope};
use crate::rules;
use crate::schema::{Origin, Schema};
use crate::source::{Module, Source};
use crate::split::{Split, Unclosed, split};
use crate::statement::{Change, Clause, Statement};

/// Everything that is known about a folder.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let analysis = analyze(Module::in_memory("auth", [("001_a.sql", "SELEC 1;")]));
/// assert!(analysis.plan.is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Analysis {
    /// What was read.
    pub module: Module,
    /// All findings, in the order of files and lines.
    pub findings: Vec<Finding>,
    /// What exists when all files have run.
    pub schema: Schema,
    /// The plan, unless a finding is an error.
    pub plan: Option<Plan>,
}

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
                Directive::Allow { .. } | Directive::TransactionNone | Directive::Batch { .. } => {
                    None
                }
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
                Directive::Allow { .. } | Directive::TransactionNone | Directive::Requires(_) => {
                    None
                }
            })
    }
}

/// Judges a module. Total: every finding of every file comes out of one run.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let analysis = analyze(Module::in_memory("auth", [("S001_a.sql", "INSERT INTO auth.a VALUES (1);")]));
/// assert_eq!(analysis.findings[0].rule, "seed-not-idempotent");
/// ```
#[must_use]
pub fn analyze(mut module: Module) -> Analysis {
    let mut findings = std::mem::take(&mut module.findings);
    let mut schema = Schema::new(&module.schema);
    let mut files = Vec::with_capacity(module.sources.len());
    for (index, source) in module.sources.iter().enumerate() {
        let (file, mut found) = understand(source, &module);
        let unread = found.iter().any(|finding| finding.rule == "unclosed-text");
        found.extend(judge(&module, index, &file, &mut schema));
        if unread {
            schema.lose_track(Origin {
                file: index,
                span: source.text.len()..source.text.len(),
            });
        }
        let allowances = allowances(source, &file);
        findings.extend(settle(
            &source.path,
            source.version.category,
            found,
            &allowances,
        ));
        files.push(file);
    }
    findings.sort_by_cached_key(|finding| {
        let span = finding.place.span.as_ref();
        (
            finding.place.path.clone(),
            span.map(|span| span.start),
            finding.rule,
        )
    });
    let broken = findings.iter().any(|finding| finding.severity.is_error());
    let plan = (!broken).then(|| plan::build(&module, &files));
    Analysis {
        module,
        findings,
        schema,
        plan,
    }
}

/// Splits and lowers a file; findings for what is never closed and for directives.
fn understand(source: &Source, module: &Module) -> (File, Vec<Finding>) {
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
        match directive::read(comment) {
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

fn finding(rule: &'static str, place: Place, message: Message) -> Finding {
    Finding {
        rule,
        severity: Severity::Forbid,
        place,
        message,
    }
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
            Directive::Allow { .. }
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

/// Asks the rules about every clause, each against the schema just before it.
fn judge(module: &Module, index: usize, file: &File, schema: &mut Schema) -> Vec<Finding> {
    let mut judge = Judge {
        module,
        index,
        file,
        schema,
        findings: Vec::new(),
    };
    for statement in &file.statements {
        judge.statement(statement, Runs::Alone);
    }
    judge.findings
}

struct Judge<'a> {
    module: &'a Module,
    index: usize,
    file: &'a File,
    schema: &'a mut Schema,
    findings: Vec<Finding>,
}

impl Judge<'_> {
    fn statement(&mut self, statement: &Statement, runs: Runs) {
        if let Some(first) = statement.clauses.first() {
            self.ask(statement, first, runs, |check, scope| match check {
                Check::Statement(check) => check(scope),
                Check::Clause(_) | Check::Reading => None,
            });
        }
        for clause in &statement.clauses {
            if runs != Runs::WhenCalled {
                self.ask(statement, clause, runs, |check, scope| match check {
                    Check::Clause(check) => Some((clause.span.clone(), check(scope)?)),
                    Check::Statement(_) | Check::Reading => None,
                });
                self.schema.apply(self.index, clause);
            }
            let is_block = matches!(clause.change, Change::Do { .. });
            let runs = if is_block {
                runs.inside_block()
            } else {
                Runs::WhenCalled
            };
            for inner in clause
                .change
                .body()
                .iter()
                .flat_map(|body| &body.statements)
            {
                self.statement(inner, runs);
            }
        }
    }

    /// Asks every rule that weighs something in the file's category.
    fn ask(
        &mut self,
        statement: &Statement,
        clause: &Clause,
        runs: Runs,
        ask: impl Fn(&Check, &Scope<'_>) -> Option<rule::Placed>,
    ) {
        let Some(source) = self.module.sources.get(self.index) else {
            return;
        };
        let scope = Scope {
            file: self.index,
            sources: &self.module.sources,
            min_pg: self.module.min_pg,
            statements: &self.file.statements,
            statement,
            clause,
            runs,
            schema: self.schema,
        };
        let category = source.version.category;
        let rules = rules::ALL
            .iter()
            .map(|rule| (rule, rule.levels.of(category)));
        let found = rules.filter(|(_, severity)| *severity != Severity::Allow);
        let found = found.filter_map(|(rule, severity)| {
            let (span, message) = ask(&rule.check, &scope)?;
            Some(Finding {
                rule: rule.id,
                severity,
                place: Place::at(&source.path, span),
                message,
            })
        });
        self.findings.extend(found.collect::<Vec<_>>());
    }
}

/// Binds each allowance to its statement: the one around it, the one that ends on its line, or the
/// next one.
fn allowances<'a>(source: &Source, file: &'a File) -> Vec<Allowance<'a>> {
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
            Directive::Allow { rules, .. } => Some(Allowance {
                span: placed.span.clone(),
                rules,
                statement: bound(&placed.span),
            }),
            Directive::Batch { .. } | Directive::Requires(_) | Directive::TransactionNone => None,
        })
        .collect()
}
