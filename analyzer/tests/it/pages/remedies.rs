//! The suggested files can be pasted: with them in place of the statement, the finding is gone, and they
//! have no findings of their own.

use std::ops::Range;

use onward_analyzer::finding::{Finding, SuggestedFile};
use onward_analyzer::source::Module;
use onward_analyzer::{Analysis, analyze};
use onward_cases::page::Case;

use super::check::{MODULE, run};

/// What is wrong with the suggested files of a case's findings.
pub(crate) fn remedies(id: &str, case: &Case) -> Vec<String> {
    let analysis = run(id, case);
    let offered = |finding: &&Finding| !finding.message.suggested_files.is_empty();
    let offers = analysis.findings.iter().filter(offered);
    let problems = offers.flat_map(|finding| {
        let left = left(&analysis, finding).into_iter();
        left.map(move |left| {
            format!(
                "{}: \"{}\": the fix of {} has a finding at {}: {}: {}\n{}",
                case.line,
                case.title,
                finding.rule,
                left.place.path,
                left.rule,
                left.message.what,
                finding.message.fix()
            )
        })
    });
    problems.collect()
}

/// The findings in the suggested files, without those that the case already has in other statements.
fn left(analysis: &Analysis, finding: &Finding) -> Vec<Finding> {
    let Pasted { files, changed } = paste(analysis, finding);
    let files = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let pasted = analyze(Module::in_memory(MODULE, files));
    let others = || analysis.findings.iter().filter(|one| *one != finding);
    let is_same = |one: &Finding, left: &Finding| {
        (one.rule, &one.message.what, &one.place.path)
            == (left.rule, &left.message.what, &left.place.path)
    };
    let is_old = |left: &Finding| others().any(|one| is_same(one, left));
    // The other actions of an ALTER TABLE stay in it, with their findings.
    let of_another_action = |left: &Finding| {
        others().any(|one| is_same(one, left) && are_of_one_statement(analysis, one, finding))
    };
    let of_remedy = |left: &Finding| {
        let name = left.place.path.rsplit('/').next().unwrap_or_default();
        let place = changed.iter().find(|(file, _)| file == name);
        place.is_some_and(|(_, range)| {
            let span = left.place.span.as_ref();
            let inside = span.is_some_and(|span| range.contains(&span.start));
            inside && !of_another_action(left) || !is_old(left)
        })
    };
    pasted.findings.into_iter().filter(of_remedy).collect()
}

fn are_of_one_statement(analysis: &Analysis, one: &Finding, other: &Finding) -> bool {
    let start = |finding: &Finding| finding.place.span.as_ref().map(|span| span.start);
    let (Some(first), Some(second)) = (start(one), start(other)) else {
        return false;
    };
    let mut around = analysis.statements.iter().filter(|statement| {
        let source = analysis.module.sources.get(statement.source);
        source.is_some_and(|source| source.path == other.place.path)
    });
    one.place.path == other.place.path
        && around.any(|one| one.span.contains(&first) && one.span.contains(&second))
}

/// The files of the module, with the suggested files among them.
#[derive(Default)]
struct Pasted {
    /// Name and text.
    files: Vec<(String, String)>,
    /// The name of each suggested file, and the byte range in it that the suggestion writes.
    changed: Vec<(String, Range<usize>)>,
}

fn paste(analysis: &Analysis, finding: &Finding) -> Pasted {
    let remedies: Vec<SuggestedFile> = finding
        .message
        .suggested_files
        .iter()
        .map(with_reason)
        .collect();
    let Pasted {
        mut files,
        mut changed,
    } = Pasted::default();
    for (index, source) in analysis.module.sources.iter().enumerate() {
        let here = remedies.iter().find(|remedy| remedy.file == source.name);
        let mut text = source.text.clone();
        let place = (source.path == finding.place.path)
            .then_some(finding.place.span.as_ref())
            .flatten();
        let of_file = analysis.statements.iter().filter(|one| one.source == index);
        let is_single = of_file.clone().count() <= 1;
        let mut around = of_file.filter(|one| {
            place.is_some_and(|place| one.span.start <= place.start && place.end <= one.span.end)
        });
        match (around.next(), here) {
            // The whole file.
            (_, Some(remedy)) if is_single => {
                text.clone_from(&remedy.sql);
                changed.push((remedy.file.clone(), 0..text.len()));
            }
            (Some(statement), here) => {
                let rest = text.get(statement.span.end..);
                let end = rest.and_then(|rest| rest.find(';'));
                let end = end.map_or(text.len(), |semicolon| statement.span.end + semicolon + 1);
                let whole = statement.span.start..end;
                changed
                    .extend(here.map(|remedy| (remedy.file.clone(), said(&text, &whole, remedy))));
                text.replace_range(whole, here.map_or("", |remedy| &remedy.sql));
                if is_single {
                    continue;
                }
            }
            (None, Some(remedy)) => {
                text.clone_from(&remedy.sql);
                changed.push((remedy.file.clone(), 0..text.len()));
            }
            (None, None) => {}
        }
        files.push((source.name.clone(), text));
    }
    let is_new = |remedy: &&SuggestedFile| !changed.iter().any(|(file, _)| *file == remedy.file);
    let new: Vec<&SuggestedFile> = remedies.iter().filter(is_new).collect();
    for remedy in new {
        files.push((remedy.file.clone(), remedy.sql.clone()));
        changed.push((remedy.file.clone(), 0..remedy.sql.len()));
    }
    Pasted { files, changed }
}

/// The file after its author wrote why the findings in it are acceptable.
fn with_reason(remedy: &SuggestedFile) -> SuggestedFile {
    SuggestedFile {
        sql: remedy
            .sql
            .replace("<why>", "every release since 2.3 writes it so"),
        ..remedy.clone()
    }
}

/// The byte range that the suggestion has in the file; if it keeps the statement, the range after it.
fn said(text: &str, statement: &Range<usize>, remedy: &SuggestedFile) -> Range<usize> {
    let kept = text.get(statement.clone()).unwrap_or_default();
    let start = match remedy.sql.starts_with(kept) {
        true => statement.start + kept.len(),
        false => statement.start,
    };
    start..statement.start + remedy.sql.len()
}
