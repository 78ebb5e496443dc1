//! Databases that a command creates, uses and drops.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// One of them. It is there until it is dropped.
pub(crate) struct Scratch {
    pub(crate) name: String,
}

/// Why it does not exist, or why it still does.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotCreated {
    #[error(
        "the database cannot be copied while other sessions use it: {0}. End them, or restore a copy elsewhere and name \
         it with `--on`"
    )]
    InUse(String),
    #[error(
        "the role may not create databases: ALTER ROLE {0} CREATEDB, or restore a copy and name it with `--on`"
    )]
    MayNot(String),
    #[error("the server did not create the database")]
    Server(#[source] tokio_postgres::Error),
    #[error("the database {name} is still there: DROP DATABASE \"{name}\" WITH (FORCE)")]
    NotDropped {
        name: String,
        #[source]
        source: tokio_postgres::Error,
    },
}

const NAME: &str = "SELECT format('onward_scratch_%s_%s', pg_backend_pid(), (extract(epoch FROM clock_timestamp()) * 1000000)::int8)";
/// The server quotes the names.
const COPY: &str = "SELECT format('CREATE DATABASE %I TEMPLATE %I', $1::text, current_database())";
const EMPTY: &str = "SELECT format('CREATE DATABASE %I TEMPLATE template0', $1::text)";
const DROP: &str = "SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', $1::text)";
const OTHERS: &str = "SELECT format('pid %s `%s`', pid, application_name) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY pid LIMIT 5";

impl Scratch {
    /// With all that is in the database of the connection.
    pub(crate) async fn copy(client: &Client) -> Result<Self, NotCreated> {
        Self::create(client, COPY).await
    }

    pub(crate) async fn empty(client: &Client) -> Result<Self, NotCreated> {
        Self::create(client, EMPTY).await
    }

    async fn create(client: &Client, statement: &str) -> Result<Self, NotCreated> {
        let name: String = one(client, NAME, &[]).await.map_err(NotCreated::Server)?;
        let create = one(client, statement, &[&name]).await;
        let create = create.map_err(NotCreated::Server)?;
        match client.batch_execute(&create).await {
            Ok(()) => Ok(Self { name }),
            Err(error) => Err(why(client, error).await),
        }
    }

    pub(crate) async fn drop(self, client: &Client) -> Result<(), NotCreated> {
        let dropped = async {
            let drop = one(client, DROP, &[&self.name]).await?;
            client.batch_execute(&drop).await
        };
        dropped.await.map_err(|source| NotCreated::NotDropped {
            name: self.name.clone(),
            source,
        })
    }
}

async fn one(
    client: &Client,
    query: &str,
    values: &[&(dyn tokio_postgres::types::ToSql + Sync)],
) -> Result<String, tokio_postgres::Error> {
    client.query_one(query, values).await?.try_get(0)
}

async fn why(client: &Client, error: tokio_postgres::Error) -> NotCreated {
    match error.code() {
        Some(code) if *code == SqlState::OBJECT_IN_USE => {
            let others = client.query(OTHERS, &[]).await.unwrap_or_default();
            let others: Vec<String> = others
                .iter()
                .filter_map(|row| row.try_get(0).ok())
                .collect();
            NotCreated::InUse(others.join(", "))
        }
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
            let role = one(client, "SELECT quote_ident(current_user)", &[]).await;
            NotCreated::MayNot(role.unwrap_or_default())
        }
        Some(_) | None => NotCreated::Server(error),
    }
}
