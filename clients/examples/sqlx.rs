//! A service on sqlx.
//!
//!     DATABASE_URL=postgres://localhost/app cargo run --manifest-path clients/Cargo.toml --example sqlx

use std::error::Error;

use onward::{Connector, Plan, Startup};
use sqlx::PgPool;

static AUTH: Plan = onward::embed_migrations!("migrations/auth");

/// Migrates on a connection of Onward's own, from the same URL, and then opens the pool.
async fn start(url: &str) -> Result<PgPool, Box<dyn Error>> {
    let report = Startup::new(&AUTH).run_with(&Connector::from_url(url)?).await?;
    eprintln!("{report}");
    Ok(PgPool::connect(url).await?)
}

async fn tenants(pool: &PgPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT count(*) FROM auth.tenants").fetch_one(pool).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let pool = start(&std::env::var("DATABASE_URL")?).await?;
    eprintln!("{} tenants", tenants(&pool).await?);
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
        pool.close().await;
        Ok(())
    }
}
