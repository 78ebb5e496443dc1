//! Reads a ledger outside of a run: changes nothing, and returns only what is durable.

use std::time::Duration;

use tokio_postgres::Client;

use crate::ledger::Ledger;
use crate::messages;
use crate::outcome::error::Error;
use crate::outcome::progress::Progress;
use crate::plan::Plan;
use crate::run::errors;
use crate::session::{SendError, ask};

/// One message, and a second one when the newest line could still be lost in a crash of the server.
pub(crate) async fn look(client: &Client, plan: &Plan) -> Result<Ledger, SendError> {
    let answer = ask(client, &messages::read(plan, "")).await?;
    let ledger = Ledger::parse(&answer);
    if ledger.is_deferred() && !ledger.standby {
        ask(client, &messages::flush(None)).await?;
    }
    Ok(ledger)
}

pub(crate) fn failed(plan: &Plan, error: SendError) -> Error {
    let progress = Progress::default();
    errors::message_failed(plan, &progress, Duration::ZERO, error, "reading the ledger")
}
