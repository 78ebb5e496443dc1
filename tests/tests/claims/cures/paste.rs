//! The suggested files, pasted into the module as a reader would do it.

use onward_analyzer::Analysis;
use onward_analyzer::finding::{Finding, SuggestedFile};

use crate::support::files::turn;

/// The module with the suggested files.
pub(super) struct Pasted {
    /// All files, name and text.
    pub(super) files: Vec<(String, String)>,
    /// Those that the fix writes, in the order in which they run.
    pub(super) steps: Vec<(String, String)>,
    rule: &'static str,
}

/// Rules whose fix is another thing than the statement: a second column, a column that is not stored or
/// whose values come from the service, a sequence instead of an identity, or no constraint.
const OTHERWISE: [&str; 4] = [
    "column-type-change",
    "domain-with-constraint",
    "constrained-domain-column",
    "stored-generated-column",
];

impl Pasted {
    /// Whether an allowance or an operator stands for the code: it writes what the statement demands.
    pub(super) fn depends_on_new_code(&self) -> bool {
        let waits = |(name, text): &(String, String)| {
            name.starts_with('1') || text.contains("new-write-restriction")
        };
        self.steps.iter().any(waits)
    }

    /// Whether the schema is the same afterwards as with the statement.
    pub(super) fn is_equivalent(&self) -> bool {
        !OTHERWISE.contains(&self.rule)
    }
}

pub(super) fn paste(analysis: &Analysis, finding: &Finding) -> Option<Pasted> {
    let remedies: Vec<SuggestedFile> = finding
        .message
        .suggested_files
        .iter()
        .map(|file| SuggestedFile {
            sql: file
                .sql
                .replace("<why>", "every release since 2.3 writes it so"),
            ..file.clone()
        })
        .collect();
    let mut files = Vec::new();
    let mut steps = Vec::new();
    for (index, source) in analysis.module.sources.iter().enumerate() {
        let here = remedies.iter().find(|one| one.file == source.name);
        if source.path != finding.place.path {
            // Only the file with the finding may be changed.
            if here.is_some() {
                return None;
            }
            files.push((source.name.clone(), source.text.clone()));
            continue;
        }
        let text = replaced(analysis, finding, index, here)?;
        if !text.trim().is_empty() {
            files.push((source.name.clone(), text.clone()));
            steps.push((source.name.clone(), text));
        }
    }
    let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    for new in remedies.iter().filter(|one| !names.contains(&one.file)) {
        let is_place = finding.place.path.ends_with(&format!("/{}", new.file));
        if !is_place {
            files.push((new.file.clone(), new.sql.clone()));
            steps.push((new.file.clone(), new.sql.clone()));
        }
    }
    steps.sort_by_key(|(name, _)| turn(name));
    Some(Pasted {
        files,
        steps,
        rule: finding.rule,
    })
}

/// The text of the file with the finding: the suggestion in place of the statement, or of all of the file.
fn replaced(
    analysis: &Analysis,
    finding: &Finding,
    index: usize,
    here: Option<&SuggestedFile>,
) -> Option<String> {
    let text = &analysis.module.sources.get(index)?.text;
    let sql = here.map_or("", |one| one.sql.as_str());
    let statements = analysis.statements.iter().filter(|one| one.source == index);
    let mut statements: Vec<_> = statements.map(|one| one.span.clone()).collect();
    if statements.len() <= 1 {
        return Some(sql.to_owned());
    }
    let place = finding.place.span.as_ref()?.start;
    statements.retain(|span| span.contains(&place));
    let span = statements.pop()?;
    let rest = text.get(span.end..)?;
    let end = rest.find(';').map_or(text.len(), |at| span.end + at + 1);
    Some([text.get(..span.start)?, sql, text.get(end..)?].concat())
}
