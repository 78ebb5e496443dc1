//! One connection: it sends messages, reads their answers, and leaves nothing behind in the session.
//!
//! Everything is sent by the simple protocol, one message for one transaction, which the server itself rolls
//! back when a statement fails. A borrowed connection may run through a pooler, so nothing is kept in its
//! session: no lock, no setting, no prepared statement. The simple protocol matters twice: a parameterised query inside a transaction keeps its
//! snapshot until the next one (measured on PostgreSQL 15 to 18), and a snapshot blocks every
//! concurrent index build.

pub(crate) mod blocker;
pub(crate) mod connector;
pub(crate) mod echo;
pub(crate) mod element;
pub(crate) mod engine;
pub(crate) mod foreign_part;
pub(crate) mod location;
pub(crate) mod other_meaning;
mod postgres;
pub(crate) mod privileged;
pub(crate) mod role;
pub(crate) mod row;
pub(crate) mod server_error;

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::session::engine::Engine;
use crate::session::server_error::{Recovery, ServerError};

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum SendError {
    /// The server answered with an error.
    Refused(Box<ServerError>),
    /// The connection is gone; what became of the message is unknown.
    Lost(Box<dyn std::error::Error + Send + Sync>),
    /// The budget ended first; what becomes of the message is unknown.
    TimedOut,
}

pub(crate) type Answer = Result<Vec<SimpleQueryMessage>, SendError>;

/// Whose connection it is.
pub(crate) enum Wire<'a> {
    /// The caller's: a pooler may be in between.
    Borrowed(&'a mut Client),
    /// The run's own, through a pooler.
    Pooled(Client),
    /// The run's own, and the session behind it too.
    Direct(Client),
    /// There is none yet, or it has ended.
    Closed,
}

/// A connection for the time of one run.
pub(crate) struct Session<'a> {
    wire: Wire<'a>,
    deadline: Option<Instant>,
}

/// How long an answer may be late: the server ends its statements when the budget does.
const GRACE: Duration = Duration::from_secs(1);

impl<'a> Session<'a> {
    /// Without a deadline the server alone decides how long a message takes.
    pub(crate) fn new(wire: Wire<'a>, deadline: Option<Instant>) -> Self {
        Self { wire, deadline }
    }

    /// Until when the next messages have to be answered.
    pub(crate) fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    /// Whether the session behind the connection is the run's own.
    pub(crate) fn is_direct(&self) -> bool {
        matches!(self.wire, Wire::Direct(_))
    }

    /// Returns the connection that was there, which ends unless it is kept.
    pub(crate) fn replace(&mut self, wire: Wire<'a>) -> Wire<'a> {
        std::mem::replace(&mut self.wire, wire)
    }

    /// For a transaction of the driver's.
    pub(crate) fn client_mut(&mut self) -> Option<&mut Client> {
        match &mut self.wire {
            Wire::Borrowed(client) => Some(client),
            Wire::Pooled(client) | Wire::Direct(client) => Some(client),
            Wire::Closed => None,
        }
    }

    fn client(&self) -> Option<&Client> {
        match &self.wire {
            Wire::Borrowed(client) => Some(client),
            Wire::Pooled(client) | Wire::Direct(client) => Some(client),
            Wire::Closed => None,
        }
    }

    /// Sends one message and reads everything that comes back.
    pub(crate) async fn send(&mut self, message: &str) -> Answer {
        match self.exchange(message).await {
            // What another version of the runner left on this connection.
            Err(SendError::Refused(refused)) if refused.recovery() == Recovery::RollBack => {
                self.exchange("ROLLBACK").await?;
                self.exchange(message).await
            }
            answer => answer,
        }
    }

    /// Sends a message that only reads, and again when it was cancelled or took too long, or when a ledger
    /// appeared meanwhile.
    pub(crate) async fn send_again(&mut self, message: &str) -> Answer {
        match self.send(message).await {
            Err(SendError::Refused(refused)) if refused.recovery().may_retry(1) => {
                self.send(message).await
            }
            answer => answer,
        }
    }

    /// The same for the first message of a run. A failed transaction on a borrowed connection is the
    /// caller's: with a savepoint the caller can still save what was done before it.
    pub(crate) async fn send_first(&mut self, message: &str) -> Answer {
        if !matches!(self.wire, Wire::Borrowed(_)) {
            return self.send_again(message).await;
        }
        match self.exchange(message).await {
            Err(SendError::Refused(refused)) if refused.recovery().may_retry(1) => {
                self.exchange(message).await
            }
            answer => answer,
        }
    }

    /// Which engine has refused the first message, when it is not PostgreSQL.
    pub(crate) async fn engine(&self, refused: &ServerError) -> Option<Engine> {
        let asked = Engine::behind(self.client()?, refused);
        match self.deadline {
            Some(deadline) => timeout_at(deadline + GRACE, asked).await.ok()?,
            None => asked.await,
        }
    }

    /// Sends messages one behind the other. The answers end with the first that does not come.
    pub(crate) async fn send_all(&mut self, messages: Vec<String>) -> Vec<Answer> {
        let mut window = self.window();
        for message in messages {
            window.push(message);
        }
        let mut answers = Vec::new();
        while let Some(answer) = window.next().await {
            let is_last = matches!(answer, Err(SendError::TimedOut | SendError::Lost(_)));
            answers.push(answer);
            if is_last {
                break;
            }
        }
        answers
    }

    /// Sends a statement that the server is to finish even when the run is gone: an index that takes
    /// longer than a start may take is then found by the next one. On a borrowed connection that is so
    /// anyway, unless it is set otherwise.
    pub(crate) async fn outlive(&mut self, statement: &str) -> Answer {
        if !self.is_direct() {
            return self.send(statement).await;
        }
        let messages = [
            "SET client_connection_check_interval = 0",
            statement,
            "SET client_connection_check_interval = 1000",
        ];
        let messages = messages.map(str::to_owned).to_vec();
        let mut answers = self.send_all(messages).await.into_iter();
        // Not every platform knows the setting, and then there is nothing to switch off.
        let setting = answers.next();
        answers
            .next()
            .or(setting)
            .unwrap_or(Err(SendError::TimedOut))
    }

    async fn exchange(&mut self, message: &str) -> Answer {
        let mut window = self.window();
        window.push(message.to_owned());
        window.next().await.unwrap_or(Err(SendError::TimedOut))
    }

    /// For messages that are sent one behind the other, without waiting for answers in between.
    pub(crate) fn window(&self) -> Window<'_> {
        Window {
            client: self.client(),
            deadline: self.deadline.map(|deadline| deadline + GRACE),
            sent: VecDeque::new(),
        }
    }
}

/// A future that is compiled here. What an `async fn` does is compiled by the crate that awaits it, again in every program
/// and in every test of it; what is behind a `dyn` is compiled once, with this crate.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends one message on a connection that others may be using too.
pub(crate) fn ask<'a>(client: &'a Client, message: &'a str) -> BoxFuture<'a, Answer> {
    Box::pin(async move {
        client
            .simple_query(message)
            .await
            .map_err(|error| trouble(&error, message))
    })
}

fn trouble(error: &tokio_postgres::Error, message: &str) -> SendError {
    let Some(said) = error.as_db_error() else {
        return SendError::Lost(error.to_string().into());
    };
    let refused = ServerError::new(said, message);
    if refused.recovery() == Recovery::Lost {
        return SendError::Lost(Box::new(refused.said));
    }
    SendError::Refused(Box::new(refused))
}

enum Sent<'s> {
    Waiting(BoxFuture<'s, Answer>),
    Answered(Answer),
}

/// Messages in flight, the oldest first.
///
/// When the future that waits for their answers is dropped, the server still executes them. Each ends its
/// transaction, whatever becomes of it.
pub(crate) struct Window<'s> {
    client: Option<&'s Client>,
    deadline: Option<Instant>,
    sent: VecDeque<Sent<'s>>,
}

impl Window<'_> {
    pub(crate) fn len(&self) -> usize {
        self.sent.len()
    }

    /// Sends a message with the next wait for an answer.
    pub(crate) fn push(&mut self, message: String) {
        let client = self.client;
        self.sent.push_back(match client {
            Some(client) => Sent::Waiting(Box::pin(async move { ask(client, &message).await })),
            None => Sent::Answered(Err(SendError::Lost("there is no connection".into()))),
        });
    }

    /// The answer to the oldest message.
    pub(crate) async fn next(&mut self) -> Option<Answer> {
        self.sent.front()?;
        let sent = &mut self.sent;
        let answered = poll_fn(|context| {
            // All of them: the first poll puts a message into the connection's queue.
            for one in sent.iter_mut() {
                if let Sent::Waiting(waiting) = one
                    && let Poll::Ready(answer) = waiting.as_mut().poll(context)
                {
                    *one = Sent::Answered(answer);
                }
            }
            match sent.pop_front() {
                Some(Sent::Answered(answer)) => Poll::Ready(answer),
                Some(waiting) => {
                    sent.push_front(waiting);
                    Poll::Pending
                }
                None => Poll::Ready(Err(SendError::TimedOut)),
            }
        });
        match self.deadline {
            Some(deadline) => match timeout_at(deadline, answered).await {
                Ok(answer) => Some(answer),
                Err(_) => Some(Err(SendError::TimedOut)),
            },
            None => Some(answered.await),
        }
    }
}
