//! The SQL of every rule's page runs on a real PostgreSQL, or is refused as the page states.

use std::error::Error;

use onward_analyzer::plan::Step;
use onward_analyzer::source::Module;
use onward_analyzer::{RULES, analyze};
use onward_cases::page::{Case, File};
use onward_pg::{Database, shared};

use crate::Outcome;
use crate::support::EMPTY;
use crate::support::files::{pages, turn};

#[tokio::test]
async fn every_case_of_every_page_runs_or_is_refused_as_the_page_says() -> Outcome {
    let server = shared().await?;
    let mut problems = Vec::new();
    let mut cases = 0;
    for page in pages() {
        let (name, page) = page?;
        let database = server.database().await?;
        for case in &page.cases {
            cases += 1;
            let answer = run(&database, case).await?;
            let major = server.major().number();
            let refused = case
                .refused
                .as_ref()
                .filter(|refused| refused.before.is_none_or(|first| major < first));
            let expected = refused.map(|refused| refused.code.as_str());
            if answer.as_ref().map(|(_, code)| code.as_str()) != expected {
                let expected = expected.unwrap_or("no refusal");
                let got =
                    answer.map_or("none".to_owned(), |(what, code)| format!("{code}: {what}"));
                problems.push(format!(
                    "{name}:{}: \"{}\": expected {expected}, got {got}",
                    case.line, case.title
                ));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    assert!(cases >= 3 * RULES.len(), "only {cases} cases");
    Ok(())
}

/// The first error and its SQLSTATE.
///
/// A file is one message. The server runs several statements of a message in one transaction, and a
/// single one outside of a transaction block, as the runner does.
async fn run(database: &Database, case: &Case) -> Result<Option<(String, String)>, Box<dyn Error>> {
    let client = database.connect().await?;
    client.batch_execute(EMPTY).await?;
    let mut files: Vec<_> = case.files.iter().collect();
    files.sort_by_key(|file| turn(&file.name));
    for file in files {
        for message in messages(case, file) {
            if let Err(error) = client.simple_query(&message).await {
                let said = error
                    .as_db_error()
                    .ok_or(format!("{}: {error}", case.title))?;
                let what = format!("{}: {}", file.name, said.message());
                return Ok(Some((what, said.code().code().to_owned())));
            }
        }
    }
    Ok(None)
}

/// The file in one message; or its statements one by one, if the plan has it so.
fn messages(case: &Case, file: &File) -> Vec<String> {
    let files = case.files.iter();
    let files = files.map(|file| (file.name.as_str(), file.text.as_str()));
    let plan = analyze(Module::in_memory("app", files)).plan;
    let step = plan.as_ref().and_then(|plan| {
        let migrations = plan.startup.iter().chain(&plan.release);
        let mut named = migrations.filter(|migration| migration.name == file.name);
        named.next().map(|migration| &migration.step)
    });
    match step {
        Some(Step::Sequence(steps)) => {
            let statements = steps.iter().flat_map(Step::statements);
            statements.map(|statement| statement.sql.clone()).collect()
        }
        Some(_) | None => vec![file.text.clone()],
    }
}
