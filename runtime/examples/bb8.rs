//! A service whose connections come from bb8.
//!
//!     DATABASE_URL=postgres://localhost/app cargo run -p onward --example bb8
//!
//! A run borrows one connection of the pool and gives it back as it was. What the deadpool example says of poolers and
//! `MIGRATE_URL` is the same here.

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use bb8_postgres::PostgresConnectionManager;
use bb8_postgres::bb8::Pool;
use onward::{Chain, Plan, Report, Startup};
use tokio_postgres::NoTls;

static AUTH: Plan = onward::embed_migrations!("migrations/auth");

#[tokio::main]
async fn main() -> io::Result<ExitCode> {
    match start().await {
        Ok(report) => writeln!(io::stdout(), "{report}").map(|()| ExitCode::SUCCESS),
        // And why, in the server's words.
        Err(error) => writeln!(io::stderr(), "{}", Chain(&*error)).map(|()| ExitCode::FAILURE),
    }
}

async fn start() -> Result<Report, Box<dyn Error>> {
    let url = std::env::var("DATABASE_URL")?;
    let manager = PostgresConnectionManager::new_from_stringlike(&url, NoTls)?;
    let pool = Pool::builder().max_size(4).build(manager).await?;
    migrate(&pool).await
}

async fn migrate(pool: &Pool<PostgresConnectionManager<NoTls>>) -> Result<Report, Box<dyn Error>> {
    let mut connection = pool.get().await?;
    Ok(Startup::new(&AUTH).run(&mut connection).await?)
}
