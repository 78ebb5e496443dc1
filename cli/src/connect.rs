//! A connection to the operator's database.

use std::time::Duration;

use clap::Args;
use onward::Connector;
use tokio::time::timeout;
use tokio_postgres::{Client, Config, NoTls};

#[derive(Clone, Debug, Args)]
pub(crate) struct Database {
    /// The database: postgres://user@host/name, or key=value pairs.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub(crate) url: String,
}

/// How long a server may take to answer, unless the URL says.
const PATIENCE: Duration = Duration::from_secs(15);

/// The URL's own text is in none of these: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    #[error("the URL cannot be read: write postgres://user@host:5432/name")]
    Url(#[source] tokio_postgres::Error),
    #[error("cannot connect to the database")]
    Connect(#[source] tokio_postgres::Error),
    #[error(
        "the database does not answer within {0:?}: look at the host and the port; with `connect_timeout=60` \
         in the URL it is waited for longer"
    )]
    Silent(Duration),
}

/// Connections for a run; TLS is not spoken by this version.
pub(crate) fn connector(url: &str) -> Result<Connector, DatabaseError> {
    let config: Config = url.parse().map_err(DatabaseError::Url)?;
    Ok(Connector::new(config, NoTls))
}

/// Connects; TLS is not spoken by this version.
pub(crate) async fn connect(url: &str) -> Result<Client, DatabaseError> {
    let mut config: Config = url.parse().map_err(DatabaseError::Url)?;
    if config.get_application_name().is_none() {
        config.application_name("onward");
    }
    let patience = config.get_connect_timeout().copied().unwrap_or(PATIENCE);
    // The driver's own timeout ends when the socket is open, and not when the server answers on it.
    let (client, connection) = timeout(patience, config.connect(NoTls))
        .await
        .map_err(|_| DatabaseError::Silent(patience))?
        .map_err(DatabaseError::Connect)?;
    // What ends the connection comes back as the error of the request under way.
    tokio::spawn(async move { connection.await.ok() });
    Ok(client)
}
