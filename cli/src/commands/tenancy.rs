//! `onward tenancy`.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use onward_analyzer::rule::Group;
use onward_analyzer::{Analysis, find_rules};

use crate::named::Named;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::matrix::Matrix;
use crate::output::{Checked, matrix, sarif};

/// Show for each table and command whether the policies keep tenants apart
///
/// PROVEN: no session reaches a row of another tenant. LEAK: one does, and the line below says which. UNVERIFIED: the
/// files do not decide it, and the line below says what is not known. Needs no database: the migrations are read as
/// the compiler reads them. Tables and settings come from `[tenancy]` in onward.toml.
///
/// Exit status: 0 without a leak and without errors of the rules about tenants, 1 with one, 2 when a folder could not
/// be found.
#[derive(Clone, Debug, Args)]
pub(crate) struct Tenancy {
    /// Folders of modules, such as migrations/auth.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The output formats of `onward tenancy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for people, and below it what leaks and what is not known.
    Text,
    /// One JSON document: an object for each folder.
    Json,
    /// SARIF 2.1.0 with the findings of the rules about tenants.
    Sarif,
}

pub(crate) fn run(command: &Tenancy, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let named = Named::all(&command.folders)?;
    let mut modules: Vec<Checked> = named.iter().map(Checked::of).collect();
    for module in &mut modules {
        keep_tenancy(&mut module.analysis);
    }
    let matrices: Vec<Matrix> = modules.iter().map(Matrix::of).collect();
    let mut out = BufWriter::new(out);
    match command.format {
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

impl Tenancy {
    /// Whether failures are JSON too.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }
}
