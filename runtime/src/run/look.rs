//! Reads a ledger outside of a run: changes nothing, and returns only what is durable.

use std::time::Duration;

use tokio_postgres::Client;

use crate::ledger::Ledger;
use crate::messages;
use crate::outcome::error::Error;
use crate::outcome::progress::Progress;
use crate::plan::Plan;
use crate::run::doing::Doing;
use crate::run::{errors, privileges};
use crate::session::engine::Engine;
use crate::session::{BoxFuture, SendError, ask};

/// One message, and a second one when the newest line could still be lost in a crash of the server.
pub(crate) async fn look(client: &Client, plan: &Plan) -> Result<Ledger, SendError> {
    look_as(client, plan, "").await
}

/// The same after `SET LOCAL ROLE`, or nothing.
pub(crate) fn look_as<'a>(
    client: &'a Client,
    plan: &'a Plan,
    role: &'a str,
) -> BoxFuture<'a, Result<Ledger, SendError>> {
    Box::pin(async move {
        let message = messages::read(plan, role, "");
        let answer = match ask(client, &message).await {
            // A timeout, a cancellation, or a ledger that appeared meanwhile: once more.
            Err(SendError::Refused(refused)) if refused.recovery().may_retry(1) => {
                ask(client, &message).await?
            }
            answer => answer?,
        };
        let ledger = Ledger::parse(&answer);
        if ledger.is_deferred() && !ledger.standby {
            ask(client, &messages::flush(None)).await?;
        }
        Ok(ledger)
    })
}

pub(crate) fn failed<'a>(
    client: &'a Client,
    plan: &'a Plan,
    error: SendError,
) -> BoxFuture<'a, Error> {
    Box::pin(async move {
        if let SendError::Refused(refused) = &error
            && let Some(engine) = Engine::behind(client, refused).await
        {
            return errors::foreign_engine(plan, engine);
        }
        let progress = Progress::default();
        let error = errors::message_failed(
            plan,
            &progress,
            Duration::ZERO,
            None,
            error,
            Doing::ReadingLedger,
        );
        match error {
            Error::Permission { .. } => match ask(client, messages::WHO).await {
                Ok(answer) => privileges::with_names(error, None, &answer),
                Err(_) => error,
            },
            error => error,
        }
    })
}
