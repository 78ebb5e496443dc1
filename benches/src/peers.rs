//! The peers, each started at run time as its own documentation shows.

use std::time::Instant;

use diesel::Connection as _;
use diesel_migrations::{FileBasedMigrations, MigrationHarness as _};
use onward_pg::connect;
use sqlx::Connection as _;

use crate::Answer;
use crate::history::History;

pub(crate) async fn sqlx(url: &str, history: &History, ready: impl FnOnce()) -> Answer<Instant> {
    let migrator = sqlx::migrate::Migrator::new(history.folder("sqlx")).await?;
    let mut connection = sqlx::PgConnection::connect(url).await?;
    ready();
    let began = Instant::now();
    migrator.run(&mut connection).await?;
    Ok(began)
}

pub(crate) async fn refinery(
    url: &str,
    history: &History,
    ready: impl FnOnce(),
) -> Answer<Instant> {
    let migrations = refinery::load_sql_migrations(history.folder("refinery"))?;
    let runner = refinery::Runner::new(&migrations);
    let mut client = connect(url).await?;
    ready();
    let began = Instant::now();
    runner.run_async(&mut client).await?;
    Ok(began)
}

pub(crate) async fn diesel(
    url: &str,
    history: &History,
    ready: impl FnOnce() + Send + 'static,
) -> Answer<Instant> {
    let (url, folder) = (url.to_owned(), history.folder("diesel"));
    tokio::task::spawn_blocking(move || {
        let migrations = FileBasedMigrations::from_path(folder)?;
        let mut connection = diesel::PgConnection::establish(&url)?;
        ready();
        let began = Instant::now();
        connection.run_pending_migrations(migrations)?;
        Ok(began)
    })
    .await?
}
