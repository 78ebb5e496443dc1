//! Whether a ledger was changed by hand. Reads only.

use std::fmt;

use tokio_postgres::Client;

use crate::ledger::chain::Tampering;
use crate::ledger::head::Head;
use crate::messages;
use crate::outcome::error::Error;
use crate::plan::Plan;
use crate::run::look;
use crate::session::ask;
use crate::session::row::{parsed, row};

/// Recomputes the whole hash chain of a module's ledger on the server.
///
/// One message for the chain and one for the grants, no lock, no write; SELECT on the ledger is all that
/// the role needs. While a run is in progress, or where one was killed, one more lets the server flush its
/// log, so that the head is durable. What is wrong is data here, not an error.
///
/// # Errors
///
/// [`Error::Connection`], [`Error::Permission`], and [`Error::Server`], also when the ledger does not exist.
///
/// ```no_run
/// # async fn example(auth: &onward::Plan, client: &tokio_postgres::Client) -> Result<(), onward::Error> {
/// let verified = onward::verify(client, auth).await?;
/// if let Some(tampering) = verified.tampering() {
///     println!("the ledger was changed: {tampering}");
/// }
/// # Ok(())
/// # }
/// ```
pub async fn verify(client: &Client, plan: &Plan) -> Result<Verified, Error> {
    let ledger = match look::look(client, plan).await {
        Ok(ledger) => ledger,
        Err(error) => return Err(look::failed(client, plan, error).await),
    };
    let answer = match ask(client, &messages::writers(plan)).await {
        Ok(answer) => answer,
        Err(error) => return Err(look::failed(client, plan, error).await),
    };
    Ok(Verified {
        schema: plan.schema(),
        head: ledger.head,
        tampering: ledger.tampering,
        lines: ledger
            .entries
            .iter()
            .map(|entry| Head {
                seq: entry.seq,
                chain: entry.chain,
            })
            .collect(),
        writers: answer
            .iter()
            .filter_map(row)
            .filter_map(|row| parsed(row, "writer"))
            .collect(),
    })
}

/// What [`verify`] found. Prints as a list.
///
/// ```
/// fn print(verified: &onward::Verified) {
///     println!("{verified}");
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Verified {
    schema: &'static str,
    head: Head,
    tampering: Option<Tampering>,
    lines: Vec<Head>,
    writers: Vec<String>,
}

impl Verified {
    /// The first line that was changed, removed or inserted by hand.
    ///
    /// ```
    /// fn is_intact(verified: &onward::Verified) -> bool {
    ///     verified.tampering().is_none()
    /// }
    /// ```
    #[must_use]
    pub const fn tampering(&self) -> Option<&Tampering> {
        self.tampering.as_ref()
    }

    /// Compares with a line that was written down elsewhere, in a log that the database's owner cannot
    /// change: a session that rewrites the whole chain cannot rewrite that line.
    ///
    /// ```
    /// # fn example(verified: onward::Verified) -> Result<(), onward::InvalidHead> {
    /// let logged = format!("#7 {}", "ab".repeat(32)).parse()?;
    /// let verified = verified.against(logged);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn against(mut self, logged: Head) -> Self {
        let is_there = logged.seq == 0 || self.lines.contains(&logged);
        if self.tampering.is_none() && !is_there {
            self.tampering = Some(Tampering::Anchor(logged));
        }
        self
    }

    /// The ledger's end, worth a line in such a log.
    ///
    /// ```
    /// fn anchor(verified: &onward::Verified) -> String {
    ///     verified.head().to_string()
    /// }
    /// ```
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    /// The roles other than the owner that hold a right to write one of the ledger's tables. The
    /// application's role should not be among them: SELECT is all that it needs.
    ///
    /// ```
    /// fn is_closed(verified: &onward::Verified) -> bool {
    ///     verified.writers().is_empty()
    /// }
    /// ```
    #[must_use]
    pub fn writers(&self) -> &[String] {
        &self.writers
    }

    /// The module's schema.
    ///
    /// ```
    /// fn is_auth(verified: &onward::Verified) -> bool {
    ///     verified.schema() == "auth"
    /// }
    /// ```
    #[must_use]
    pub const fn schema(&self) -> &'static str {
        self.schema
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.tampering {
            None => write!(f, "{}: the ledger is intact, {}", self.schema, self.head)?,
            Some(tampering) => write!(f, "{}: {tampering}", self.schema)?,
        }
        self.writers.iter().try_for_each(|writer| {
            write!(
                f,
                "\n  {writer} may write to the ledger: REVOKE it, SELECT is enough"
            )
        })
    }
}
