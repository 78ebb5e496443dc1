//! The peers, each started at run time as its own documentation shows.

use std::sync::Mutex;
use std::time::Instant;

use diesel::Connection as _;
use diesel_migrations::{FileBasedMigrations, MigrationHarness as _};
use onward_pg::connect;
use sea_orm_migration::sea_orm::{ConnectOptions, ConnectionTrait as _, Database};
use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, MigratorTrait, SchemaManager, async_trait,
};
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

/// sea-orm-migration's are compiled in: it asks a type for them, and not a value.
static STEPS: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

struct Steps;

struct Step {
    name: String,
    sql: String,
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        &self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared(&self.sql).await.map(drop)
    }
}

impl MigratorTrait for Steps {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let steps = STEPS.lock().unwrap_or_else(|steps| steps.into_inner());
        let steps = steps.iter().cloned();
        steps
            .map(|(name, sql)| Box::new(Step { name, sql }) as Box<dyn MigrationTrait>)
            .collect()
    }
}

pub(crate) async fn sea_orm(url: &str, history: &History, ready: impl FnOnce()) -> Answer<Instant> {
    let files = history.files().iter();
    let steps = files
        .enumerate()
        .map(|(n, file)| (format!("m{n:05}_it"), file.sql.clone()));
    *STEPS.lock().unwrap_or_else(|steps| steps.into_inner()) = steps.collect();
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let database = Database::connect(options).await?;
    ready();
    let began = Instant::now();
    Steps::up(&database, None).await?;
    Ok(began)
}
