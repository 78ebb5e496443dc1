//! Data migrations that a test puts together, on tables that it fills itself.

use onward::data::{Event, Worker};
use onward::kind::{self, Data};
use onward::plan::{Job, Key, Migration, Ranges, RelationName, Statement, Step};
use onward::{Connector, Error, Plan, Version};
use onward_pg::{Database, database};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_postgres::Client;

use crate::support::folder::Folder;

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

pub(crate) const ID: &[Key] = &[Key {
    column: "id",
    data_type: "bigint",
}];

/// A column is counted up: no second run of the statement on a row goes unnoticed.
pub(crate) const COUNT: Ranges = ranges(
    100,
    "counted",
    ID,
    ["UPDATE shop.counted SET n = n + 1 WHERE (", ")"],
);

/// The usual kind: a column is filled where it is NULL.
pub(crate) const FILL: Ranges = ranges(
    100,
    "counted",
    ID,
    [
        "UPDATE shop.counted SET n = n + 1, filled = 10 / divisor WHERE (filled IS NULL) AND (",
        ")",
    ],
);

pub(crate) const UNFILLED: Option<&str> =
    Some("SELECT true FROM shop.counted WHERE filled IS NULL");

pub(crate) const fn ranges(
    rows: u32,
    table: &'static str,
    keys: &'static [Key],
    around: [&'static str; 2],
) -> Ranges {
    let relation = RelationName {
        schema: "shop",
        name: table,
    };
    Ranges::__new(rows, relation, table, keys, around)
}

/// A plan with one table and one data migration.
pub(crate) fn plan(kind: Data, statement: &'static str) -> Answer<Plan> {
    plan_of(kind, statement, 1)
}

/// The same with another text of the file.
pub(crate) fn plan_of(kind: Data, statement: &'static str, text: u8) -> Answer<Plan> {
    let statements = match statement {
        "" => Vec::new(),
        sql => vec![Statement::__new(sql, 1, 1)],
    };
    with_data(kind, Step::Transaction(statements.leak()), text)
}

pub(crate) fn with_data(kind: Data, step: Step, text: u8) -> Answer<Plan> {
    let base = Folder::empty("shop")
        .with(
            "001_counted.sql",
            "CREATE TABLE shop.counted (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, filled int, divisor int NOT NULL DEFAULT 5);",
        )
        .plan()?;
    let data = Migration::<kind::Data>::__new(1, "DM001_counted.sql", [text; 32], &[], step, kind);
    Ok(Plan::__new(
        "shop",
        base.folder(),
        "test/0",
        [text; 32],
        base.lock(),
        base.startup(),
        &[],
        &[],
        vec![data].leak(),
    ))
}

/// A database in which the service has started, with so many rows.
pub(crate) async fn filled(plan: &Plan, rows: u32) -> Answer<(Database, Client)> {
    let database = database().await?;
    let mut client = database.connect().await?;
    crate::start(plan, &mut client).await?;
    fill(&client, rows).await?;
    Ok((database, client))
}

pub(crate) async fn fill(client: &Client, rows: u32) -> Answer<()> {
    let sql = format!(
        "INSERT INTO shop.counted (id) SELECT id FROM generate_series(1, {rows}) AS id; ANALYZE shop.counted"
    );
    Ok(client.batch_execute(&sql).await?)
}

pub(crate) fn version() -> Version {
    "DM001".parse().expect("a version")
}

pub(crate) fn ranged(ranges: Ranges, unfinished: Option<&'static str>) -> Data {
    Data::__new(Job::Ranges(ranges), unfinished, 0, false, &[])
}

pub(crate) async fn finish(plan: &Plan, connector: &Connector) -> Result<(), Error> {
    Worker::new(plan).finish(connector, None).await
}

/// A worker, and what it reports.
pub(crate) fn listened(plan: &Plan) -> (Worker, UnboundedReceiver<Event>) {
    let (sender, events) = unbounded_channel();
    let worker = Worker::new(plan).listener(move |event| {
        let _ = sender.send(event.clone());
    });
    (worker, events)
}

/// Waits for an event of this kind. The deadline only keeps a broken test from hanging.
pub(crate) async fn heard(
    events: &mut UnboundedReceiver<Event>,
    is_it: impl Fn(&Event) -> bool,
) -> Answer<Event> {
    let all = async {
        while let Some(event) = events.recv().await {
            if is_it(&event) {
                return Some(event);
            }
        }
        None
    };
    let heard = tokio::time::timeout(std::time::Duration::from_secs(60), all).await?;
    heard.ok_or_else(|| "the worker has ended".into())
}
