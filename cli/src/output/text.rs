//! Findings as the compiler prints them, and a line of totals for each module.

use std::io::{self, Write};

use onward_analyzer::{Analysis, report};

pub(crate) fn write(modules: &[Analysis], out: &mut impl Write) -> io::Result<()> {
    for module in modules {
        for report in report::by_file(&module.findings, &module.module.texts) {
            writeln!(out, "{report}")?;
        }
        writeln!(out, "{}", summary(module))?;
    }
    Ok(())
}

/// `migrations/auth: 17 files, 2 errors, 1 warning, 3 accepted`.
fn summary(module: &Analysis) -> String {
    let errors = module.findings.iter().filter(|f| f.severity.is_error());
    let errors = errors.count();
    let accepted = module.noted.iter().filter(|f| f.allowed_because.is_some());
    let counts = [
        count(module.module.sources.len(), "file"),
        count(errors, "error"),
        count(module.findings.len() - errors, "warning"),
        format!("{} accepted", accepted.count()),
    ];
    let counts = counts.into_iter().chain(in_part(module));
    let counts: Vec<String> = counts.collect();
    format!("{}: {}", module.module.folder, counts.join(", "))
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

fn count(n: usize, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}
