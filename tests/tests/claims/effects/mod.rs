//! What statements lock, rewrite, scan and build, measured on servers.
//!
//! Each statement of every rule's page, of the example modules and of the histories here runs in a
//! transaction of its own on PostgreSQL 15, 16, 17 and 18. Before the end of the transaction the test reads:
//!
//! - `pg_locks` of the backend: the strongest mode on each relation that existed before;
//! - `pg_relation_filenode()` of each of these, before and after: what has a new file;
//! - the messages of level DEBUG1, which come as notices: `verifying table`, `building index` and
//!   `validating foreign key constraint`;
//! - `pg_stat_get_xact_numscans()`: how often a table was read from its start in this transaction.
//!   Some statements scan all rows without a message, but this counter shows every scan.
//!
//! All of this must equal [`effects`](onward_analyzer::effect::effects) of the statement on the
//! schema just before it. The tables are empty, and an empty table is scanned too. Where rows
//! decide, which is only with `INSERT`, `UPDATE`, `DELETE` and `MERGE`, the server may lock less: without
//! a row it reads neither the other table of a foreign key nor a partition.
//!
//! A statement that may not run in a transaction fails there: active SQL transaction (25001). Then it runs
//! alone, and only its messages are compared.

mod compare;
mod histories;
mod server;
mod sources;
mod types;

use std::error::Error;

use onward_analyzer::effect::{Mode, effects};
use onward_analyzer::lower::lower;
use onward_analyzer::schema::Schema;
use onward_analyzer::split::split;
use onward_analyzer::statement::{Change, Clause};
use onward_pg::{Major, Server};

use self::server::{Backend, Outcome};
use self::sources::{History, histories_of_modules, histories_of_pages};

type Done = Result<(), Box<dyn Error>>;

#[tokio::test]
async fn postgresql_15() -> Done {
    all_on(Major::V15).await
}

#[tokio::test]
async fn postgresql_16() -> Done {
    all_on(Major::V16).await
}

#[tokio::test]
async fn postgresql_17() -> Done {
    all_on(Major::V17).await
}

#[tokio::test]
async fn postgresql_18() -> Done {
    all_on(Major::V18).await
}

async fn all_on(major: Major) -> Done {
    let server = Server::of(major).await?;
    let major = u8::try_from(major.number())?;
    let mut count = Count::default();
    let pages = histories_of_pages()?;
    let modules = histories_of_modules()?;
    let database = server.database().await?;
    for history in pages.iter().chain(&modules).chain(&histories::all(major)) {
        let backend = Backend::connect(database.url()).await?;
        play(history, major, &backend, &mut count).await?;
    }
    types::every_pair(&server, major, &mut count).await?;
    assert!(count.wrong.is_empty(), "\n{}", count.wrong.join("\n"));
    assert!(count.equal > 2_400, "only {} statements", count.equal);
    Ok(())
}

#[derive(Default)]
struct Count {
    equal: usize,
    wrong: Vec<String>,
}

impl Count {
    fn add(&mut self, place: &str, text: &str, problems: Vec<String>) {
        self.equal += usize::from(problems.is_empty());
        let problems = problems.into_iter();
        self.wrong
            .extend(problems.map(|one| format!("{place}: {}: {one}", first_line(text))));
    }
}

/// Runs a history statement by statement until the server refuses one.
async fn play(
    history: &History,
    major: u8,
    backend: &Backend,
    count: &mut Count,
) -> Result<(), Box<dyn Error>> {
    backend.clean().await?;
    backend
        .run(&format!(
            "CREATE SCHEMA {0}; SET search_path = {0}",
            history.schema
        ))
        .await?;
    let mut schema = Schema::new(&history.schema);
    let mut applied = 0;
    for text in statements(history) {
        let raw = split(&text);
        let statement = lower(&text, &raw.statements[0], &history.schema);
        if statement
            .needs
            .as_ref()
            .is_some_and(|needs| needs.version > major)
        {
            continue;
        }
        // Its rows would have to follow, and no effect is predicted for it.
        let copies = |clause: &Clause| matches!(clause.change, Change::CopyFromStdin);
        if statement.clauses.iter().any(copies) {
            return Ok(());
        }
        // Whether it is too late for it depends on what ran before in the transaction.
        let isolates = |clause: &Clause| matches!(&clause.change, Change::Set { setting, .. } if setting == "transaction");
        if statement.clauses.iter().any(isolates) {
            continue;
        }
        let effect = effects(&statement, &schema, major);
        let outcome = backend.measure(&text).await?;
        let problems = match outcome {
            Outcome::Done(seen) => compare::compare(&statement, &schema, &effect, &seen),
            Outcome::Refused(code) if code == "25001" => {
                let alone = backend.alone(&text).await?;
                let Some(messages) = alone else { return Ok(()) };
                let inside = effect.mode == Mode::Transactional;
                let problem = inside.then(|| "is refused in a transaction".to_owned());
                let messages = compare::messages(&effect, &messages);
                problem.into_iter().chain(messages).collect()
            }
            // A page may end with an error; the pages' own test checks that it is the right one.
            Outcome::Refused(code) => {
                if !history.may_fail {
                    count
                        .wrong
                        .push(format!("{}: {code}: {text}", history.place));
                }
                return Ok(());
            }
        };
        count.add(&history.place, &text, problems);
        schema.add_file(applied, &text);
        applied += 1;
    }
    Ok(())
}

/// The statements of a history that are for a server, each as it is written.
fn statements(history: &History) -> Vec<String> {
    let mut statements = Vec::new();
    for file in &history.files {
        for raw in &split(file).statements {
            statements.push(file[raw.span.clone()].to_owned());
        }
    }
    statements
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
