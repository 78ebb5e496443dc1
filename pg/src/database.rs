use crate::error::NoServer;
use crate::unique::unique_name;
use std::thread;
use std::time::Duration;
use tokio_postgres::{Client, Config, NoTls};

/// A fresh database with a name of its own, dropped again when this value is dropped.
///
/// Encoding UTF8 and locale C on every server, so that texts sort the same everywhere.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let server = onward_pg::shared().await?;
/// let database = server.database().await?;
/// let client = database.connect().await?;
/// client.batch_execute("CREATE TABLE t (id bigint)").await?;
/// database.close().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Database {
    admin_url: String,
    name: String,
    url: String,
    open: bool,
}

/// A database could not be created, reached or dropped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// No server was found.
    #[error(transparent)]
    NoServer(#[from] NoServer),
    /// The server refused the connection.
    #[error("cannot connect to the server")]
    Connect(#[source] tokio_postgres::Error),
    /// `CREATE DATABASE` failed.
    #[error("cannot create the database {name}")]
    Create {
        /// Its name.
        name: String,
        /// Why.
        source: tokio_postgres::Error,
    },
    /// `DROP DATABASE` failed.
    #[error("cannot drop the database {name}")]
    Drop {
        /// Its name.
        name: String,
        /// Why.
        source: tokio_postgres::Error,
    },
}

impl Database {
    /// Creates a database on the server that `admin_url` names; any database there will do.
    pub async fn create(admin_url: &str) -> Result<Database, DatabaseError> {
        let name = unique_name();
        let client = connect(admin_url).await?;
        // template0 can have any encoding and locale, and no session is ever connected to it: one
        // would make CREATE DATABASE fail. The name needs no quotes.
        let create = format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' \
             LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
        );
        if let Err(source) = client.batch_execute(&create).await {
            return Err(DatabaseError::Create { name, source });
        }
        Ok(Database {
            admin_url: admin_url.to_owned(),
            url: with_database(admin_url, &name),
            name,
            open: true,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection to it.
    pub async fn connect(&self) -> Result<Client, DatabaseError> {
        connect(&self.url).await
    }

    /// Drops the database and ends its open sessions, and returns an error if that failed.
    pub async fn close(mut self) -> Result<(), DatabaseError> {
        self.open = false;
        drop_database(&self.admin_url, &self.name).await
    }
}

/// Waits until the database is gone, but for no longer than a few seconds.
impl Drop for Database {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        let (url, name) = (self.admin_url.clone(), self.name.clone());
        // A runtime in a thread of its own works inside any runtime, and outside of one.
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            if let Ok(runtime) = runtime {
                let patience = Duration::from_secs(5);
                let dropping = drop_database(&url, &name);
                // A server that a test has killed has no database left to drop.
                let _ = runtime.block_on(async { tokio::time::timeout(patience, dropping).await });
            }
        });
        let _ = dropping.join();
    }
}

async fn drop_database(admin_url: &str, name: &str) -> Result<(), DatabaseError> {
    let client = connect(admin_url).await?;
    let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    let name = name.to_owned();
    client
        .batch_execute(&drop)
        .await
        .map_err(|source| DatabaseError::Drop { name, source })
}

/// Connects, and leaves the connection to a task that ends with the client.
pub async fn connect(url: &str) -> Result<Client, DatabaseError> {
    let mut config: Config = url.parse().map_err(DatabaseError::Connect)?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(10));
    }
    let (client, connection) = config
        .connect(NoTls)
        .await
        .map_err(DatabaseError::Connect)?;
    // An error that ends the connection also fails the client's next query, with a better message.
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}

/// The same server and settings, another database.
fn with_database(url: &str, name: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        // `host=... dbname=...`: the last word counts.
        return format!("{url} dbname={name}");
    };
    let (address, query) = match rest.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (rest, String::new()),
    };
    let authority = address.split('/').next().unwrap_or_default();
    format!("{scheme}://{authority}/{name}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_keep_everything_but_the_database() {
        for (url, expected) in [
            ("postgres://u:p@h:5/old", "postgres://u:p@h:5/x"),
            ("postgresql://h", "postgresql://h/x"),
            (
                "postgres://h/?connect_timeout=3",
                "postgres://h/x?connect_timeout=3",
            ),
            ("postgres:///old?host=/tmp", "postgres:///x?host=/tmp"),
            ("host=h dbname=old", "host=h dbname=old dbname=x"),
        ] {
            let url = with_database(url, "x");
            assert_eq!(url, expected);
            let config = url.parse::<Config>();
            assert_eq!(config.ok().as_ref().and_then(Config::get_dbname), Some("x"));
        }
    }
}
