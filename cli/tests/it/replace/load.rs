//! One release of the service: a loop of prepared statements and COPY, each of which has to succeed.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::SinkExt as _;
use onward_pg::Database;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Statement};

use super::SEEDS;

/// What a release sends, each with the key of a row as `$1`.
#[derive(Clone)]
pub(super) struct Code {
    /// For a row of its own, in this order: it exists behind the first, and is gone behind the last.
    pub(super) own: Vec<String>,
    /// For a row that the other release changes, too. Adds a constant.
    pub(super) shared: String,
    /// `COPY ... FROM STDIN`, and a line of it; PostgreSQL refuses it under row-level security.
    pub(super) copy: Option<(&'static str, &'static str)>,
    /// Deletes the row that was copied.
    pub(super) forget: &'static str,
}

/// A release that runs.
pub(super) struct Load {
    stop: Arc<AtomicBool>,
    task: JoinHandle<Ran>,
}

/// What became of it.
#[derive(Default)]
pub(super) struct Ran {
    pub(super) rounds: u64,
    pub(super) errors: Vec<String>,
}

impl Load {
    pub(super) async fn start(
        database: &Database,
        session: &str,
        code: &Code,
        first: i64,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let client = database.connect().await?;
        client.batch_execute(session).await?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let code = code.clone();
        let task = tokio::spawn(async move { ran(client, &code, first, &stopped).await });
        Ok(Self { stop, task })
    }

    pub(super) async fn stop(self) -> Result<Ran, tokio::task::JoinError> {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await
    }
}

async fn ran(client: Client, code: &Code, first: i64, stop: &AtomicBool) -> Ran {
    let mut ran = Ran::default();
    let mut prepared = Vec::new();
    for sql in code.own.iter().chain([&code.shared]) {
        match client.prepare(sql).await {
            Ok(statement) => prepared.push((sql.as_str(), statement)),
            Err(error) => ran.errors.push(said(sql, &error)),
        }
    }
    let mut key = first;
    while !stop.load(Ordering::Relaxed) && ran.errors.is_empty() {
        round(&client, code, &prepared, key, &mut ran).await;
        key += 1;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    ran
}

async fn round(
    client: &Client,
    code: &Code,
    prepared: &[(&str, Statement)],
    key: i64,
    ran: &mut Ran,
) {
    for (at, (sql, statement)) in prepared.iter().enumerate() {
        let key = match at < code.own.len() {
            true => key,
            false => key.rem_euclid(SEEDS) + 1,
        };
        if let Err(error) = client.execute(statement, &[&key]).await {
            ran.errors.push(said(sql, &error));
        }
    }
    if let Some((sql, line)) = code.copy
        && let Err(error) = copied(client, (sql, line), code.forget).await
    {
        ran.errors.push(said(sql, &error));
    }
    ran.rounds += 1;
}

async fn copied(
    client: &Client,
    (sql, line): (&str, &'static str),
    forget: &str,
) -> Result<(), tokio_postgres::Error> {
    let mut sink = pin!(client.copy_in::<_, &'static [u8]>(sql).await?);
    sink.send(line.as_bytes()).await?;
    sink.finish().await?;
    client.batch_execute(forget).await
}

fn said(sql: &str, error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(database) => format!("{sql}: {} {}", database.code().code(), database.message()),
        None => format!("{sql}: {error}"),
    }
}
