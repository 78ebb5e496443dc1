//! The query that the build derives for "is a row left?" is true exactly where the statement still has rows to change.

use std::error::Error;
use std::path::Path;

use onward_analyzer::plan::{Job, Migration, Plan, Step};
use onward_analyzer::source::{self, Module};
use onward_analyzer::{analyze, settings};
use onward_pg::shared;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::Outcome;
use crate::support::files::pages;

const MODULES: [&str; 7] = [
    "audit",
    "auth",
    "notify",
    "policy",
    "scheduler",
    "vex",
    "vuln",
];

/// Fills every table of the schema with rows of many kinds. Those that a constraint refuses are left out, and no
/// trigger or foreign key is asked.
const ROWS: &str = include_str!("unfinished.sql");

/// What became of a data migration.
#[derive(Debug, PartialEq)]
enum Seen {
    /// Rows were left, and then none.
    Both,
    /// No row was left with these rows.
    Nothing,
    /// The server refused the history or the statement with these rows.
    Refused,
}

#[tokio::test]
async fn the_derived_queries_of_the_modules() -> Outcome {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let client = shared().await?.database().await?.connect().await?;
    for module in MODULES {
        let plan = analyze(source::read(&root.join(module), module)).plan;
        let plan = plan.ok_or(format!("{module} has no plan"))?;
        let seen = all(&client, &plan)
            .await
            .map_err(|why| format!("{module}: {why}"))?;
        assert_eq!(seen, [Seen::Both], "{module}");
    }
    Ok(())
}

#[tokio::test]
async fn the_derived_queries_of_the_pages() -> Outcome {
    let client = shared().await?.database().await?.connect().await?;
    let (mut asked, mut both) = (0, 0);
    for page in pages() {
        let (name, page) = page?;
        for case in &page.cases {
            let files = case.files.iter();
            let files = files.map(|file| (file.name.as_str(), file.text.as_str()));
            let mut module = Module::in_memory("app", files);
            let toml = case.settings.as_deref().unwrap_or_default();
            module.settings = settings::read(toml).map_err(|wrong| format!("{name}: {wrong:?}"))?;
            let analysis = analyze(module);
            let Some(plan) = analysis.plan.or(analysis.refused_plan) else {
                continue;
            };
            let seen = all(&client, &plan).await;
            let seen = seen.map_err(|why| format!("{name}:{}: {why}", case.line))?;
            asked += seen.len();
            both += seen.iter().filter(|one| **one == Seen::Both).count();
        }
    }
    assert!(asked > 40 && both > asked / 2, "{both} of {asked}");
    Ok(())
}

/// Each data migration of the plan whose query was derived.
async fn all(client: &Client, plan: &Plan) -> Result<Vec<Seen>, Box<dyn Error>> {
    let mut seen = Vec::new();
    for migration in &plan.data {
        let Some(query) = derived(migration) else {
            continue;
        };
        let Step::Transaction(statements) = &migration.step else {
            continue;
        };
        let [statement] = statements.as_slice() else {
            continue;
        };
        if !prepared(client, plan).await? {
            seen.push(Seen::Refused);
            continue;
        }
        let again = migration
            .data
            .as_ref()
            .is_some_and(|data| data.job == Job::Repeated);
        let judged = judge(client, query, &statement.sql, again).await;
        seen.push(judged.map_err(|why| format!("{}: {query}: {why}", migration.name))?);
    }
    Ok(seen)
}

/// The query, unless the file or code says what it is.
fn derived(migration: &Migration) -> Option<&str> {
    let data = migration.data.as_ref()?;
    let is_cut = matches!(data.job, Job::Ranges(_) | Job::Repeated);
    // A declared query may ask for something else, and begins as its author wrote it.
    let query = data.unfinished.as_deref().filter(|_| is_cut)?;
    query.starts_with("SELECT true FROM ").then_some(query)
}

/// The schema as the data migration finds it, with rows; false where this server or these rows refuse it.
async fn prepared(client: &Client, plan: &Plan) -> Result<bool, Box<dyn Error>> {
    let schema = &plan.schema;
    client
        .batch_execute(&format!(
            "ROLLBACK; RESET ALL; DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; SET search_path = {schema}"
        ))
        .await
        .map_err(said)?;
    let ahead = plan.startup.iter().take_while(|one| one.requires.is_empty());
    for migration in ahead.chain(&plan.seed) {
        for statement in migration.step.statements() {
            if client.batch_execute(&statement.sql).await.is_err() {
                return Ok(false);
            }
        }
    }
    let fill = ROWS.replace("{{schema}}", schema);
    client.batch_execute(&fill).await.map_err(said)?;
    Ok(true)
}

/// The server's own words.
fn said(error: tokio_postgres::Error) -> String {
    let words = error.as_db_error().map(ToString::to_string);
    words.unwrap_or_else(|| error.to_string())
}

async fn judge(
    client: &Client,
    query: &str,
    statement: &str,
    again: bool,
) -> Result<Seen, Box<dyn Error>> {
    let left =
        format!("SELECT EXISTS (SELECT FROM ({query}) AS unfinished(is_left) WHERE is_left)");
    client.batch_execute("BEGIN").await.map_err(said)?;
    let Ok(before) = client.query_one(&left, &[]).await else {
        return Ok(Seen::Refused);
    };
    let before: bool = before.get(0);
    let mut changed = 0;
    loop {
        let Ok(answer) = client.simple_query(statement).await else {
            return Ok(Seen::Refused);
        };
        let rows = answer.iter().map(|message| match message {
            SimpleQueryMessage::CommandComplete(rows) => *rows,
            _ => 0,
        });
        let rows: u64 = rows.sum();
        changed += rows;
        if !again || rows == 0 {
            break;
        }
    }
    let after = client.query_one(&left, &[]).await.map_err(said)?;
    let after: bool = after.get(0);
    client.batch_execute("ROLLBACK").await?;
    if after {
        return Err("rows are left although the statement has run".into());
    }
    // Rows whose new value is NULL are changed, and would be found for ever: they are not asked for.
    let leaves_nulls = query.contains(" IS NOT NULL END");
    match (before, changed > 0) {
        (true, true) => Ok(Seen::Both),
        (false, false) => Ok(Seen::Nothing),
        (false, true) if leaves_nulls => Ok(Seen::Nothing),
        (false, true) => Err(format!("no row is left, and the statement changes {changed}").into()),
        (true, false) => Err("rows are left, and the statement changes none".into()),
    }
}
