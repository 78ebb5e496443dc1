//! An open session of the driver.

use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, Error, Socket};

/// A session, and what the server has said about itself.
///
/// ```
/// fn is_postgresql(opened: &onward_connect::Opened) -> bool {
///     opened.crdb_version.is_none()
/// }
/// ```
pub struct Opened {
    /// The client. The task that drives its connection ends with it.
    pub client: Client,
    /// The version of CockroachDB, when it is one.
    pub crdb_version: Option<String>,
}

/// Logs in, by the driver's own means.
///
/// ```no_run
/// # async fn example() -> Result<(), tokio_postgres::Error> {
/// let config = "postgres://app@localhost/shop".parse()?;
/// let opened = onward_connect::speak(&config, tokio_postgres::NoTls).await?;
/// # Ok(())
/// # }
/// ```
pub async fn speak<T>(config: &Config, tls: T) -> Result<Opened, Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
    T::TlsConnect: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let (client, connection) = config.connect(tls).await?;
    let crdb_version = connection.parameter("crdb_version").map(str::to_owned);
    // What ends the connection comes back as the error of the message in flight.
    tokio::spawn(async move { connection.await.ok() });
    Ok(Opened {
        client,
        crdb_version,
    })
}
