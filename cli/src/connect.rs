//! The database that an operator names, and connections to it.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use clap::Args;
use onward::Connector;
use tokio::time::timeout;
use tokio_postgres::config::Host;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls};

#[derive(Clone, Debug, Args)]
pub(crate) struct Database {
    /// Database to connect to: postgres://user@host:5432/name, or key=value pairs. Waits 15 s for an
    /// answer, or as many seconds as `connect_timeout` in it. TLS is not supported yet.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub(crate) url: String,
}

/// Where a run works, and as which role.
#[derive(Clone, Debug, Args)]
pub(crate) struct Server {
    #[command(flatten)]
    database: Database,
    /// URL of the server itself, for when `--url` leads to a connection pooler such as PgBouncer; used
    /// instead of `--url`.
    #[arg(
        long,
        value_name = "URL",
        env = "ONWARD_DIRECT_URL",
        hide_env_values = true
    )]
    direct_url: Option<String>,
    /// Role that owns the module's objects; each transaction switches to it with SET LOCAL ROLE.
    /// Default: the role that logs in.
    #[arg(long)]
    pub(crate) role: Option<onward::Role>,
}

impl Server {
    pub(crate) fn url(&self) -> &str {
        self.direct_url.as_ref().unwrap_or(&self.database.url)
    }

    pub(crate) fn target(&self) -> Result<Target, DatabaseError> {
        Target::of(self.url(), self.role.as_ref())
    }
}

/// What a URL leads to, without its password.
pub(crate) struct Target {
    config: Config,
    works_as: Option<String>,
}

impl Target {
    pub(crate) fn of(url: &str, role: Option<&onward::Role>) -> Result<Self, DatabaseError> {
        Ok(Self {
            config: config(url)?,
            works_as: role.map(|role| role.as_str().to_owned()),
        })
    }

    /// As the driver pairs them: one port counts for all hosts.
    fn servers(&self) -> String {
        let ports = self.config.get_ports();
        let hosts = self.config.get_hosts().iter().enumerate();
        let servers: Vec<_> = hosts
            .map(|(n, host)| {
                let port = ports.get(n).or(ports.first()).copied().unwrap_or(5432);
                match host {
                    Host::Tcp(name) if name.contains(':') => format!("[{name}]:{port}"),
                    Host::Tcp(name) => format!("{name}:{port}"),
                    #[cfg(unix)]
                    Host::Unix(folder) => format!("socket {}, port {port}", folder.display()),
                }
            })
            .collect();
        match servers.is_empty() {
            true => "no host".to_owned(),
            false => servers.join(" or "),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const OF_THE_SYSTEM: &str = "named like the user of the operating system";
        let role = self.config.get_user();
        write!(f, "on {}, ", self.servers())?;
        match (self.config.get_dbname(), role) {
            (Some(name), _) => write!(f, "database {name}")?,
            (None, Some(role)) => write!(
                f,
                "database {role} (the URL names none, so it is the one named like the role)"
            )?,
            (None, None) => write!(f, "database {OF_THE_SYSTEM} (the URL names none)")?,
        }
        write!(f, ", role {}", role.unwrap_or(OF_THE_SYSTEM))?;
        match &self.works_as {
            Some(owner) => write!(f, ", works as {owner}"),
            None => Ok(()),
        }
    }
}

/// How long a server may take to answer, unless the URL has a `connect_timeout`.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// Why there is no connection. None of these texts holds the URL, which may have a password in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    #[error("the URL cannot be read: write it as postgres://user@host:5432/name")]
    Url(#[source] Reason),
    #[error("the URL is empty: write it as postgres://user@host:5432/name")]
    Empty,
    #[error("the URL names no host: write it as postgres://user@host:5432/name")]
    NoHost,
    #[error("the URL cannot be read: in a password, write `@` as %40")]
    AtInPassword,
    #[error("cannot connect to the database {target}: {advice}")]
    Connect {
        target: String,
        advice: &'static str,
        #[source]
        reason: Reason,
    },
    #[error(
        "the database does not answer within {0:?}: check the host and the port in its URL, or wait longer \
         with `connect_timeout=60` (seconds) there"
    )]
    Silent(Duration),
}

/// The innermost cause of an error of the driver: the ones around it only say that there is one.
#[derive(Debug)]
pub(crate) struct Reason(tokio_postgres::Error);

impl Error for Reason {}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut innermost: &dyn Error = &self.0;
        while let Some(cause) = innermost.source() {
            innermost = cause;
        }
        write!(f, "{innermost}")
    }
}

/// What to do when the driver gives up.
fn advice(error: &tokio_postgres::Error) -> &'static str {
    match error.code() {
        Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
            "check the role and its password"
        }
        Some(&SqlState::INVALID_CATALOG_NAME) => "create the database, or correct its name",
        Some(_) | None => "check the host, the port and the role in its URL",
    }
}

/// What a URL says, if it can lead anywhere.
fn config(url: &str) -> Result<Config, DatabaseError> {
    if url.trim().is_empty() {
        return Err(DatabaseError::Empty);
    }
    let parsed = url.parse::<Config>();
    let config = parsed.map_err(|error| DatabaseError::Url(Reason(error)))?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(DatabaseError::NoHost);
    }
    // Everything behind the first `@` is a host to the driver, and part of the password may be in it.
    let is_torn = |host: &Host| matches!(host, Host::Tcp(name) if name.contains('@'));
    match config.get_hosts().iter().any(is_torn) {
        true => Err(DatabaseError::AtInPassword),
        false => Ok(config),
    }
}

/// For a run, which opens its own connections; without TLS.
pub(crate) fn connector(url: &str) -> Result<Connector, DatabaseError> {
    Ok(Connector::new(config(url)?, NoTls))
}

/// Opens one connection, without TLS.
///
/// The caller prints its [`Target`] before: an operator has to see where a command works, and where a failed one
/// tried to.
pub(crate) async fn connect(url: &str) -> Result<Client, DatabaseError> {
    let mut config = config(url)?;
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
        .map_err(|error| DatabaseError::Connect {
            target: Target::of(url, None)
                .map_or_else(|_| String::new(), |target| target.to_string()),
            advice: advice(&error),
            reason: Reason(error),
        })?;
    // A lost connection is reported by the request in flight.
    tokio::spawn(async move { connection.await.ok() });
    Ok(client)
}
