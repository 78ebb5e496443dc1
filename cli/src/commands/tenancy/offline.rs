//! The matrix of `onward tenancy`: what the files prove.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use onward_analyzer::rule::Group;
use onward_analyzer::{Analysis, find_rules};

use super::Format;
use crate::named::Named;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::matrix::Matrix;
use crate::output::{Checked, matrix, sarif};

pub(super) fn run(
    folders: &[PathBuf],
    format: Format,
    out: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let named = Named::all(folders)?;
    let mut modules: Vec<Checked> = named.iter().map(Checked::of).collect();
    for module in &mut modules {
        keep_tenancy(&mut module.analysis);
    }
    let matrices: Vec<Matrix> = modules.iter().map(Matrix::of).collect();
    let mut out = BufWriter::new(out);
    match format {
        Format::Text => matrix::write_text(&matrices, &mut out)?,
        Format::Json => matrix::write_json(&matrices, &mut out)?,
        Format::Sarif => sarif::write(&modules, &mut out)?,
    }
    out.flush()?;
    Ok(match matrices.iter().any(Matrix::is_refused) {
        true => Outcome::Refused,
        false => Outcome::Good,
    })
}

/// Leaves the findings about tenants, and those that are of no rule: a file that cannot be read hides tables.
fn keep_tenancy(analysis: &mut Analysis) {
    let is_about = |id: &str| {
        let rules = find_rules(id);
        rules.is_empty() || rules.iter().any(|rule| rule.group == Group::Tenancy)
    };
    analysis.findings.retain(|finding| is_about(finding.rule));
    analysis.noted.retain(|finding| is_about(finding.rule));
}
