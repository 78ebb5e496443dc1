//! Forward-only PostgreSQL migrations, checked by the compiler.
//!
//! [`embed_migrations!`] reads a folder of SQL at build time, judges every statement and bakes a typed
//! [`Plan`] into the binary. This crate executes the plan when the service starts:
//!
//! ```no_run
//! static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
//!
//! # async fn example(client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
//! let report = onward::Startup::new(&AUTH).run(client).await?;
//! println!("{report}");
//! # Ok(())
//! # }
//! ```
//!
//! | files | run by | when |
//! | --- | --- | --- |
//! | `001` to `099` | [`Startup`] | at every start of the service |
//! | `S001` to `S999` | [`Startup`] | after them; again when the text is new |
//! | `100` to `199` | [`Release`] | before the deploy that needs them, by an operator |
//! | `DM001` to `DM999` | nothing yet: they are reported as pending | beside the service |
//!
//! A run borrows a connection, from a pool for example, and leaves it as it was. With a [`Connector`] it
//! makes its own: then it keeps the module's lock as a lease, runs what cannot run in a transaction, and
//! connects again when the connection ends. Whoever wants to know what happens while it happens gives it
//! a listener for [`Event`]s.
//!
//! [`status`] tells how a database stands to a binary without changing it. Each module keeps an
//! append-only, hash-chained ledger in its own schema, with the view `schema_migrations` for people
//! and dashboards; [`verify()`] names the first line that somebody has changed by hand.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

mod apply;
mod backoff;
mod category;
mod checksum;
mod connector;
mod detach;
mod detached;
mod diff;
mod drift;
mod entry;
mod error;
mod event;
mod failure;
mod glance;
mod holder;
pub mod kind;
mod ledger;
mod lock;
mod message;
mod patience;
mod place;
pub mod plan;
mod postgres;
mod private;
mod progress;
mod refusal;
mod refuse;
mod release;
mod report;
mod role;
mod run;
mod session;
mod settings;
mod sql;
mod startup;
mod state;
mod statement;
mod status;
mod tampering;
mod task;
mod verify;
mod version;
mod wait;

pub use category::{Category, UnknownCategory};
pub use checksum::{Checksum, InvalidChecksum};
pub use connector::Connector;
pub use drift::Drift;
pub use error::Error;
pub use event::Event;
pub use failure::Failure;
pub use holder::{Held, Holder};
pub use ledger::{Head, InvalidHead};
/// ```
/// static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
/// const VULN: onward::Plan = onward::embed_migrations!("migrations/vuln");
///
/// assert_eq!((AUTH.schema(), VULN.schema()), ("auth", "vuln"));
/// ```
pub use onward_macros::embed_migrations;
pub use place::Place;
pub use plan::Plan;
pub use progress::{Applied, Pending, Progress};
pub use refusal::ServerMessage;
pub use release::Release;
pub use report::Report;
pub use role::{InvalidRole, Role};
pub use startup::{PendingRelease, Startup};
pub use state::{Standing, State};
pub use status::{Status, status};
pub use tampering::Tampering;
pub use verify::{Verified, verify};
pub use version::{InvalidVersion, Version};
