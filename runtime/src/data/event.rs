//! What a worker reports while it works.

use std::time::Duration;

use crate::data::next::Held;
use crate::data::throttle::Reading;
use crate::ledger::data::Progress;
use crate::plan::version::Version;

/// One thing that happened to a data migration, in the order in which it happened.
///
/// ```
/// # fn example(plan: &onward::Plan) {
/// use onward::data::{Event, Worker};
///
/// let worker = Worker::new(plan).listener(|event| {
///     if let Event::Batch { name, progress, .. } = event {
///         println!("{name}: {:.0} %", progress.fraction().unwrap_or_default() * 100.0);
///     }
/// });
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Another worker of the module is at work; this one takes over when that one is gone.
    StandingBy,
    /// It has begun, or waits for approval.
    Begun {
        /// Its version.
        version: Version,
        /// The file's name.
        name: &'static str,
    },
    /// The table is walked from its first row, for the first time or again.
    Pass {
        /// Its version.
        version: Version,
        /// The file's name.
        name: &'static str,
        /// Which time, from 1.
        number: i32,
    },
    /// A batch is committed.
    Batch {
        /// Its version.
        version: Version,
        /// The file's name.
        name: &'static str,
        /// How far it is now.
        progress: Box<Progress>,
        /// How long the message took.
        took: Duration,
    },
    /// The worker waits or goes slower, because of what the server says about itself.
    Throttled {
        /// Its version.
        version: Version,
        /// The file's name.
        name: &'static str,
        /// Every indicator that is not normal.
        readings: Vec<Reading>,
    },
    /// The server refused a batch; it is tried again, smaller when that can help.
    Refused {
        /// Its version.
        version: Version,
        /// The file's name.
        name: &'static str,
        /// Why, in five characters.
        sqlstate: String,
        /// Rows in the next try.
        size: u32,
    },
    /// A row fails and was left out.
    Skipped {
        /// Its version.
        version: Version,
        /// The file's name.
        name: &'static str,
        /// Its key, as a JSON array.
        key: String,
        /// Why, in five characters.
        sqlstate: String,
    },
    /// It cannot go on by itself.
    Failed {
        /// Its version.
        version: Version,
        /// The file's name.
        name: &'static str,
        /// Why.
        reason: String,
    },
    /// It is done: no row is left, and the ledger says so.
    Done {
        /// Its version.
        version: Version,
        /// The file's name.
        name: &'static str,
    },
    /// Nothing can be done now; these are pending, and why they do not run.
    Idle {
        /// The data migrations that are not done.
        held: Vec<(Version, Held)>,
    },
    /// The server cannot be reached, or refused a message of the worker's own; it tries again.
    Trouble {
        /// What happened.
        error: String,
        /// The time until the next try.
        pause: Duration,
    },
}
