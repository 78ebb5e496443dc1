//! What a run tells while it is under way.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::outcome::progress::{Applied, Pending};
use crate::plan::version::Version;
use crate::session::blocker::Blocker;

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
/// The same goes to `tracing`, with OpenTelemetry's names for what is said about the database.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A connection of the run's own is open.
    Connected {
        /// Whether a pooler stands in between, so that nothing can be kept in the session.
        pooled: bool,
    },
    /// A connection of the run's own ended or could not be made; it is tried again.
    Reconnecting {
        /// After how long.
        pause: Duration,
    },
    /// The schema and its ledger were made.
    LedgerCreated,
    /// What is to do, in order. Not told when nothing is. [`Plan::statements`](crate::Plan::statements)
    /// says what each of them will lock.
    Behind {
        /// The migrations.
        pending: Vec<Pending>,
    },
    /// This run has the module's lock, on a connection of its own.
    Leading,
    /// Something is in the way; it is looked again after a pause.
    Waiting {
        /// For what.
        doing: String,
        /// For how long.
        pause: Duration,
        /// Who is in the way, as far as it is known. It is asked for now and then only.
        blockers: Vec<Blocker>,
    },
    /// A migration is on its way to the server. Several may be, one behind the other.
    Started {
        /// Its version.
        version: Version,
        /// The file's name.
        name: &'static str,
    },
    /// A migration is there, recorded, and on the server's disk. Migrations that are sent one behind the
    /// other are told in groups, of up to half of [`pipeline`](crate::Startup::pipeline), while they are quick.
    Applied(Applied),
    /// The server refused a migration; nothing of it is there.
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
    /// Nothing is left to do.
    Finished {
        /// How many migrations this run applied.
        applied: usize,
        /// How long it waited for other sessions.
        waited: Duration,
    },
}

type Hear = dyn Fn(&Event) + Send + Sync;

/// Whoever listens, if anybody does.
#[derive(Clone, Default)]
pub(crate) struct Listener(Option<Arc<Hear>>);

impl Listener {
    pub(crate) const NOBODY: Self = Self(None);

    pub(crate) fn new(hear: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(hear)))
    }

    /// The event is made only when somebody listens.
    pub(crate) fn tell(&self, event: impl FnOnce() -> Event) {
        if let Some(hear) = &self.0 {
            hear(&event());
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Some(_) => "Listener",
            None => "nobody",
        })
    }
}
