//! What makes a worker go slower or wait: each indicator, on a server where it is so.

mod gates;
mod server;
mod standby;
mod table;

use onward::Plan;
use onward::data::{Reading, Throttles, readings};
use onward::kind::{self, Data};
use onward::plan::{Job, Migration, Step};
use onward_pg::{Binaries, Cluster, Settings};
use tokio_postgres::Client;

use crate::support::job::FILL;

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

/// A data migration that walks `shop.counted`.
pub(super) fn walk(healthy: &'static [&'static str]) -> Plan {
    let kind = Data::__new(Job::Ranges(FILL), None, 0, false, healthy);
    let step = Step::Transaction(&[]);
    let data = Migration::<kind::Data>::__new(1, "DM001_counted.sql", [1; 32], &[], step, kind);
    let data = vec![data].leak();
    Plan::__new(
        "shop",
        "shop",
        "test/0",
        [1; 32],
        (7, 7),
        &[],
        &[],
        &[],
        data,
    )
}

/// A server of the test's own: what one indicator reads, other tests change.
async fn server(settings: &[(&str, &str)]) -> Answer<Cluster> {
    let mut all = Settings::fast();
    for (name, value) in settings {
        all = all.with(name, value);
    }
    Ok(Cluster::start(&Binaries::find().await?, all).await?)
}

/// `signal: detail` of the only indicator that is on.
pub(super) async fn said(client: &Client, throttles: &Throttles) -> Answer<String> {
    let [Reading { signal, detail, .. }] = &*readings(client, &walk(&[]), None, throttles).await?
    else {
        return Err("not one reading".into());
    };
    Ok(format!("{signal}: {detail}"))
}

/// Waits until the only indicator says something that begins so. The deadline only keeps a broken test from hanging.
async fn says(client: &Client, throttles: &Throttles, wanted: &str) -> Answer<String> {
    let mut last = String::new();
    for _ in 0..60 {
        last = said(client, throttles).await?;
        if last.starts_with(wanted) {
            return Ok(last);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Err(format!("wanted {wanted}, and it says {last}").into())
}

/// The walked table, with so many rows.
async fn counted(client: &Client, rows: u32, options: &str) -> Answer<()> {
    let sql = format!(
        "CREATE SCHEMA shop; CREATE TABLE shop.counted (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0) {options};
         INSERT INTO shop.counted (id) SELECT id FROM generate_series(1, {rows}) AS id"
    );
    client.batch_execute(&sql).await?;
    flush_statistics(client).await
}

/// A session reports what it has changed once a second, and a vacuum in between would be overtaken.
async fn flush_statistics(client: &Client) -> Answer<()> {
    let flush = "SELECT pg_stat_force_next_flush()";
    Ok(client.batch_execute(flush).await?)
}

/// WAL that has nothing to do with the table.
async fn write(client: &Client, kilobytes: u32) -> Answer<()> {
    let sql = format!(
        "SELECT pg_logical_emit_message(false, 'noise', repeat('x', 1024)) FROM generate_series(1, {kilobytes})"
    );
    client.simple_query(&sql).await?;
    Ok(())
}
