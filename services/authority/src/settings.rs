//! Which database the service works on.

use std::{env, fmt};

use onward::Connector;
use onward_pg::{Database, Server};
use tokio_postgres::NoTls;
use tracing_subscriber::filter::LevelFilter;

use crate::error::Error;

/// The service's database.
pub(crate) enum Postgres {
    /// `DATABASE_URL`: somebody's data.
    Given(String),
    /// A database that nobody else uses, dropped together with this value: first it, then its server.
    Throwaway { database: Database, server: Server },
}

impl Postgres {
    pub(crate) async fn find() -> Result<Self, Error> {
        if let (Ok(url), Err(_)) = (env::var("DATABASE_URL"), env::var("ONWARD_PG")) {
            return Ok(Self::Given(url));
        }
        let server = Server::find().await?;
        let database = server.database().await?;
        Ok(Self::Throwaway { database, server })
    }

    pub(crate) fn url(&self) -> &str {
        match self {
            Self::Given(url) => url,
            Self::Throwaway { database, .. } => database.url(),
        }
    }

    pub(crate) const fn is_throwaway(&self) -> bool {
        match self {
            Self::Given(_) => false,
            Self::Throwaway { .. } => true,
        }
    }

    /// Connections for migrations: the server's own, `MIGRATE_URL`, where `DATABASE_URL` goes through a
    /// pooler or logs in as a role that may not change the schema.
    pub(crate) fn migrator(&self) -> Result<Connector, Error> {
        let migrate = env::var("MIGRATE_URL")
            .ok()
            .filter(|_| !self.is_throwaway());
        let url = migrate.as_deref().unwrap_or_else(|| self.url());
        Ok(Connector::new(url.parse().map_err(Error::Url)?, NoTls))
    }
}

impl fmt::Display for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("database\n  the one that DATABASE_URL names"),
            Self::Throwaway { database, server } => write!(
                f,
                "database\n  {server}\n  a fresh one, `{}`, dropped when the service stops",
                database.name()
            ),
        }
    }
}

/// `RUST_LOG=info` or another level; warnings unless set.
pub(crate) fn log_level() -> LevelFilter {
    let level = env::var("RUST_LOG")
        .ok()
        .and_then(|level| level.parse().ok());
    level.unwrap_or(LevelFilter::WARN)
}
