//! Findings as workflow commands, which GitHub Actions shows beside the lines.
//!
//! The format and its escapes are those of GitHub's manual, "Workflow commands for GitHub Actions".

use std::io::{self, Write};

use onward_analyzer::Severity;

use super::findings::{Checked, Texts};

pub(crate) fn write(modules: &[Checked], out: &mut impl Write) -> io::Result<()> {
    for module in modules.iter().map(|module| &module.analysis) {
        let texts = Texts::of(module);
        for finding in &module.findings {
            let command = match finding.severity {
                Severity::Forbid | Severity::Deny => "error",
                Severity::Warn => "warning",
                Severity::Allow => "notice",
            };
            let message = &finding.message;
            let lines = match texts.positions(&finding.place) {
                Some((from, to)) if from.line == to.line => format!(
                    ",line={},col={},endColumn={}",
                    from.line, from.column, to.column
                ),
                Some((from, to)) => format!(",line={},endLine={}", from.line, to.line),
                None => String::new(),
            };
            writeln!(
                out,
                "::{command} file={}{lines},title={}::{}",
                property(&finding.place.path),
                property(finding.rule),
                data(&format!(
                    "{}\n{}\n{}",
                    message.what,
                    message.why,
                    message.fix()
                ))
            )?;
        }
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
