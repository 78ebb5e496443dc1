//! What a ledger has, line by line. Reads only.

use std::time::Duration;

use tokio_postgres::{Client, SimpleQueryRow};

use crate::messages;
use crate::outcome::error::Error;
use crate::plan::Plan;
use crate::run::look;
use crate::session::ask;
use crate::session::row::{parsed, row, text};

/// One line of a ledger, as it is written.
///
/// ```
/// fn print(all: &[onward::HistoryLine]) {
///     for line in all {
///         println!("#{} {} {} by {}", line.seq, line.event, line.name, line.by);
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistoryLine {
    /// Its number.
    pub seq: i64,
    /// What happened, in the ledger's own word, such as `applied` or `adopted`.
    pub event: String,
    /// The category of the migration.
    pub category: String,
    /// The version of the migration.
    pub version: String,
    /// The file of the migration.
    pub name: String,
    /// Which attempt it was.
    pub attempt: i32,
    /// The role that had logged in.
    pub by: String,
    /// When, in UTC.
    pub at: String,
    /// How long it took, where something ran.
    pub duration: Option<Duration>,
    /// The program that has written the line, with its version; for what an operator has said, such as an adoption, why.
    pub build: String,
    /// The oldest binary that starts after it, where an operator has said so.
    pub compatible_from: Option<String>,
    /// The SHA-256 of the file's text.
    pub checksum: String,
}

impl HistoryLine {
    fn read(row: &SimpleQueryRow) -> Option<Self> {
        let owned = |column: &str| text(row, column).map(str::to_owned);
        Some(Self {
            seq: parsed(row, "seq")?,
            event: owned("event")?,
            category: owned("category")?,
            version: owned("version")?,
            name: owned("name")?,
            attempt: parsed(row, "attempt")?,
            by: owned("who")?,
            at: owned("at")?,
            duration: parsed(row, "ms").map(Duration::from_millis),
            build: owned("build")?,
            compatible_from: owned("compatible_from"),
            checksum: owned("checksum")?,
        })
    }
}

/// Every line of a module's ledger, in order.
///
/// One message for the check that it is a ledger, and one for the lines; no lock, no write, and SELECT on the ledger is
/// all that the role needs.
///
/// # Errors
///
/// [`Error::Connection`], [`Error::Permission`], and [`Error::Server`], also when the ledger does not exist.
///
/// ```no_run
/// # async fn example(auth: &onward::Plan, client: &tokio_postgres::Client) -> Result<(), onward::Error> {
/// let lines = onward::history(client, auth).await?;
/// println!("{} lines", lines.len());
/// # Ok(())
/// # }
/// ```
pub async fn history(client: &Client, plan: &Plan) -> Result<Vec<HistoryLine>, Error> {
    if let Err(error) = look::look(client, plan).await {
        return Err(look::failed(client, plan, error).await);
    }
    match ask(client, &messages::history(plan)).await {
        Ok(answer) => {
            let rows = answer.iter().filter_map(row);
            Ok(rows.filter_map(HistoryLine::read).collect())
        }
        Err(error) => Err(look::failed(client, plan, error).await),
    }
}
