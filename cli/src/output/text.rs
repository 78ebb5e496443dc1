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
    format!("{}: {}", module.module.folder, counts.join(", "))
}

fn count(n: usize, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}
