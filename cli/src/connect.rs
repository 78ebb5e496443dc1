//! The database that an operator names, and connections to it.

use std::time::Duration;

use clap::Args;
use onward::Connector;
use tokio::time::timeout;
use tokio_postgres::{Client, Config, NoTls};

#[derive(Clone, Debug, Args)]
pub(crate) struct Database {
    /// Database to connect to: postgres://user@host:5432/name, or key=value pairs. Waits 15 s for an
    /// answer, or as many seconds as `connect_timeout` in it. TLS is not supported yet.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub(crate) url: String,
}

/// How long a server may take to answer, unless the URL has a `connect_timeout`.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// Why there is no connection. None of these texts holds the URL, which may have a password in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    #[error("the URL cannot be read: write it as postgres://user@host:5432/name")]
    Url(#[source] tokio_postgres::Error),
    #[error("cannot connect to the database: check the host, the port and the role in its URL")]
    Connect(#[source] tokio_postgres::Error),
    #[error(
        "the database does not answer within {0:?}: check the host and the port in its URL, or wait longer \
         with `connect_timeout=60` (seconds) there"
    )]
    Silent(Duration),
}

/// For a run, which opens its own connections; without TLS.
pub(crate) fn connector(url: &str) -> Result<Connector, DatabaseError> {
    let config: Config = url.parse().map_err(DatabaseError::Url)?;
    Ok(Connector::new(config, NoTls))
}

/// Opens one connection, without TLS.
pub(crate) async fn connect(url: &str) -> Result<Client, DatabaseError> {
    let mut config: Config = url.parse().map_err(DatabaseError::Url)?;
    if config.get_application_name().is_none() {
        config.application_name("onward");
    }
    let limit = config
        .get_connect_timeout()
        .copied()
        .unwrap_or(ANSWER_TIMEOUT);
    // The driver's own timeout covers opening the socket, and not the server's answer on it.
    let (client, connection) = timeout(limit, config.connect(NoTls))
        .await
        .map_err(|_| DatabaseError::Silent(limit))?
        .map_err(DatabaseError::Connect)?;
    // A lost connection is reported by the request in flight.
    tokio::spawn(async move { connection.await.ok() });
    Ok(client)
}
