//! The pipeline: from source files to findings and a plan.

mod ask;
mod order;

use crate::allow::settle;
use crate::analyze::ask::ask;
use crate::analyze::order::in_order;
use crate::finding::{Finding, Place, Severity};
use crate::intake::file::{File, allowances};
use crate::intake::module::Module;
use crate::intake::problem::{Fact, Problem};
use crate::intake::settings;
use crate::plan::{self, AnalyzedStatement, Plan};
use crate::rules;
use crate::schema::{Origin, Schema};
use crate::severity::Severities;

/// The result of analyzing a folder.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let analysis = analyze(Module::in_memory("auth", [("001_a.sql", "SELEC 1;")]));
/// assert!(analysis.plan.is_none());
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
    /// The plan; `None` if a finding is an error.
    pub plan: Option<Plan>,
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
pub fn analyze(mut module: Module) -> Analysis {
    let (severities, mut findings) = severities(&module);
    let say = |problem: Problem| of_problem(&severities, problem);
    let problems = std::mem::take(&mut module.problems);
    findings.extend(problems.into_iter().filter_map(say));
    let mut schema = Schema::new(&module.schema).on(module.settings.min_pg);
    for external in &module.settings.reads {
        schema.mark_uncertain(external);
    }
    let files = in_order(&mut module);
    let mut statements = Vec::new();
    let mut earlier = Vec::new();
    let mut jobs = Vec::new();
    for (index, (source, (file, problems))) in module.sources.iter().zip(&files).enumerate() {
        for external in &file.declared.externals {
            schema.mark_uncertain(external);
        }
        let mut found: Vec<Finding> = problems.iter().cloned().filter_map(say).collect();
        let job = plan::job::of(&module, source, file, &schema);
        let judged = ask(
            &module,
            &severities,
            (index, source),
            (file, job.as_ref()),
            &mut schema,
            &earlier,
            &files,
        );
        let refused = judged.refused;
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
        // In a file that is not checked, an allowance would always be reported as unused.
        if module.settings.checks(source.version) {
            let allowances = allowances(source, file);
            let category = source.version.category;
            let unused = settle(&source.path, category, &mut found, &refused, &allowances);
            found.extend(unused.into_iter().filter_map(say));
        }
        findings.extend(found);
        schema.end_file();
    }
    findings.sort_by_cached_key(|finding| {
        let span = finding.place.span.as_ref();
        (
            finding.place.path.clone(),
            span.map(|span| span.start),
            finding.rule,
        )
    });
    let (findings, noted): (Vec<_>, Vec<_>) = findings.into_iter().partition(Finding::is_told);
    let broken = findings.iter().any(|finding| finding.severity.is_error());
    let files: Vec<File> = files.into_iter().map(|(file, _)| file).collect();
    let plan = (!broken).then(|| plan::build(&module, &files, &statements, jobs));
    Analysis {
        module,
        findings,
        noted,
        statements,
        schema,
        plan,
    }
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
