//! One borrowed connection: messages out, answers in, and no trace left behind.
//!
//! Everything is sent by the simple protocol, one message for one transaction. A connection may run
//! through a pooler, so nothing is kept in the session: no lock, no setting, no prepared statement.
//! The simple protocol matters twice: a parameterised query inside a transaction keeps its snapshot
//! until the next one (measured on PostgreSQL 15 to 18), and a snapshot blocks every concurrent
//! index build.

use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::refusal::{Reaction, Refusal};

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The server said no.
    Refused(Box<Refusal>),
    /// The connection is gone; what became of the message is unknown.
    Lost(Box<dyn std::error::Error + Send + Sync>),
    /// The budget ended first; what becomes of the message is unknown.
    Silent,
}

type Answer = Result<Vec<SimpleQueryMessage>, Trouble>;

/// A connection for the time of one run.
pub(crate) struct Session<'a> {
    client: &'a mut Client,
    deadline: Option<Instant>,
}

/// How long an answer may be late: the server ends its statements when the budget does.
const GRACE: Duration = Duration::from_secs(1);

impl<'a> Session<'a> {
    /// Without a deadline the server alone decides how long a message takes.
    pub(crate) fn new(client: &'a mut Client, deadline: Option<Instant>) -> Self {
        Self { client, deadline }
    }

    /// Sends one message and reads everything that comes back.
    pub(crate) async fn send(&mut self, message: &str) -> Answer {
        match self.exchange(message).await {
            // A run that was dropped on this connection left its failed transaction.
            Err(Trouble::Refused(refusal)) if refusal.reaction() == Reaction::RollBack => {
                self.exchange("ROLLBACK").await?;
                self.exchange(message).await
            }
            answer => answer,
        }
    }

    /// Sends a message that opens a transaction: the failure of such a message leaves it open.
    pub(crate) async fn transact(&mut self, message: &str) -> Answer {
        let answer = self.send(message).await;
        if let Err(Trouble::Refused(_)) = answer {
            self.exchange("ROLLBACK").await?;
        }
        answer
    }

    async fn exchange(&mut self, message: &str) -> Answer {
        let flight = Flight {
            client: self.client,
            landed: false,
        };
        let answer = flight.client.simple_query(message);
        let answer = match self.deadline {
            Some(deadline) => timeout_at(deadline + GRACE, answer)
                .await
                .map_err(|_| Trouble::Silent)?,
            None => answer.await,
        };
        flight.land();
        answer.map_err(|error| trouble(error, message))
    }
}

/// Sends one message on a connection that others may be using too.
pub(crate) async fn ask(client: &Client, message: &str) -> Answer {
    client
        .simple_query(message)
        .await
        .map_err(|error| trouble(error, message))
}

fn trouble(error: tokio_postgres::Error, message: &str) -> Trouble {
    let Some(said) = error.as_db_error() else {
        return Trouble::Lost(Box::new(error));
    };
    let refusal = Refusal::new(said, message);
    if refusal.reaction() == Reaction::Lost {
        return Trouble::Lost(Box::new(refusal.said));
    }
    Trouble::Refused(Box::new(refusal))
}

/// A message whose answer nobody has read yet.
///
/// When the future that waits for it is dropped, the server still finishes the message, and a
/// failure would leave the caller's session in a failed transaction. So a ROLLBACK is queued right
/// behind it; where there is nothing to roll back, it does nothing.
struct Flight<'a> {
    client: &'a Client,
    landed: bool,
}

impl Flight<'_> {
    fn land(mut self) {
        self.landed = true;
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        if !self.landed {
            // The first poll puts the message into the connection's queue; nobody waits for more.
            let rollback = pin!(self.client.batch_execute("ROLLBACK"));
            let _queued = rollback.poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}
