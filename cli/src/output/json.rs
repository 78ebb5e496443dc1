//! Findings and statements as one JSON document. Keys are only ever added.

use std::io::{self, Write};

use onward_analyzer::Analysis;
use onward_analyzer::effect::{LockMode, Mode};
use onward_analyzer::finding::{Finding, Place};
use serde::Serialize;

use super::findings::{Checked, Texts, all};
use super::{FORMAT_VERSION, write_json};

/// What `onward check --format json` prints.
#[derive(Serialize)]
struct Document {
    format_version: u8,
    /// The files that the findings and statements are about; empty for whole modules.
    only: Vec<String>,
    findings: Vec<FindingJson>,
    statements: Vec<StatementJson>,
    /// How many statements were judged only in part.
    unjudged: UnjudgedJson,
}

#[derive(Default, Serialize)]
struct UnjudgedJson {
    /// Those that name objects of other schemas.
    foreign: usize,
    /// Those that run SQL that is put together when it runs.
    dynamic: usize,
    /// Those with a body in a language that is not read.
    bodies: usize,
}

impl UnjudgedJson {
    fn new(modules: &[Checked]) -> Self {
        modules.iter().fold(Self::default(), |all, module| Self {
            foreign: all.foreign + module.analysis.unjudged.foreign,
            dynamic: all.dynamic + module.analysis.unjudged.dynamic,
            bodies: all.bodies + module.analysis.unjudged.bodies,
        })
    }
}

#[derive(Serialize)]
pub(super) struct FindingJson {
    /// The path as it was given.
    file: String,
    /// From 1; `null` for a finding about a file or folder as a whole.
    line: Option<usize>,
    /// In characters, from 1.
    column: Option<usize>,
    /// Where it ends: the position behind the last character.
    end_line: Option<usize>,
    end_column: Option<usize>,
    rule: &'static str,
    /// `forbid`, `deny`, `warn`, or `allow` for a finding that is only reported.
    severity: &'static str,
    /// What is wrong.
    message: String,
    /// Why that is a problem.
    why: String,
    /// How to fix it, with the text of the files to write.
    help: String,
    /// The files to write.
    files: Vec<FileJson>,
    /// The reason of the allowance or declaration that accepts it.
    allowed_because: Option<String>,
}

#[derive(Serialize)]
struct FileJson {
    name: String,
    sql: String,
}

impl FindingJson {
    pub(super) fn new(texts: &Texts<'_>, finding: &Finding) -> Self {
        let (from, to) = texts.positions(&finding.place).unzip();
        let message = &finding.message;
        let files = message.suggested_files.iter().map(|file| FileJson {
            name: file.file.clone(),
            sql: file.sql.clone(),
        });
        Self {
            file: finding.place.path.clone(),
            line: from.map(|from| from.line),
            column: from.map(|from| from.column),
            end_line: to.map(|to| to.line),
            end_column: to.map(|to| to.column),
            rule: finding.rule,
            severity: finding.severity.word(),
            message: message.what.clone(),
            why: message.why.clone(),
            help: message.fix(),
            files: files.collect(),
            allowed_because: finding.allowed_because.clone(),
        }
    }
}

#[derive(Serialize)]
struct StatementJson {
    file: String,
    line: usize,
    kind: String,
    category: &'static str,
    /// The strongest lock on each relation that exists before the statement.
    locks: Vec<LockJson>,
    /// The tables that are rewritten.
    rewrites: Vec<String>,
    /// The tables that are scanned in full.
    scans: Vec<String>,
    /// Whether it runs inside a transaction.
    transactional: bool,
}

#[derive(Serialize)]
struct LockJson {
    relation: String,
    mode: String,
}

impl LockJson {
    fn new((relation, mode): &(String, LockMode)) -> Self {
        Self {
            relation: relation.clone(),
            mode: mode.to_string(),
        }
    }
}

/// The statements of a module.
fn statements(module: &Analysis) -> Vec<StatementJson> {
    let texts = Texts::of(module);
    let statements = module.statements.iter().filter_map(|one| {
        let source = module.module.sources.get(one.source)?;
        let place = Place::at(&source.path, one.span.clone());
        let (from, _) = texts.positions(&place)?;
        Some(StatementJson {
            file: source.path.clone(),
            line: from.line,
            kind: one.kind.clone(),
            category: source.version.category.word(),
            locks: one.locks.iter().map(LockJson::new).collect(),
            rewrites: one.rewrites.clone(),
            scans: one.scans.clone(),
            transactional: one.mode == Mode::Transactional,
        })
    });
    statements.collect()
}

pub(crate) fn write(modules: &[Checked], out: &mut impl Write) -> io::Result<()> {
    let analyses = || modules.iter().map(|module| &module.analysis);
    let findings = analyses().flat_map(|module| {
        let texts = Texts::of(module);
        let all = all(module).into_iter();
        all.map(move |finding| FindingJson::new(&texts, finding))
    });
    let document = Document {
        format_version: FORMAT_VERSION,
        only: modules
            .iter()
            .flat_map(|module| module.only.clone())
            .collect(),
        findings: findings.collect(),
        statements: analyses().flat_map(statements).collect(),
        unjudged: UnjudgedJson::new(modules),
    };
    write_json(out, &document)
}
