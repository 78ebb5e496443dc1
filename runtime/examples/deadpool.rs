//! A service whose connections come from deadpool-postgres.
//!
//!     DATABASE_URL=postgres://localhost/app cargo run -p onward --example deadpool
//!
//! A run borrows one connection of the pool and gives it back as it was, so the pool may go through
//! PgBouncer. What cannot run in a transaction at all, and runs that should survive the end of their
//! connection, get a connector with the server's own URL: `MIGRATE_URL`.

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use onward::{Chain, Connector, Plan, Report, Startup};
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
    let recycling_method = RecyclingMethod::Fast;
    let manager = Manager::from_config(url.parse()?, NoTls, ManagerConfig { recycling_method });
    let pool = Pool::builder(manager).max_size(4).build()?;
    match std::env::var("MIGRATE_URL") {
        Ok(direct) => {
            let connector = Connector::new(direct.parse()?, NoTls);
            Ok(Startup::new(&AUTH).run_with(&connector).await?)
        }
        Err(_) => migrate(&pool).await,
    }
}

async fn migrate(pool: &Pool) -> Result<Report, Box<dyn Error>> {
    let mut connection = pool.get().await?;
    Ok(Startup::new(&AUTH).run(&mut connection).await?)
}
