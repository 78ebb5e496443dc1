//! The pipeline: from source files to findings and a plan.

mod ask;
pub(crate) mod fold;
mod gates;
pub(crate) mod sent;
mod unjudged;

use std::collections::BTreeMap;

use crate::allow::settle;
use crate::analyze::ask::{Asked, ask};
use crate::analyze::gates::gates;
pub use crate::analyze::unjudged::Unjudged;
use crate::finding::{Finding, Place, Severity};
use crate::intake::file::allowances;
use crate::intake::file_name::Category;
use crate::intake::module::Module;
use crate::intake::parsed::Parsed;
use crate::intake::problem::{Fact, Problem};
use crate::intake::settings;
use crate::intake::unneeded::unneeded;
use crate::plan::{self, Agreement, AnalyzedStatement, Plan};
use crate::precondition::{Precondition, Question};
use crate::replace::{Replacement, agreements, replacements};
use crate::rules;
use crate::schema::{Origin, Schema};
use crate::severity::Severities;
use crate::statement::Name;

/// The result of analyzing a folder.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let analysis = analyze(Module::in_memory("auth", [("001_a.sql", "SELEC 1;")]));
/// assert!(analysis.plan.is_none() && analysis.refused_plan.is_some());
///
/// let unread = analyze(Module::in_memory("auth", [("1_a.sql", "SELECT 1;")]));
/// assert!(unread.plan.is_none() && unread.refused_plan.is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The folder as it was read.
    pub module: Module,
    /// The findings that are printed, in the order of files and lines.
    pub findings: Vec<Finding>,
    /// Findings that are only in the report: those that a directive allows, with the reason, and those of
    /// severity `allow`. In the same order.
    pub noted: Vec<Finding>,
    /// Every statement that runs with its migration, in the order of files. The statements of a `DO`
    /// block are part of the block's entry.
    pub statements: Vec<AnalyzedStatement>,
    /// The schema after all files have run.
    pub schema: Schema,
    /// The columns that the files replace by others.
    pub replacements: Vec<Replacement>,
    /// What a server is asked before replaced columns are dropped.
    pub agreements: Vec<Precondition>,
    /// What was judged only in part.
    pub unjudged: Unjudged,
    /// The plan; `None` if a finding is an error.
    pub plan: Option<Plan>,
    /// The plan of a module with errors, if every file could be read and has a version of its own: to be shown, or
    /// compared with a ledger. It must not be applied.
    pub refused_plan: Option<Plan>,
}

/// Checks a module. This never fails: one run reports every finding of every file. About a clause whose
/// object does not exist, only that is reported.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let table = ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY);");
/// let seed = ("S001_a.sql", "INSERT INTO auth.a VALUES (1);");
/// let analysis = analyze(Module::in_memory("auth", [table, seed]));
/// assert!(analysis.findings.iter().any(|finding| finding.rule == "seed-not-idempotent"));
/// ```
#[must_use]
pub fn analyze(module: Module) -> Analysis {
    analyze_parsed(&Parsed::of(module))
}

/// The same for a module that is parsed already.
///
/// ```
/// use onward_analyzer::{Parsed, analyze_parsed, source::Module};
///
/// let table = ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY);");
/// let parsed = Parsed::of(Module::in_memory("auth", [table]));
/// assert!(analyze_parsed(&parsed).findings.is_empty());
/// ```
#[must_use]
pub fn analyze_parsed(parsed: &Parsed) -> Analysis {
    let Parsed { module, files } = parsed;
    let (severities, mut findings) = severities(module);
    let say = |problem: Problem| of_problem(&severities, problem);
    let mut problems = module.problems.iter();
    let is_read = !problems.any(|problem| problem.fact.leaves_a_file_out());
    let mut schema = before_all_files(module);
    findings.extend(module.problems.iter().cloned().filter_map(say));
    findings.extend(unneeded(module, files).into_iter().filter_map(say));
    let mut statements = Vec::new();
    let mut earlier = Vec::new();
    let mut jobs = Vec::new();
    let mut taken_back: Vec<Name> = Vec::new();
    let mut category = None;
    let mut before_release = None;
    let mut asked = BTreeMap::new();
    for (index, (source, file)) in module.sources.iter().zip(files).enumerate() {
        // Files of another category were written for a schema without the forbidden clauses.
        if category.replace(source.version.category) != Some(source.version.category) {
            let names = taken_back.drain(..);
            names.for_each(|name| schema.mark_uncertain(&name));
        }
        for external in &file.declared.externals {
            schema.mark_uncertain(&external.name);
        }
        if source.version.category == Category::Release {
            before_release.get_or_insert_with(|| schema.offered());
        }
        let mut found: Vec<Finding> = file.problems.iter().cloned().filter_map(say).collect();
        let job = plan::job::of(module, source, file, &schema);
        let kind = (
            source.version.category,
            module.settings.checks(source.version),
        );
        let rules = asked
            .entry(kind)
            .or_insert_with(|| Asked::of(kind.0, kind.1, &severities));
        let judged = ask(
            module,
            rules,
            (index, source),
            (file, job.as_ref()),
            &mut schema,
            &earlier,
            files,
        );
        let refused = judged.refused;
        taken_back.extend(judged.taken_back);
        found.extend(judged.findings);
        statements.extend(judged.statements);
        earlier.push(judged.held);
        jobs.push(job.and_then(Result::ok));
        if file.ends_inside.is_some() {
            schema.mark_all_uncertain(Origin {
                file: index,
                span: source.text.len()..source.text.len(),
            });
        }
        let allowances = allowances(source, file);
        let category = source.version.category;
        let unused = settle(&source.path, category, &mut found, &refused, &allowances);
        // In a file that is not checked, an allowance would always be reported as unused.
        if module.settings.checks(source.version) {
            found.extend(unused.into_iter().filter_map(say));
        }
        findings.extend(found);
        schema.end_file();
    }
    findings.extend(gates(module, &schema));
    sort(&mut findings);
    let (findings, noted): (Vec<_>, Vec<_>) = findings.into_iter().partition(Finding::is_told);
    let broken = findings.iter().any(|finding| finding.severity.is_error());
    let interface = plan::interface(module, files, before_release.as_ref(), &schema);
    let built = is_read.then(|| plan::build(module, files, &statements, jobs, interface));
    let agreements = agreements(parsed);
    let built = built.map(|plan| Plan {
        agreements: { agreements.iter() }
            .filter_map(|one| planned(one, module))
            .collect(),
        ..plan
    });
    let (plan, refused_plan) = match broken {
        false => (built, None),
        true => (None, built),
    };
    Analysis {
        // Its problems are among the findings.
        module: Module {
            problems: Vec::new(),
            ..module.clone()
        },
        findings,
        noted,
        statements,
        schema,
        replacements: replacements(&module.sources, files),
        agreements,
        unjudged: Unjudged::of(&module.schema, files),
        plan,
        refused_plan,
    }
}

/// The question as a part of the plan.
fn planned(asked: &Precondition, module: &Module) -> Option<Agreement> {
    let Question::NoRow(rows) = &asked.question else {
        return None;
    };
    Some(Agreement {
        file: module.sources.get(asked.source)?.name.clone(),
        table: asked.table.clone(),
        demand: asked.demand.clone(),
        rows: rows.clone(),
    })
}

/// The schema that the first file finds.
fn before_all_files(module: &Module) -> Schema {
    let mut schema = Schema::new(&module.schema).on(module.settings.min_pg);
    for (_, external) in &module.settings.reads {
        schema.mark_uncertain(&external.name);
    }
    let mut problems = module.problems.iter();
    if problems.any(|problem| problem.fact.hides_a_file()) {
        let (file, span) = (0, 0..0);
        schema.mark_all_uncertain(Origin { file, span });
    }
    schema
}

/// In the order of files and lines. What is wrong with the settings is first, because it may be why there are others.
fn sort(findings: &mut [Finding]) {
    findings.sort_by_cached_key(|finding| {
        let span = finding.place.span.as_ref();
        (
            finding.rule != settings::FINDING,
            finding.place.path.clone(),
            span.map(|span| span.start),
            finding.rule,
        )
    });
}

/// The severities that the module sets, and findings for the wrong lines of `[severity]`.
fn severities(module: &Module) -> (Severities, Vec<Finding>) {
    let (severities, wrong) = Severities::of(&module.settings.severities);
    let path = module.path(settings::FILE);
    let wrong = wrong.into_iter().map(|(span, message)| {
        Finding::new(
            settings::FINDING,
            Severity::Forbid,
            Place::at(path.clone(), span),
            message,
        )
    });
    (severities, wrong.collect())
}

/// The finding about a problem: the message of its rule, with the severity that the rule has in the
/// module.
fn of_problem(severities: &Severities, problem: Problem) -> Option<Finding> {
    let Problem { place, fact } = problem;
    if let Fact::Unusable { id, message } = fact {
        return Some(Finding::new(id, Severity::Forbid, place, message));
    }
    let (rule, message) = rules::about(&fact)?;
    let own = rule.levels.each().into_iter().flatten().max()?;
    let severity = severities.weigh(rule, own);
    Some(Finding::new(rule.id, severity, place, message))
}
