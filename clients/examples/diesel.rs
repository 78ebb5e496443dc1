//! A service on diesel-async, which speaks through the same driver as Onward.
//!
//!     DATABASE_URL=postgres://localhost/app cargo run --manifest-path clients/Cargo.toml --example diesel

use std::error::Error;

use diesel::{QueryDsl as _, QueryResult};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};
use onward::{Connector, Plan, Startup};

static AUTH: Plan = onward::embed_migrations!("migrations/auth");

diesel::table! {
    auth.tenants (id) {
        id -> diesel::sql_types::Uuid,
    }
}

/// Migrates on a connection of Onward's own, from the same URL, and then opens one of diesel's.
async fn start(url: &str) -> Result<AsyncPgConnection, Box<dyn Error>> {
    let report = Startup::new(&AUTH).run_with(&Connector::from_url(url)?).await?;
    eprintln!("{report}");
    Ok(AsyncPgConnection::establish(url).await?)
}

async fn count(connection: &mut AsyncPgConnection) -> QueryResult<i64> {
    tenants::table.count().get_result(connection).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut connection = start(&std::env::var("DATABASE_URL")?).await?;
    eprintln!("{} tenants", count(&mut connection).await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_new_database_has_no_tenants() -> Result<(), Box<dyn Error>> {
        let server = onward_pg::shared().await?.url();
        let database = onward::testing::database_at(server, &[&AUTH]).await?;
        let mut connection = start(database.url()).await?;
        assert_eq!(count(&mut connection).await?, 0);
        Ok(())
    }
}
