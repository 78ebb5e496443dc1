//! Findings as the compiler prints them, and a line of totals for each module.

use std::io::{self, Write};

use onward_analyzer::{Analysis, find_rules, lock_file, report, settings};

use super::count;
use super::findings::Checked;

pub(crate) fn write(modules: &[Checked], out: &mut impl Write) -> io::Result<()> {
    for module in modules {
        let analysis = &module.analysis;
        for report in report::by_file(&analysis.findings, &analysis.module.texts) {
            writeln!(out, "{report}")?;
        }
        for note in report::notes(&analysis.findings, &analysis.module) {
            writeln!(out, "{note}\n")?;
        }
        let mut rules = analysis.findings.iter().map(|finding| finding.rule);
        if let Some(rule) = rules.find(|rule| !find_rules(rule).is_empty()) {
            writeln!(
                out,
                "note: `onward explain {rule}` prints the page of a rule\n"
            )?;
        }
        writeln!(out, "{}", summary(module))?;
    }
    Ok(())
}

/// `migrations/auth: 17 files, 2 errors, 1 warning, 3 accepted`.
fn summary(module: &Checked) -> String {
    let analysis = &module.analysis;
    let errors = analysis.findings.iter().filter(|f| f.severity.is_error());
    let errors = errors.count();
    let accepted = analysis
        .noted
        .iter()
        .filter(|f| f.allowed_because.is_some());
    let watched = analysis.module.watched.iter();
    let files =
        watched.filter(|path| !path.ends_with(settings::FILE) && !path.ends_with(lock_file::FILE));
    let (what, files) = match module.only.as_slice() {
        [] => (analysis.module.folder.clone(), files.count()),
        only => (only.join(", "), only.len()),
    };
    let counts = [
        count(files, "file"),
        count(errors, "error"),
        count(analysis.findings.len() - errors, "warning"),
        format!("{} accepted", accepted.count()),
    ];
    let counts = counts.into_iter().chain(in_part(analysis));
    let counts: Vec<String> = counts.collect();
    let elsewhere = match (module.only.as_slice(), module.elsewhere) {
        ([], _) => String::new(),
        (_, 0) => format!("; no other file of {} has findings", analysis.module.folder),
        (_, n) => format!(
            "; {} in other files of {} not shown",
            count(n, "finding"),
            analysis.module.folder
        ),
    };
    format!("{what}: {}{elsewhere}", counts.join(", "))
}

/// What was judged only in part, if anything was.
fn in_part(module: &Analysis) -> Option<String> {
    let unjudged = module.unjudged;
    let reasons = [
        (unjudged.foreign, "with objects of other schemas"),
        (
            unjudged.dynamic,
            "with SQL that is put together when it runs",
        ),
        (
            unjudged.bodies,
            "with a body in a language that is not read",
        ),
    ];
    let reasons = reasons.iter().filter(|(n, _)| *n > 0);
    let reasons: Vec<String> = reasons.map(|(n, why)| format!("{n} {why}")).collect();
    (!reasons.is_empty()).then(|| format!("judged in part: {}", reasons.join(", ")))
}
