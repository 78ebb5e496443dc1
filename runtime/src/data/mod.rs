//! Data migrations: a statement is run range by range beside the service, exactly once, and can be seen and steered.
//!
//! The build cuts the statement of a `DMnnn_*.sql` file into ranges of a key. A [`Worker`] runs them: each batch is one
//! transaction that changes the rows of a range, moves the cursor, and says so in the database. Whatever dies, no
//! range is left out and none is changed twice.
//!
//! ```no_run
//! # async fn example(plan: &onward::Plan, connector: &onward::Connector) -> Result<(), onward::Error> {
//! onward::data::Worker::new(plan).run(connector, std::future::pending()).await
//! # }
//! ```

mod building;
mod code;
mod event;
mod metrics;
pub(crate) mod next;
mod pace;
mod steer;
mod throttle;
mod work;
mod worker;

pub use self::building::Building;
pub use self::code::{Batch, Step};
pub use self::event::Event;
pub use self::metrics::Metrics;
pub use self::next::Held;
pub use self::pace::Pace;
pub use self::steer::{Command, DoneBatch, History, SkippedRow, Status, history, list, steer};
pub use self::throttle::{Indicator, Reading, Signal, Throttles, readings};
pub use self::worker::Worker;
pub use crate::ledger::data::{Progress, State};
