//! The run's link to the server: its connection, the role it works as, and the name of its lines in the
//! ledger.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_postgres::{Client, SimpleQueryMessage};
use tracing::Span;

use crate::messages;
use crate::outcome::error::Error;
use crate::outcome::event::{Event, Listener};
use crate::outcome::missing_right::{MissingRight, Names};
use crate::outcome::progress::Progress;
use crate::plan::Plan;
use crate::run::clock::Clock;
use crate::run::errors;
use crate::run::privileges;
use crate::run::settings::Settings;
use crate::session::connector::{Connector, nonce};
use crate::session::role::Role;
use crate::session::row::{flag, row, text};
use crate::session::server_error::ServerMessage;
use crate::session::{Session, Wire};
use crate::sql::{Fragment, fill};

/// Where a run gets its connection from.
pub(crate) enum Source<'a> {
    Borrowed(&'a mut Client),
    Connector(&'a Connector),
}

/// Which lock a session of the run's own keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lease {
    /// The module's: other runs wait.
    Module,
    /// That of the module's data migrations: other workers stand by, and runs do not wait.
    Data,
    /// None: it only looks.
    Nothing,
}

/// A connection that is borrowed, or one of the run's own that is opened again when it ends.
pub(crate) struct Link<'a> {
    pub(crate) session: Session<'a>,
    connector: Option<&'a Connector>,
    plan: Plan,
    role: Option<Role>,
    /// `SET LOCAL ROLE`, or nothing.
    set_role: String,
    nonce: String,
    leading: bool,
    pub(crate) lease: Lease,
    listener: Listener,
    span: Span,
}

impl<'a> Link<'a> {
    /// Sends nothing. A connection of the run's own is opened by [`connect`](Self::connect).
    pub(crate) fn new(
        plan: Plan,
        settings: &Settings,
        source: Source<'a>,
        deadline: Option<Instant>,
        span: Span,
    ) -> Self {
        let (wire, connector) = match source {
            Source::Borrowed(client) => (Wire::Borrowed(client), None),
            Source::Connector(connector) => (Wire::Closed, Some(connector)),
        };
        Self {
            session: Session::new(wire, deadline),
            connector,
            plan,
            role: settings.role.clone(),
            set_role: messages::as_role(settings.role.as_ref()),
            nonce: nonce(),
            leading: false,
            lease: Lease::Module,
            listener: settings.listener.clone(),
            span,
        }
    }

    /// Whether the connection is the caller's, so that it cannot be opened again.
    pub(crate) fn is_borrowed(&self) -> bool {
        self.connector.is_none()
    }

    /// Whether the session behind the connection is the run's own, with no pooler in between.
    pub(crate) fn is_direct(&self) -> bool {
        self.session.is_direct()
    }

    /// Whether the session holds the module's lock.
    pub(crate) fn is_leading(&self) -> bool {
        self.leading
    }

    /// `SET LOCAL ROLE`, or nothing when the login works as itself.
    pub(crate) fn set_role(&self) -> &str {
        &self.set_role
    }

    /// The role that the run takes, when it is not the login's own.
    pub(crate) fn role(&self) -> Option<&str> {
        self.role.as_ref().map(Role::as_str)
    }

    /// Asks for the names that an error about rights has to name.
    pub(crate) async fn name_role(&mut self, error: Error) -> Error {
        if !matches!(error, Error::Permission { .. }) {
            return error;
        }
        match self.session.send(messages::WHO).await {
            Ok(answer) => privileges::with_names(error, self.role(), &answer),
            Err(_) => error,
        }
    }

    /// By which the run knows its own lines in the ledger.
    pub(crate) fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Opens a connection of the run's own, trying again while there is time. Does nothing to a borrowed
    /// one.
    pub(crate) async fn connect(
        &mut self,
        clock: &mut Clock,
        progress: &Progress,
    ) -> Result<(), Error> {
        let Some(connector) = self.connector else {
            return Ok(());
        };
        let since = Instant::now();
        self.leading = false;
        loop {
            let schema = self.plan.schema();
            let left = clock.remaining();
            let unconnected = match connector.connect(schema, self.role.as_ref(), left).await {
                Ok(wire) => {
                    self.opened(wire);
                    clock.reset_backoff();
                    return Ok(());
                }
                Err(unconnected) => unconnected,
            };
            if let Some(engine) = unconnected.engine {
                return Err(errors::foreign_engine(&self.plan, engine));
            }
            let pause = clock.next_pause();
            let tried = since.elapsed();
            let is_over =
                tried.saturating_add(pause) > connector.connect_limit() || clock.ends_within(pause);
            if let Some(error) = self.not_granted(&*unconnected.source, progress) {
                return Err(error);
            }
            if is_over || !unconnected.passes {
                return Err(Error::Unreachable {
                    schema,
                    tried,
                    progress: progress.clone(),
                    source: unconnected.source,
                });
            }
            tracing::warn!(?pause, "cannot connect");
            self.listener.tell(|| Event::Reconnecting { pause });
            sleep(pause).await;
        }
    }

    /// An error when the server knows the login and does not let it take the role.
    fn not_granted(
        &self,
        source: &(dyn std::error::Error + Send + Sync + 'static),
        progress: &Progress,
    ) -> Option<Error> {
        let said: &ServerMessage = source.downcast_ref()?;
        let role = self.role()?;
        // invalid_parameter_value: there is no such role.
        matches!(said.sqlstate(), "42501" | "22023").then_some(())?;
        let login = self.connector.and_then(Connector::user);
        let right = MissingRight::TakeRole;
        let fix = right.fix(Names {
            schema: self.plan.schema(),
            owner: Some(role),
            role: login,
            database: None,
        });
        Some(Error::Permission {
            schema: self.plan.schema(),
            right,
            role: login.unwrap_or(privileges::ROLE).to_owned(),
            doing: ["taking the role ", role].concat().into(),
            fix,
            progress: progress.clone(),
            source: said.clone(),
        })
    }

    fn opened(&mut self, wire: Wire<'a>) {
        let pooled = !matches!(wire, Wire::Direct(_));
        self.session.replace(wire);
        tracing::debug!(pooled, "connected");
        self.listener.tell(|| Event::Connected { pooled });
    }

    /// How long the server keeps a session of the run's own without a message.
    pub(crate) async fn patience(&mut self, time: Duration) {
        if self.is_direct() {
            let time = time.as_millis().to_string();
            let message = fill(
                "SET idle_session_timeout = {{time}}",
                &[("time", Fragment::Text(&time))],
            );
            // Without an answer the next message finds out.
            let _set = self.session.send(&message).await;
        }
    }

    /// Gives the lock back, when the session holds it.
    pub(crate) async fn follow(&mut self) {
        if self.leading {
            self.leading = false;
            // Without an answer the session has ended, and the lock with it, or the lease ends.
            let _unlocked = self.session.send(include_str!("../sql/unlock.sql")).await;
        }
    }

    /// Gives the lock back, when the session holds it, and ends a connection of the run's own, unless the connector keeps
    /// it for the next run.
    pub(crate) async fn close(&mut self) {
        self.follow().await;
        let wire = self.session.replace(Wire::Closed);
        if let Some(connector) = self.connector {
            connector.keep(wire);
        }
    }

    /// What asks for the module's lock without waiting; `None` where there is nothing to ask: the session
    /// has it, or cannot keep it.
    pub(crate) fn lead(&self) -> Option<String> {
        let lead = match self.lease {
            Lease::Module => messages::lead,
            Lease::Data => messages::data::lead,
            Lease::Nothing => return None,
        };
        (self.is_direct() && !self.leading).then(|| lead(&self.plan))
    }

    /// Takes in whether the answer gave the module's lock to this session.
    pub(crate) fn note_lead(&mut self, answer: &[SimpleQueryMessage]) {
        let mut rows = answer.iter().filter_map(row);
        if rows.any(|row| flag(row, "leading")) {
            self.leading = true;
            tracing::debug!("leading");
            self.listener.tell(|| Event::Leading);
        }
    }

    /// As OpenTelemetry names it for PostgreSQL: `{database}|{schema}`.
    pub(crate) fn note_namespace(&self, answer: &[SimpleQueryMessage]) {
        let mut rows = answer.iter().filter_map(row);
        if let Some(database) = rows.find_map(|row| text(row, "database")) {
            let namespace = [database, "|", self.plan.schema()].concat();
            self.span.record("db.namespace", namespace);
        }
    }
}
