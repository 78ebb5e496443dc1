//! One attempt: in a transaction that is always rolled back.

use std::fmt;

use tokio_postgres::{Client, SimpleQueryMessage};

use crate::session::connector::Connector;
use crate::session::role::Role;
use crate::session::row::row;
use crate::session::server_error::ServerMessage;
use crate::sql::{Fragment, fill};
use crate::tenant::error::Error;
use crate::tenant::setting::Setting;

/// A connection that may take policies away, and which role and setting attempts are made with.
pub(super) struct Bench<'c> {
    pub(super) client: &'c Client,
    /// For another connection of the same kind.
    pub(super) admin: &'c Connector,
    pub(super) application: &'c Role,
    pub(super) setting: &'c Setting,
    /// What every attempt begins with, see [`Bench::kept_sequences`].
    pub(super) prelude: &'c str,
}

/// What a statement ended with.
#[derive(Clone, Debug)]
pub(super) enum Ended {
    Done {
        /// The rows that its last statement returned or changed.
        rows: u64,
        /// The first column of the last row.
        value: Option<String>,
    },
    Refused {
        said: ServerMessage,
        /// The constraint or index that is violated.
        constraint: Option<String>,
    },
}

impl Ended {
    pub(super) fn value(&self) -> Option<&str> {
        match self {
            Self::Done { value, .. } => value.as_deref(),
            Self::Refused { .. } => None,
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done { rows: 1, .. } => f.write_str("1 row"),
            Self::Done { rows, .. } => write!(f, "{rows} rows"),
            Self::Refused { said, .. } => write!(f, "{} ({})", said.message(), said.sqlstate()),
        }
    }
}

impl Bench<'_> {
    /// Sends the statements in one transaction, and rolls it back.
    pub(super) async fn attempt(&self, statements: &str) -> Result<Ended, Error> {
        let begin = "BEGIN; SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '60s';
            SET LOCAL plan_cache_mode = auto; SET LOCAL client_min_messages = error;\n";
        let message = [begin, self.prelude, statements].concat();
        let ended = match self.client.simple_query(&message).await {
            Ok(answer) => Ended::Done {
                rows: answer.iter().filter_map(completed).last().unwrap_or(0),
                value: answer
                    .iter()
                    .filter_map(row)
                    .last()
                    .and_then(|row| row.try_get(0).ok().flatten())
                    .map(str::to_owned),
            },
            Err(error) => {
                let Some(said) = error.as_db_error() else {
                    return Err(Error::Connection(error));
                };
                Ended::Refused {
                    said: ServerMessage::of(said),
                    constraint: said.constraint().map(str::to_owned),
                }
            }
        };
        self.client
            .batch_execute("ROLLBACK; DEALLOCATE ALL")
            .await
            .map_err(Error::Connection)?;
        Ok(ended)
    }

    /// A number that a sequence has given stays given when the transaction is rolled back. RESTART gives the sequence new
    /// storage, whose numbers go with it.
    pub(super) async fn kept_sequences(&self) -> Result<String, Error> {
        let question =
            "SELECT pg_catalog.format('ALTER SEQUENCE %s RESTART;', oid::pg_catalog.regclass)
            FROM pg_catalog.pg_class WHERE relkind = 'S' AND relpersistence <> 't'";
        let rows = self.ask(question).await?;
        let statements = rows.into_iter().flatten().flatten();
        Ok(statements.map(|one| one + "\n").collect())
    }

    /// The rows of a question, as texts.
    pub(super) async fn ask(&self, question: &str) -> Result<Vec<Vec<Option<String>>>, Error> {
        let answer = self.client.simple_query(question).await;
        let answer = answer.map_err(Error::Connection)?;
        let rows = answer.iter().filter_map(row);
        let texts = |row: &tokio_postgres::SimpleQueryRow| {
            (0..row.len())
                .map(|n| row.try_get(n).ok().flatten().map(str::to_owned))
                .collect()
        };
        Ok(rows.map(texts).collect())
    }

    /// The statements that make the session the application's, working for that tenant.
    pub(super) fn as_application(&self, tenant: &str) -> String {
        fill(
            "SET LOCAL ROLE {{role}}; SELECT pg_catalog.set_config({{setting}}, {{tenant}}, true);\n",
            &[
                ("role", Fragment::Identifier(self.application.as_str())),
                ("setting", Fragment::Text(self.setting.as_str())),
                ("tenant", Fragment::Text(tenant)),
            ],
        )
    }
}

fn completed(message: &SimpleQueryMessage) -> Option<u64> {
    match message {
        SimpleQueryMessage::CommandComplete(rows) => Some(*rows),
        _ => None,
    }
}
