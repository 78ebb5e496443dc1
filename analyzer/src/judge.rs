//! Sources in, findings and plan out.

use std::ops::Range;

use crate::allow::settle;
use crate::effect::{Effect, LockMode, Mode, effects_on, mode};
use crate::file::{File, allowances, understand};
use crate::file_name::{Category, Version};
use crate::finding::{Finding, Place, Severity};
use crate::foresee::Foreseen;
use crate::held::{self, Held};
use crate::plan::{self, Plan};
use crate::rule::{Check, Group, Placed, Rule, Runs};
use crate::rules;
use crate::schema::{Origin, Schema};
use crate::scope::{Scope, Surroundings};
use crate::settings::NEWEST;
use crate::source::{Module, Source};
use crate::statement::{Change, Clause, Name, Statement};

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
    /// What is told, in the order of files and lines.
    pub findings: Vec<Finding>,
    /// What is only for the report: what an allowance or a declaration accepts, with the reason, and
    /// what weighs nothing. In the same order.
    pub noted: Vec<Finding>,
    /// Every statement that runs with its migration, in the order of files; those of a `DO` block
    /// belong to it.
    pub statements: Vec<Judged>,
    /// What exists when all files have run.
    pub schema: Schema,
    /// The plan, unless a finding is an error.
    pub plan: Option<Plan>,
}

/// A statement and what it does to others.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let analysis = analyze(Module::in_memory("auth", [("001_a.sql", "CREATE TABLE auth.a (b bigint PRIMARY KEY);")]));
/// assert_eq!(analysis.statements[0].kind, "create-table");
/// assert_eq!(analysis.statements[0].mode, onward_analyzer::effect::Mode::Transactional);
/// ```
#[derive(Clone, Debug)]
pub struct Judged {
    /// The index of its file in the module's `sources`.
    pub source: usize,
    /// Its bytes in the file, without the semicolon.
    pub span: Range<usize>,
    /// What it is, as one stable word.
    pub kind: String,
    /// How it stands to transactions.
    pub mode: Mode,
    /// The strongest lock on each relation that is there before it, as `schema.name`, on any supported
    /// PostgreSQL from the module's oldest on.
    pub locks: Vec<(String, LockMode)>,
    /// The tables and materialized views of which every row is written anew.
    pub rewrites: Vec<String>,
    /// The tables of which every row is looked at, those of foreign keys included.
    pub scans: Vec<String>,
    /// The same for what is there before the migration.
    pub(crate) ahead: Foreseen,
}

/// Judges a module. Total: every finding of every file comes out of one run.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let analysis = analyze(Module::in_memory("auth", [("S001_a.sql", "INSERT INTO auth.a VALUES (1);")]));
/// assert!(analysis.findings.iter().any(|finding| finding.rule == "seed-not-idempotent"));
/// ```
#[must_use]
pub fn analyze(mut module: Module) -> Analysis {
    let mut all = std::mem::take(&mut module.findings);
    let mut schema = Schema::new(&module.schema);
    for external in &module.settings.reads {
        schema.doubt(external);
    }
    let read = in_order(&mut module);
    let mut files = Vec::with_capacity(read.len());
    let mut statements = Vec::new();
    let mut earlier = Vec::new();
    for (index, (source, (file, mut found))) in module.sources.iter().zip(read).enumerate() {
        for external in file.externals() {
            schema.doubt(external);
        }
        let unread = found.iter().any(|finding| finding.rule == "unclosed-text");
        let Judge {
            findings,
            statements: judged,
            held,
            ..
        } = judge(&module, index, source, &file, &mut schema, &earlier);
        found.extend(findings);
        statements.extend(judged);
        earlier.push(held);
        if unread {
            schema.lose_track(Origin {
                file: index,
                span: source.text.len()..source.text.len(),
            });
        }
        // An allowance in a file that is not judged has nothing to allow.
        if module.settings.judges(source.version) {
            let allowances = allowances(source, &file);
            found = settle(&source.path, source.version.category, found, &allowances);
        }
        all.extend(found);
        schema.end_file();
        files.push(file);
    }
    all.sort_by_cached_key(|finding| {
        let span = finding.place.span.as_ref();
        (
            finding.place.path.clone(),
            span.map(|span| span.start),
            finding.rule,
        )
    });
    let (findings, noted): (Vec<_>, Vec<_>) = all.into_iter().partition(Finding::is_told);
    let broken = findings.iter().any(|finding| finding.severity.is_error());
    let plan = (!broken).then(|| plan::build(&module, &files, &statements));
    Analysis {
        module,
        findings,
        noted,
        statements,
        schema,
        plan,
    }
}

/// Understands every file, and puts the module's sources into the order in which they run.
fn in_order(module: &mut Module) -> Vec<(File, Vec<Finding>)> {
    let files: Vec<_> = module
        .sources
        .iter()
        .map(|source| understand(source, module))
        .collect();
    let mut all: Vec<_> = std::mem::take(&mut module.sources)
        .into_iter()
        .zip(files)
        .collect();
    let requires: Vec<_> = all
        .iter()
        .map(|(source, (file, _))| (source.version, file.requires()))
        .collect();
    all.sort_by_key(|(source, _)| turn(source.version, &requires));
    let (sources, files) = all.into_iter().unzip();
    module.sources = sources;
    files
}

/// When a file has its turn in the life of a database: startup, seeds, releases, and data migrations
/// before the first release that requires them or a later one of them, or else at the end.
fn turn(version: Version, requires: &[(Version, Vec<Version>)]) -> (u8, u16, u8, u16) {
    let number = version.number;
    match version.category {
        Category::Startup => (0, number, 0, 0),
        Category::Seed => (1, number, 0, 0),
        Category::Release => (2, number, 1, 0),
        Category::Data => {
            let waits = |(release, data): &&(Version, Vec<Version>)| {
                release.category == Category::Release
                    && data.iter().any(|data| number <= data.number)
            };
            let release = requires
                .iter()
                .filter(waits)
                .map(|(release, _)| release.number)
                .min();
            (2, release.unwrap_or(u16::MAX), 0, number)
        }
    }
}

/// Asks the rules about every clause, each against the schema just before it, and about the file.
fn judge<'a>(
    module: &'a Module,
    index: usize,
    source: &'a Source,
    file: &'a File,
    schema: &'a mut Schema,
    earlier: &'a [Vec<Held>],
) -> Judge<'a> {
    let mut judge = Judge {
        module,
        index,
        source,
        file,
        schema,
        rules: Asked::of(module, source),
        findings: Vec::new(),
        statements: Vec::new(),
        held: Vec::new(),
        earlier,
        effect: None,
    };
    for statement in &file.statements {
        let effects: Vec<Effect> =
            effects_on(statement, judge.schema, module.settings.min_pg..=NEWEST);
        let all = Foreseen::of(&effects, judge.schema, |_| true);
        let is_old = |name: &Name| !judge.schema.is_of(name, index);
        judge.statements.push(Judged {
            source: index,
            span: statement.span.clone(),
            kind: statement.kind(),
            mode: mode(&statement.clauses),
            locks: all.locks,
            rewrites: all.rewrites,
            scans: all.scans,
            ahead: Foreseen::of(&effects, judge.schema, is_old),
        });
        judge.top_statement(statement, effects.into_iter().next());
    }
    judge.end();
    judge
}

type Weighed = Vec<(&'static Rule, Severity)>;

/// The rules that are asked about a file, by when they are asked, and what they weigh there: what the
/// module's settings say, or else the rule itself. None are before `lint_from`.
#[derive(Default)]
struct Asked {
    statements: Weighed,
    clauses: Weighed,
    file: Weighed,
}

impl Asked {
    fn of(module: &Module, source: &Source) -> Self {
        let mut asked = Self::default();
        let settings = &module.settings;
        let rules = rules::ALL.iter();
        for rule in rules.filter(|_| settings.judges(source.version)) {
            let Some(own) = rule.levels.of(source.version.category) else {
                continue;
            };
            let when = match rule.check {
                Check::Statement(_) => &mut asked.statements,
                Check::Clause(_) | Check::Parts(_) => &mut asked.clauses,
                Check::File(_) => &mut asked.file,
                Check::Reading => continue,
            };
            when.push((rule, settings.severity(rule, own)));
        }
        asked
    }
}

struct Judge<'a> {
    module: &'a Module,
    index: usize,
    source: &'a Source,
    file: &'a File,
    schema: &'a mut Schema,
    rules: Asked,
    findings: Vec<Finding>,
    statements: Vec<Judged>,
    /// The locks that the file holds so far, and those of the files before it.
    held: Vec<Held>,
    earlier: &'a [Vec<Held>],
    /// What the statement under way does on the oldest PostgreSQL.
    effect: Option<Effect>,
}

impl Judge<'_> {
    /// A statement of the file, which keeps its locks until the transaction ends.
    fn top_statement(&mut self, statement: &Statement, effect: Option<Effect>) {
        let taken = effect.as_ref().map(|effect| {
            let taken = held::taken(statement, effect, self.schema, self.index);
            (taken, effect.mode)
        });
        self.effect = effect;
        self.statement(statement, Runs::Alone);
        if let Some((taken, mode)) = taken {
            held::keep(&mut self.held, taken, mode);
        }
    }

    fn statement(&mut self, statement: &Statement, runs: Runs) {
        if let Some(first) = statement.clauses.first() {
            self.ask(|asked| &asked.statements, statement, first, runs);
        }
        if runs != Runs::WhenCalled {
            self.schema.doubt_calls(self.index, statement);
        }
        for clause in &statement.clauses {
            if runs != Runs::WhenCalled {
                self.ask(|asked| &asked.clauses, statement, clause, runs);
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

    /// Asks some of the rules that weigh something in the file's category.
    fn ask(
        &mut self,
        which: impl Fn(&Asked) -> &Weighed,
        statement: &Statement,
        clause: &Clause,
        runs: Runs,
    ) {
        let scope = Scope {
            around: self.surroundings(),
            statement,
            clause,
            runs,
        };
        let mut findings = Vec::new();
        for (rule, severity) in which(&self.rules) {
            let found = match rule.check {
                Check::Statement(check) => check(&scope).into_iter().collect(),
                Check::Clause(check) => {
                    let message = check(&scope).into_iter();
                    message.map(|said| (clause.span.clone(), said)).collect()
                }
                Check::Parts(check) => check(&scope),
                Check::File(_) | Check::Reading => Vec::new(),
            };
            findings.extend(self.findings_of(rule, *severity, found, Some(clause)));
        }
        self.findings.append(&mut findings);
    }

    /// Asks what only the end of the file tells.
    fn end(&mut self) {
        let around = self.surroundings();
        let mut findings = Vec::new();
        for (rule, severity) in &self.rules.file {
            if let Check::File(check) = rule.check {
                findings.extend(self.findings_of(rule, *severity, check(&around), None));
            }
        }
        self.findings.append(&mut findings);
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            file: self.index,
            module: self.module,
            sources: &self.module.sources,
            min_pg: self.module.settings.min_pg,
            read: self.file,
            statements: &self.file.statements,
            directives: &self.file.directives,
            schema: self.schema,
            held: &self.held,
            earlier: self.earlier,
            effect: self.effect.as_ref(),
        }
    }

    fn findings_of(
        &self,
        rule: &Rule,
        severity: Severity,
        found: Vec<Placed>,
        clause: Option<&Clause>,
    ) -> impl Iterator<Item = Finding> {
        found.into_iter().map(move |(span, message)| {
            let place = Place::at(&self.source.path, span);
            let severity = message.at_most.map_or(severity, |most| severity.min(most));
            let message = rules::vouched(message, &self.module.schema);
            let finding = Finding::new(rule.id, severity, place, message);
            self.declared(finding, rule, clause)
        })
    }

    /// What the file's declarations make of a finding.
    fn declared(&self, finding: Finding, rule: &Rule, clause: Option<&Clause>) -> Finding {
        let table = clause.and_then(|clause| clause.change.table());
        let small = table.is_some_and(|table| self.file.is_small(table));
        let is_release = self.source.version.category == Category::Release;
        match (rule.group, self.file.breaks()) {
            (Group::Locks, _) if small => Finding {
                severity: finding.severity.min(Severity::Warn),
                ..finding
            },
            (Group::Compatibility, Some(what))
                if is_release && finding.severity < Severity::Forbid =>
            {
                Finding {
                    allowed_because: Some(what.to_owned()),
                    ..finding
                }
            }
            (
                Group::Compatibility
                | Group::Locks
                | Group::Hygiene
                | Group::Isolation
                | Group::Tenancy
                | Group::Seeds
                | Group::Data
                | Group::Design,
                _,
            ) => finding,
        }
    }
}
