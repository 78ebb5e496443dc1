//! What a run reports while it is running.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::outcome::progress::{Applied, Pending, Waiting};
use crate::plan::version::Version;
use crate::session::blocker::Blocker;
use crate::session::privileged::Privileged;

/// One thing that happened in a run, in the order in which it happened.
///
/// A listener gets them as they happen; to have them as a stream, send them into a channel:
///
/// ```
/// # fn example(plan: &onward::Plan) {
/// let (sender, events) = std::sync::mpsc::channel();
/// let startup = onward::Startup::new(plan).listener(move |event| {
///     let _ = sender.send(event.clone());
/// });
/// # }
/// ```
///
/// `tracing` gets the same events, with OpenTelemetry's names for the facts about the database.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A connection of the run's own is open.
    Connected {
        /// Whether a pooler is in between, so that nothing can be kept in the session.
        pooled: bool,
    },
    /// A connection of the run's own ended or could not be opened; the run tries again.
    Reconnecting {
        /// The time until the next try.
        pause: Duration,
    },
    /// The schema and its ledger were created.
    LedgerCreated,
    /// What is pending, in order. Not sent when nothing is. [`Plan::statements`](crate::Plan::statements)
    /// returns what each of them will lock.
    Behind {
        /// The migrations.
        pending: Vec<Pending>,
    },
    /// Startup migrations and seeds wait for data migrations; the run goes on without them.
    HeldBack {
        /// All of them, in order.
        waiting: Vec<Waiting>,
    },
    /// This run has the module's lock, on a connection of its own.
    Leading,
    /// Another session is in the way; the run looks again after a pause.
    Waiting {
        /// For what.
        doing: String,
        /// For how long.
        pause: Duration,
        /// The sessions in the way, as far as they are known. The server is asked every few seconds only.
        blockers: Vec<Blocker>,
    },
    /// A migration was sent to the server. Several may be in flight, one behind the other.
    Started {
        /// Its version.
        version: Version,
        /// The file's name.
        name: &'static str,
    },
    /// A migration is applied, recorded, and on the server's disk. Migrations that are sent one behind the
    /// other are reported in groups, of up to half of [`pipeline`](crate::Startup::pipeline), while they are quick.
    Applied(Applied),
    /// The server refused a migration, or the next statement of one whose statements cannot run in a transaction.
    Refused {
        /// Its version.
        version: Version,
        /// The file's name.
        name: &'static str,
        /// Why, in five characters.
        sqlstate: String,
        /// How often it was tried.
        tries: u32,
        /// Whether it is tried again.
        again: bool,
    },
    /// Policies do not hold the role that has logged in. The run goes on, unless it is
    /// [`refused`](crate::Startup::refuse_privileged).
    Privileged(Privileged),
    /// The run has applied everything that it may apply.
    Finished {
        /// How many migrations this run applied.
        applied: usize,
        /// How long it waited for other sessions.
        waited: Duration,
    },
}

type Hear<E> = dyn Fn(&E) + Send + Sync;

/// The listener, when there is one.
#[derive(Clone)]
pub(crate) struct Listener<E = Event>(Option<Arc<Hear<E>>>);

impl<E> Listener<E> {
    pub(crate) const NONE: Self = Self(None);

    pub(crate) fn new(hear: impl Fn(&E) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(hear)))
    }

    /// The event is built only when there is a listener.
    pub(crate) fn tell(&self, event: impl FnOnce() -> E) {
        if let Some(hear) = &self.0 {
            hear(&event());
        }
    }
}

impl<E> fmt::Debug for Listener<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Some(_) => "Listener",
            None => "no listener",
        })
    }
}
