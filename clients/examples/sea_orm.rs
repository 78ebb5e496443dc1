//! A service on SeaORM.
//!
//!     DATABASE_URL=postgres://localhost/app cargo run --manifest-path clients/Cargo.toml --example sea_orm

use std::error::Error;

use onward::{Connector, Plan, Startup};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend, DbErr, Statement};

static AUTH: Plan = onward::embed_migrations!("migrations/auth");

/// Migrates on a connection of Onward's own, from the same URL, and then opens the pool.
async fn start(url: &str) -> Result<DatabaseConnection, Box<dyn Error>> {
    let report = Startup::new(&AUTH).run_with(&Connector::from_url(url)?).await?;
    eprintln!("{report}");
    Ok(Database::connect(url).await?)
}

async fn tenants(database: &DatabaseConnection) -> Result<i64, DbErr> {
    let count = "SELECT count(*) AS tenants FROM auth.tenants";
    let row = database.query_one_raw(Statement::from_string(DbBackend::Postgres, count)).await?;
    row.ok_or_else(|| DbErr::RecordNotFound(count.to_owned()))?.try_get("", "tenants")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let database = start(&std::env::var("DATABASE_URL")?).await?;
    eprintln!("{} tenants", tenants(&database).await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_new_database_has_no_tenants() -> Result<(), Box<dyn Error>> {
        let server = onward_pg::shared().await?.url();
        let database = onward::testing::database_at(server, &[&AUTH]).await?;
        let pool = start(database.url()).await?;
        assert_eq!(tenants(&pool).await?, 0);
        pool.close().await?;
        Ok(())
    }
}
