//! The server: free connections, replication, long transactions.

use serde::Serialize;
use tokio_postgres::Client;

use super::rows;

/// A server at one moment. Keys are only ever added.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Server {
    pub(crate) version: String,
    pub(crate) standby: bool,
    /// The connections that roles without special rights can have, and those that are used.
    pub(crate) connections: i64,
    pub(crate) used: i64,
    /// Whether the role sees the transactions of other roles.
    pub(crate) sees_all: bool,
    pub(crate) hindrances: Vec<Hindrance>,
}

/// A replica, an inactive slot, or a transaction that is open for long.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Hindrance {
    pub(crate) kind: String,
    pub(crate) name: String,
    /// How much of the log it is behind, or holds back.
    pub(crate) bytes: Option<i64>,
    pub(crate) ms: Option<i64>,
}

impl Server {
    pub(crate) async fn look(client: &Client) -> Result<Self, tokio_postgres::Error> {
        let hindrances = rows(client, include_str!("hindrances.sql"), &[]).await?;
        let hindrances = hindrances.iter().map(|row| Hindrance {
            kind: row.get("kind"),
            name: row.get("name"),
            bytes: row.get("bytes"),
            ms: row.get("ms"),
        });
        let server = rows(client, include_str!("server.sql"), &[]).await?;
        let server = server.first();
        Ok(Self {
            version: server.map(|row| row.get("version")).unwrap_or_default(),
            standby: server.is_some_and(|row| row.get("standby")),
            connections: server.map(|row| row.get("connections")).unwrap_or_default(),
            used: server.map(|row| row.get("used")).unwrap_or_default(),
            sees_all: server.is_some_and(|row| row.get("sees_all")),
            hindrances: hindrances.collect(),
        })
    }
}
