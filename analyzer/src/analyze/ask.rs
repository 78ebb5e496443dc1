//! Runs the rules on every statement of a file, each with the schema as it is just before it.

use std::cell::OnceCell;
use std::ops::Range;

use crate::check::context::{Context, Execution, FileContext};
use crate::check::held_locks::{self, HeldLocks};
use crate::check::parts::Parts;
use crate::check::pending::PendingEvents;
use crate::check::resolved::Settings;
use crate::check::rule::{Check, Group, Rule, SpannedMessage};
use crate::check::subject::Subjects;
use crate::check::suggestion::{Given, Suggestion};
use crate::effect::{Effect, effects_on, mode};
use crate::finding::{Finding, Place, Severity};
use crate::intake::file::File;
use crate::intake::file_name::Category;
use crate::intake::module::{Module, Source};
use crate::intake::settings::NEWEST;
use crate::plan::job::Refusal;
use crate::plan::{AnalyzedStatement, Data, PlannedEffects};
use crate::rules;
use crate::schema::Schema;
use crate::severity::Severities;
use crate::statement::{Change, Clause, Name, Statement};

/// Runs the rules on every clause of a file, each with the schema as it is just before it, and then on
/// the file as a whole.
pub(super) fn ask<'a>(
    module: &'a Module,
    rules: &'a Asked,
    (index, source): (usize, &'a Source),
    (file, job): (&'a File, Option<&'a Result<Data, Refusal>>),
    schema: &'a mut Schema,
    earlier: &'a [HeldLocks],
    files: &'a [File],
) -> Asking<'a> {
    let mut asking = Asking {
        module,
        index,
        source,
        file,
        job,
        schema,
        rules,
        findings: Vec::new(),
        refused: Vec::new(),
        taken_back: Vec::new(),
        statements: Vec::new(),
        held: HeldLocks::default(),
        pending: PendingEvents::default(),
        earlier,
        files,
        effect: None,
        settings: Settings::of(&file.statements),
    };
    for statement in &file.statements {
        let effects: Vec<Effect> =
            effects_on(statement, asking.schema, module.settings.min_pg..=NEWEST);
        let all = PlannedEffects::of(&effects, asking.schema, &|_| true);
        let is_old = |name: &Name| !asking.schema.is_of(name, index);
        asking.statements.push(AnalyzedStatement {
            source: index,
            span: statement.span.clone(),
            kind: statement.kind(),
            mode: mode(&statement.clauses),
            locks: all.locks,
            rewrites: all.rewrites,
            scans: all.scans,
            ahead: PlannedEffects::of(&effects, asking.schema, &is_old),
        });
        asking.top_statement(statement, effects.into_iter().next());
    }
    // The queries in its directives are read as SQL of the file.
    asking.effect = None;
    for query in file.questions.iter().flat_map(|one| &one.statements) {
        asking.statement(query, Execution::TopLevel);
    }
    asking.end();
    asking
}

/// Whether the rules of a group are about what other sessions and later readers meet.
const fn is_of_others(group: Group) -> bool {
    match group {
        Group::Compatibility | Group::Tenancy | Group::Design => true,
        // The effects of a clause know what it locks, and some of these rules are about its form.
        Group::Locks => false,
        Group::Hygiene
        | Group::Isolation
        | Group::Seeds
        | Group::Data
        | Group::Definitions
        | Group::Citus => false,
    }
}

/// A rule with what it asks, about which clauses, and its severity.
struct Weighed {
    rule: &'static Rule,
    check: &'static Check,
    subjects: Subjects,
    severity: Severity,
}

/// The rules that check the files of a category, by when they run, with their severity there: the one that the module's
/// settings set, or else the rule's own. Files before `lint_from` get only those about what cannot run.
#[derive(Default)]
pub(super) struct Asked {
    statements: Vec<Weighed>,
    clauses: Vec<Weighed>,
    file: Vec<Weighed>,
}

impl Asked {
    pub(super) fn of(category: Category, is_checked: bool, severities: &Severities) -> Self {
        let mut asked = Self::default();
        let rules = rules::ALL.iter();
        for rule in rules.filter(|rule| is_checked || rule.check.is_always_asked()) {
            let Some(own) = rule.levels.of(category) else {
                continue;
            };
            let check = rule.check.itself();
            let when = match check {
                Check::Statement(_) => &mut asked.statements,
                Check::Clause(_) | Check::Parts(_) | Check::Existence(_) => &mut asked.clauses,
                Check::File(_) => &mut asked.file,
                Check::Reading(_) | Check::Always(_) | Check::Of(..) => continue,
            };
            when.push(Weighed {
                rule,
                check,
                subjects: rule.check.subjects(),
                severity: severities.weigh(rule, own),
            });
        }
        // What the server refuses for certain comes first: with it, others' advice has no subject.
        let is_later = |one: &Weighed| one.rule.group != Group::Definitions;
        asked.clauses.sort_by_key(is_later);
        asked
    }
}

pub(super) struct Asking<'a> {
    module: &'a Module,
    index: usize,
    source: &'a Source,
    file: &'a File,
    job: Option<&'a Result<Data, Refusal>>,
    schema: &'a mut Schema,
    rules: &'a Asked,
    pub(super) findings: Vec<Finding>,
    /// The clauses that change or drop what does not exist.
    pub(super) refused: Vec<Range<usize>>,
    pub(super) statements: Vec<AnalyzedStatement>,
    /// What forbidden clauses name: the author has to take them back, and then it is as it was.
    pub(super) taken_back: Vec<Name>,
    /// The locks that the statements of the file hold so far.
    pub(super) held: HeldLocks,
    /// The events of deferred triggers that wait so far.
    pending: PendingEvents,
    earlier: &'a [HeldLocks],
    /// All files, in the order in which they run.
    files: &'a [File],
    /// The effect of the current statement on the oldest supported PostgreSQL.
    effect: Option<Effect>,
    settings: Settings,
}

impl Asking<'_> {
    /// Checks a statement of the file, which keeps its locks until the transaction ends.
    fn top_statement(&mut self, statement: &Statement, effect: Option<Effect>) {
        let taken = effect.as_ref().map(|effect| {
            let taken = held_locks::taken(statement, effect, self.schema, self.index);
            (taken, effect.mode)
        });
        self.effect = effect;
        self.statement(statement, Execution::TopLevel);
        if let Some((taken, mode)) = taken {
            self.held.keep(taken, mode);
        }
    }

    fn statement(&mut self, statement: &Statement, runs: Execution) {
        let is_run = runs != Execution::InRoutine;
        if is_run {
            self.schema.apply_calls(self.index, statement);
        }
        let mut given = Given::default();
        for (at, clause) in statement.clauses.iter().enumerate() {
            let before = self.findings.len();
            if is_run || at == 0 {
                self.ask_about(statement, clause, runs, &mut given);
            }
            if is_run {
                let certainly = runs == Execution::TopLevel;
                self.pending.note(clause, certainly, self.schema);
                self.schema.apply(self.index, clause);
                if self.findings.iter().skip(before).any(is_taken_back) {
                    self.taken_back.extend(clause.change.names());
                }
            }
            let Some(body) = clause.change.body() else {
                continue;
            };
            let is_block = matches!(clause.change, Change::Do { .. });
            let runs = match is_block {
                true => runs.inside_do_block(),
                false => Execution::InRoutine,
            };
            for inner in &body.statements {
                self.statement(inner, runs);
            }
        }
    }

    fn context<'a>(
        &'a self,
        statement: &'a Statement,
        clause: &'a Clause,
        runs: Execution,
    ) -> Context<'a> {
        Context {
            around: self.surroundings(),
            statement,
            clause,
            runs,
            refused: OnceCell::new(),
            created: OnceCell::new(),
            subjects: Subjects::of(statement, &clause.change),
            parts: Parts::of(statement, clause, self.schema),
            absent: OnceCell::new(),
            suggestion: Suggestion::default(),
        }
    }

    /// Runs the rules about clauses, and on the first clause those about whole statements.
    fn ask_about(
        &mut self,
        statement: &Statement,
        clause: &Clause,
        runs: Execution,
        given: &mut Given,
    ) {
        let context = self.context(statement, clause, runs);
        let mut findings = Vec::new();
        if context.is_first() {
            for asked in &self.rules.statements {
                if let Check::Statement(check) = asked.check
                    && let Some(found) = check(&context)
                {
                    findings.push(self.finding_of(asked, found, Some(clause)));
                }
            }
        }
        let is_refused =
            runs != Execution::InRoutine && self.ask_of_clause(&context, given, &mut findings);
        drop(context);
        self.findings.append(&mut findings);
        if is_refused {
            self.refused.push(clause.span.clone());
        }
    }

    /// Runs the rules about clauses. Whether the server refuses the clause.
    fn ask_of_clause(
        &self,
        context: &Context<'_>,
        given: &mut Given,
        findings: &mut Vec<Finding>,
    ) -> bool {
        let clause = context.clause;
        // The server refuses the clause, and advice about it would contradict that. In a file before `lint_from` that
        // is not reported.
        let is_checked = self.module.settings.checks(self.source.version);
        let is_refused = is_checked && context.acts_on_absent();
        let is_harmless = context.is_harmless();
        let mut is_ill_defined = false;
        for asked in &self.rules.clauses {
            if !asked.subjects.meets(context.subjects) {
                continue;
            }
            let rule = asked.rule;
            if is_ill_defined && is_advice(rule.group) {
                continue;
            }
            let is_moot = is_refused || is_harmless && is_of_others(rule.group);
            given.open(rule.id, context);
            let found = match asked.check {
                Check::Clause(_) | Check::Parts(_) if is_moot => continue,
                Check::Clause(check) => match check(context) {
                    Some(said) => vec![(clause.span.clone(), said)],
                    None => continue,
                },
                Check::Parts(check) | Check::Existence(check) => check(context),
                Check::Statement(_)
                | Check::File(_)
                | Check::Reading(_)
                | Check::Always(_)
                | Check::Of(..) => continue,
            };
            if found.is_empty() {
                continue;
            }
            is_ill_defined |= rule.group == Group::Definitions;
            for (span, message) in found {
                let one = (span, given.note(rule.id, context, message));
                findings.push(self.finding_of(asked, one, Some(clause)));
            }
        }
        is_refused || is_ill_defined
    }

    /// Runs the rules that look at the file as a whole, with the schema at its end.
    fn end(&mut self) {
        let around = self.surroundings();
        let mut findings = Vec::new();
        for asked in &self.rules.file {
            if let Check::File(check) = asked.check {
                let found = check(&around).into_iter();
                findings.extend(found.map(|one| self.finding_of(asked, one, None)));
            }
        }
        drop(around);
        self.findings.append(&mut findings);
    }

    fn surroundings(&self) -> FileContext<'_> {
        FileContext {
            file: self.index,
            module: self.module,
            sources: &self.module.sources,
            min_pg: self.module.settings.min_pg,
            read: self.file,
            job: self.job,
            statements: &self.file.statements,
            suggested: &[],
            schema: self.schema,
            held: &self.held,
            pending: &self.pending.waiting,
            earlier: self.earlier,
            before: self.files.get(..self.index).unwrap_or_default(),
            later: self.files.get(self.index + 1..).unwrap_or_default(),
            effect: self.effect.as_ref(),
            settings: self.settings,
            changed: OnceCell::new(),
        }
    }

    fn finding_of(
        &self,
        Weighed { rule, severity, .. }: &Weighed,
        (span, message): SpannedMessage,
        clause: Option<&Clause>,
    ) -> Finding {
        let place = Place::at(&self.source.path, span);
        let severity = message
            .severity_cap
            .map_or(*severity, |most| (*severity).min(most));
        let severity = message
            .severity_floor
            .map_or(severity, |least| severity.max(least));
        let message = rules::with_allowances(message, &self.surroundings());
        let message = rules::without_free_number(message);
        let finding = Finding::new(rule.id, severity, place, message);
        self.declared(finding, rule, clause)
    }

    /// Applies `small-table` and `breaks` to a finding.
    fn declared(&self, finding: Finding, rule: &Rule, clause: Option<&Clause>) -> Finding {
        let table = clause.and_then(|clause| clause.change.table());
        let small = table.is_some_and(|table| self.file.declared.small_tables.contains(table));
        let is_release = self.source.version.category == Category::Release;
        match (rule.group, &self.file.declared.breaks) {
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
                | Group::Design
                | Group::Definitions
                | Group::Citus,
                _,
            ) => finding,
        }
    }
}

/// Whether rules of the group say what a statement does to others while it runs: nothing, if the server
/// refuses it.
const fn is_advice(group: Group) -> bool {
    matches!(group, Group::Compatibility | Group::Locks)
}

/// Whether the finding forbids what breaks the running release, such as a drop or a new name.
fn is_taken_back(finding: &Finding) -> bool {
    let is_forbidden = finding.severity == Severity::Forbid && finding.allowed_because.is_none();
    let rule = rules::ALL.iter().find(|rule| rule.id == finding.rule);
    is_forbidden && rule.is_some_and(|rule| rule.group == Group::Compatibility)
}
