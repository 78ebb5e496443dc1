//! A suggested fix is a promise: its files are accepted, they run on a server one after the other, the code
//! of before goes on between them, and nothing that the statement wrote is lost.
//!
//! Asked of the cases of every rule's page, and of statements that are put together from their clauses.

mod code;
mod paste;
mod server;
mod statements;

use std::collections::BTreeSet;

use onward_analyzer::finding::Finding;
use onward_analyzer::source::Module;
use onward_analyzer::{Analysis, analyze};
use onward_pg::{Database, shared};

use self::paste::{Pasted, paste};
use self::server::{Rows, Server, State};
use crate::Outcome;
use crate::support::files::{pages, turn};

/// The files of a module, in any order.
pub(super) struct Case {
    title: String,
    files: Vec<(String, String)>,
}

#[tokio::test]
async fn every_cure_of_every_page_keeps_its_promise() -> Outcome {
    let mut cases = Vec::new();
    for page in pages() {
        let (name, page) = page?;
        for case in page.cases {
            let files = case.files.into_iter().map(|file| (file.name, file.text));
            cases.push(Case {
                title: format!("{name}: \"{}\"", case.title),
                files: files.collect(),
            });
        }
    }
    let asked = all_keep(&cases).await?;
    assert!(asked >= 100, "only {asked} cures");
    Ok(())
}

#[tokio::test]
async fn every_cure_of_statements_from_their_clauses_keeps_its_promise() -> Outcome {
    let cases = statements::cases();
    assert!(cases.len() >= 300, "only {} statements", cases.len());
    let asked = all_keep(&cases).await?;
    assert!(asked >= 300, "only {asked} cures");
    Ok(())
}

/// Fails with every broken promise; returns the number of cures.
async fn all_keep(cases: &[Case]) -> Result<usize, Box<dyn std::error::Error>> {
    let shared = shared().await?;
    let database = shared.database().await?;
    let mut problems = Vec::new();
    let mut asked = 0;
    for case in cases {
        let files = case
            .files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        let analysis = analyze(Module::in_memory("app", files));
        let mut seen = BTreeSet::new();
        for finding in analysis.findings.iter().chain(&analysis.noted) {
            let files = &finding.message.suggested_files;
            if files.is_empty() || !seen.insert(format!("{files:?}")) {
                continue;
            }
            asked += 1;
            let broken = broken(&database, case, &analysis, finding).await?;
            problems.extend(broken.into_iter().map(|what| {
                format!(
                    "{}: {}: {what}\n{}",
                    case.title,
                    finding.rule,
                    finding.message.fix()
                )
            }));
        }
    }
    assert!(
        problems.is_empty(),
        "{} of {asked} cures:\n{}",
        problems.len(),
        problems.join("\n\n")
    );
    Ok(asked)
}

/// What is wrong with the cure of one finding.
async fn broken(
    database: &Database,
    case: &Case,
    analysis: &Analysis,
    finding: &Finding,
) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let Some(pasted) = paste(analysis, finding) else {
        return Ok(vec!["the files do not fit into the module".to_owned()]);
    };
    let mut problems = refused_by_check(analysis, &pasted);
    let place = finding.place.path.rsplit('/').next().unwrap_or_default();
    let mut before: Vec<&(String, String)> = case.files.iter().collect();
    before.sort_by_key(|(name, _)| turn(name));
    before.retain(|(name, _)| turn(name) < turn(place));
    let original = case.files.iter().find(|(name, _)| name == place);
    let mut server = Server::of(database, &before).await?;
    // Rows that violate what the statement demands would fail with and without the cure.
    let mut after = None;
    for rows in [Rows::All, Rows::Full, Rows::None] {
        if !server.reset(rows).await? {
            return Ok(problems);
        }
        if let Some((name, text)) = original
            && server.run(name, text).await?.is_none()
        {
            let code = server.working_code().await?;
            after = Some((rows, server.state().await?, code));
            break;
        }
    }
    let rows = after.as_ref().map_or(Rows::None, |(rows, ..)| *rows);
    server.reset(rows).await?;
    let mut code = server.working_code().await?;
    // A rule about the form of a statement keeps what the statement does to the code.
    if pasted.depends_on_new_code() || finding.rule == "unqualified-name" {
        // A statement that this server refuses shows no code that works with it.
        code.retain(|one| match &after {
            Some((_, _, works)) => works.contains(one),
            None => one.is_full(),
        });
    }
    let mut is_whole = true;
    for (name, text) in &pasted.steps {
        if text.contains("-- onward: breaks") {
            is_whole = false;
            break;
        }
        if let Some(error) = server.run(name, text).await? {
            // Roles and schemas of other modules do not exist here.
            if error.contains("role \"") || error.starts_with("3F000") {
                return Ok(problems);
            }
            problems.push(format!("{name} is refused: {error}"));
            return Ok(problems);
        }
        for one in &code {
            if let Some(error) = server.execute(one).await? {
                problems.push(format!(
                    "after {name} the code of before fails: {}: {error}",
                    one.sql
                ));
                return Ok(problems);
            }
        }
    }
    if let Some((_, expected, _)) = after.filter(|_| is_whole && pasted.is_equivalent()) {
        problems.extend(lost(&expected, &server.state().await?));
    }
    Ok(problems)
}

fn refused_by_check(analysis: &Analysis, pasted: &Pasted) -> Vec<String> {
    let files = pasted
        .files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let again = analyze(Module::in_memory("app", files));
    let known = |finding: &&Finding| {
        analysis
            .findings
            .iter()
            .any(|one| (one.rule, &one.message.what) == (finding.rule, &finding.message.what))
    };
    let errors = again
        .findings
        .iter()
        .filter(|finding| finding.severity.is_error());
    let new = errors.filter(|finding| !known(finding));
    new.map(|finding| {
        format!(
            "check refuses {}: {}: {}",
            finding.place.path, finding.rule, finding.message.what
        )
    })
    .collect()
}

/// What the statement creates and its cure does not.
fn lost(expected: &State, got: &State) -> Vec<String> {
    let missing = expected.iter().filter(|one| !got.contains(*one));
    missing
        .map(|one| format!("the cure loses {one}; it has {got:?}"))
        .collect()
}
