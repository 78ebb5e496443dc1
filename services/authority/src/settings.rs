//! Settings from the environment.

use std::env;
use std::time::Duration;

use tokio_postgres::Config;
use tracing_subscriber::filter::LevelFilter;

use crate::error::Error;
use crate::migrations::Token;

/// Where the service listens unless `AUTHORITY_LISTEN` names another address.
const LISTEN: &str = "127.0.0.1:8080";

/// Where artifacts are kept unless `AUTHORITY_STORE` has the URL of another store: they are gone when the service stops.
const STORE: &str = "memory:///";

/// The most bytes of one artifact unless `AUTHORITY_MOST_BYTES` has another number: 5 GB.
const MOST_BYTES: u64 = 5 << 30;

/// A server that does not answer must not keep a probe waiting.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) struct Settings {
    /// The database that the service works on.
    pub(crate) database: Config,
    /// The same database for migrations, which need a role that may change the schema.
    pub(crate) migrations: Config,
    /// The address to serve.
    pub(crate) listen: String,
    /// What an operator's requests have to carry; without it there are no such requests.
    pub(crate) token: Option<Token>,
    /// The URL of the object store.
    pub(crate) store: String,
    /// The most bytes of one artifact.
    pub(crate) limit: u64,
}

impl Settings {
    /// Reads `DATABASE_URL`, and `MIGRATE_URL`: the server's own URL, if the first goes through a pooler or
    /// logs in as a role that may not change the schema.
    pub(crate) fn from_env() -> Result<Self, Error> {
        let missing = |_| Error::NoDatabase("DATABASE_URL is not set".into());
        let url = env::var("DATABASE_URL").map_err(missing)?;
        let migrate_url = env::var("MIGRATE_URL");
        Self::of_database(&url, migrate_url.as_deref().unwrap_or(&url))
    }

    pub(crate) fn of_database(url: &str, migrate_url: &str) -> Result<Self, Error> {
        Ok(Self {
            database: config(url)?,
            migrations: config(migrate_url)?,
            listen: env::var("AUTHORITY_LISTEN").unwrap_or_else(|_| LISTEN.to_owned()),
            token: env::var("ONWARD_OPERATOR_TOKEN").ok().and_then(Token::new),
            store: env::var("AUTHORITY_STORE").unwrap_or_else(|_| STORE.to_owned()),
            limit: limit(env::var("AUTHORITY_MOST_BYTES").ok())?,
        })
    }
}

fn limit(text: Option<String>) -> Result<u64, Error> {
    match text {
        None => Ok(MOST_BYTES),
        Some(text) => text.parse().map_err(|_| Error::Limit(text)),
    }
}

fn config(url: &str) -> Result<Config, Error> {
    let mut config: Config = url.parse().map_err(Error::Url)?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    Ok(config)
}

/// `RUST_LOG=info` or another level; warnings unless set.
pub(crate) fn log_level() -> LevelFilter {
    let level = env::var("RUST_LOG")
        .ok()
        .and_then(|level| level.parse().ok());
    level.unwrap_or(LevelFilter::WARN)
}
