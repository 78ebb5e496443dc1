//! The files of a way out can be pasted: with them in place of the statement, the finding is gone and
//! they have none of their own.

use onward_analyzer::finding::Finding;
use onward_analyzer::source::Module;
use onward_analyzer::{Analysis, analyze};

use crate::check::{MODULE, run};
use crate::parse::Case;

/// What is wrong with the remedies of a case's findings.
pub(crate) fn remedies(id: &str, case: &Case) -> Vec<String> {
    let analysis = run(id, case);
    let offered = |finding: &&Finding| !finding.message.remedies.is_empty();
    let problems = analysis
        .findings
        .iter()
        .filter(offered)
        .flat_map(|finding| {
            let pasted = paste(&analysis, finding);
            let names = finding.message.remedies.iter().map(|remedy| &remedy.file);
            let names: Vec<&String> = names.collect();
            let left = pasted.findings.into_iter().filter(move |left| {
                let file = left.place.path.rsplit('/').next().unwrap_or_default();
                names.iter().any(|name| *name == file)
            });
            let at = (case.line, case.title.clone(), finding.rule);
            left.map(move |left| {
                format!(
                    "{}: \"{}\": the way out of {} is found at {}: {}: {}\n{}",
                    at.0,
                    at.1,
                    at.2,
                    left.place.path,
                    left.rule,
                    left.message.what,
                    finding.message.cure()
                )
            })
        });
    problems.collect()
}

/// The module with the files in place of the statement.
fn paste(analysis: &Analysis, finding: &Finding) -> Analysis {
    let remedies = &finding.message.remedies;
    let mut files = Vec::new();
    for (index, source) in analysis.module.sources.iter().enumerate() {
        if remedies.iter().any(|remedy| remedy.file == source.name) {
            continue;
        }
        let mut text = source.text.clone();
        let here = source.path == finding.place.path;
        if let (true, Some(place)) = (here, &finding.place.span) {
            let all = analysis.statements.iter().filter(|one| one.source == index);
            let mut around =
                all.filter(|one| one.span.start <= place.start && place.end <= one.span.end);
            if let Some(statement) = around.next() {
                let end = text
                    .get(statement.span.end..)
                    .and_then(|rest| rest.find(';'));
                let end = end.map_or(text.len(), |semicolon| statement.span.end + semicolon + 1);
                text.replace_range(statement.span.start..end, "");
            }
        }
        let is_left = analysis
            .statements
            .iter()
            .filter(|one| one.source == index)
            .count()
            > 1
            || !here;
        if is_left {
            files.push((source.name.clone(), text));
        }
    }
    files.extend(
        remedies
            .iter()
            .map(|remedy| (remedy.file.clone(), remedy.sql.clone())),
    );
    let files = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    analyze(Module::in_memory(MODULE, files))
}
