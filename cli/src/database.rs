//! A connection to the operator's database.

use onward::Connector;
use tokio_postgres::{Client, Config, NoTls};

/// The URL's own text is in none of these: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    #[error("the URL cannot be read: write postgres://user@host:5432/name")]
    Url(#[source] tokio_postgres::Error),
    #[error("cannot connect to the database")]
    Connect(#[source] tokio_postgres::Error),
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
    let (client, connection) = config
        .connect(NoTls)
        .await
        .map_err(DatabaseError::Connect)?;
    // What ends the connection comes back as the error of the request under way.
    tokio::spawn(async move { connection.await.ok() });
    Ok(client)
}
