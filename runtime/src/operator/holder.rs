//! Which sessions hold a module's locks.

use std::fmt;
use std::time::Duration;

use tokio_postgres::{Client, SimpleQueryRow};

use crate::messages;
use crate::outcome::error::Error;
use crate::plan::Plan;
use crate::run::look;
use crate::session::row::{parsed, row, text};
use crate::session::{SendError, ask};

/// A session that holds a lock of a module.
///
/// ```
/// fn end(holder: &onward::operator::Holder) -> String {
///     format!("SELECT pg_terminate_backend({})", holder.pid)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder {
    /// The server process.
    pub pid: i32,
    /// Which lock: `migrations`, `data migrations`, or `hashtext` for one that is not a run's.
    pub lock: String,
    /// The name that the session has given itself.
    pub application_name: String,
    /// Its role.
    pub role: Option<String>,
    /// Where it comes from; `None` on a socket, and where ours may not see it.
    pub client: Option<String>,
    /// Since when it is connected: RFC 3339, UTC.
    pub since: Option<String>,
    /// In the server's words: `active`, `idle in transaction`.
    pub state: Option<String>,
    /// For how long it has been in that state.
    pub state_age: Option<Duration>,
    /// The first line of what it runs, or ran last.
    pub statement: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {}", self.pid)?;
        if !self.application_name.is_empty() {
            write!(f, " `{}`", self.application_name)?;
        }
        let state = self.state.as_ref().map(|state| match self.state_age {
            Some(age) => format!("{state} for {age:.1?}"),
            None => state.clone(),
        });
        let known = [
            self.role.as_ref().map(|role| format!("role {role}")),
            self.client.as_ref().map(|client| format!("from {client}")),
            self.since.as_ref().map(|since| format!("since {since}")),
            state,
        ];
        let known: Vec<_> = known.into_iter().flatten().collect();
        if !known.is_empty() {
            write!(f, " ({})", known.join(", "))?;
        }
        write!(f, " holds the lock for {}", self.lock)?;
        match &self.statement {
            Some(statement) => write!(f, "\n    {statement}"),
            None => Ok(()),
        }
    }
}

/// The sessions that hold a lock of the module, in the order of their processes. Reads only, and needs no ledger.
///
/// # Errors
///
/// [`Error::Connection`], [`Error::Permission`] and [`Error::Server`].
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &tokio_postgres::Client) -> Result<(), onward::Error> {
/// for holder in onward::operator::holders(client, plan).await? {
///     println!("{holder}");
/// }
/// # Ok(())
/// # }
/// ```
pub async fn holders(client: &Client, plan: &Plan) -> Result<Vec<Holder>, Error> {
    match ask(client, &messages::holders(plan)).await {
        Ok(answer) => Ok(answer.iter().filter_map(row).filter_map(holder).collect()),
        Err(error) => Err(look::failed(client, plan, error).await),
    }
}

fn holder(row: &SimpleQueryRow) -> Option<Holder> {
    let given = |column| parsed::<String>(row, column).filter(|text| !text.is_empty());
    let first_line = |text: String| text.lines().next().map(str::to_owned);
    Some(Holder {
        pid: parsed(row, "pid")?,
        lock: text(row, "lock")?.to_owned(),
        application_name: given("application").unwrap_or_default(),
        role: given("role"),
        client: given("client"),
        since: given("since"),
        state: given("state"),
        state_age: parsed(row, "state_ms").map(Duration::from_millis),
        statement: given("statement").and_then(first_line),
    })
}

/// Ends a session, if it holds a lock of the module at this moment; false if it does not. What it runs is rolled back.
///
/// # Errors
///
/// [`Error::NoEffect`] unless our role is a member of the session's role or of `pg_signal_backend`;
/// [`Error::Connection`] and [`Error::Server`].
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &tokio_postgres::Client) -> Result<(), onward::Error> {
/// let is_ended = onward::operator::end(client, plan, 4711).await?;
/// # Ok(())
/// # }
/// ```
pub async fn end(client: &Client, plan: &Plan, pid: i32) -> Result<bool, Error> {
    match ask(client, &messages::end_holder(plan, pid)).await {
        Ok(answer) => Ok(answer
            .iter()
            .filter_map(row)
            .any(|row| text(row, "ended") == Some("t"))),
        Err(SendError::Refused(refused)) if refused.said.sqlstate() == "42501" => {
            Err(Error::NoEffect {
                schema: plan.schema(),
                why: format!(
                    "this role may not end pid {pid}: log in as the session's own role, or as a member of \
                     pg_signal_backend; a superuser's session only a superuser can end"
                ),
            })
        }
        Err(error) => Err(look::failed(client, plan, error).await),
    }
}
