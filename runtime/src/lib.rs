//! Forward-only PostgreSQL migrations, checked by the compiler.
//!
//! [`embed_migrations!`] reads a folder of SQL at build time, checks every statement and writes a typed
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
//! | `DM001` to `DM999` | [`data::Worker`] | beside the service, in batches |
//!
//! A startup migration that requires a data migration waits for it without failing the start, and a release that
//! requires one refuses. [`Up`] applies all of them, in a database of development or CI, and
//! [`Startup::everything_when_empty`] does so in an empty one.
//!
//! A run borrows a connection, from a pool for example, and leaves it as it was. With a [`Connector`] it
//! opens its own: then it keeps the module's lock as a lease, runs what cannot run in a transaction, and
//! connects again when the connection ends. A listener hears of each [`Event`] while it
//! happens.
//!
//! A program with several modules puts their plans together with [`modules!`], which does not compile when they do not fit
//! together, and starts them in the order of what they need with [`Modules`].
//!
//! [`status`] compares a database with a binary without changing it. Each module keeps an
//! append-only, hash-chained ledger in its own schema, with the view `schema_migration_history` for people
//! and dashboards; [`verify()`] names the first line that was changed by hand.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

mod adopt;
pub mod artifact;
pub mod data;
mod history;
mod ledger;
mod messages;
mod modules;
pub mod operator;
mod outcome;
pub mod plan;
mod release;
mod run;
mod session;
mod sql;
mod startup;
mod status;
pub mod tenant;
#[cfg(feature = "testing")]
pub mod testing;
mod up;
mod verify;

pub use adopt::Adopt;
pub use history::{HistoryLine, history};
pub use ledger::chain::Tampering;
pub use ledger::drift::Drift;
pub use ledger::head::{Head, InvalidHead};
pub use ledger::oldest_binary::{InvalidOldestBinary, OldestBinary};
pub use ledger::state::{MigrationStatus, State};
pub use modules::{Modules, ModulesError, ModulesReport, ModulesStartup};
/// What a URL leads to, and why one cannot be read.
pub use onward_connect::{Target, Unreadable};
/// ```
/// static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
/// const VULN: onward::Plan = onward::embed_migrations!("migrations/vuln");
///
/// assert_eq!((AUTH.schema(), VULN.schema()), ("auth", "vuln"));
/// ```
pub use onward_macros::embed_migrations;
pub use outcome::chain::Chain;
pub use outcome::error::Error;
pub use outcome::event::Event;
pub use outcome::failed_statement::FailedStatement;
pub use outcome::missing_right::MissingRight;
pub use outcome::progress::{Applied, Pending, Progress, Waiting};
pub use outcome::report::Report;
pub use outcome::unfinished::Unfinished;
pub use plan::Plan;
pub use plan::checksum::{Checksum, InvalidChecksum};
#[doc(inline)]
pub use plan::kind;
pub use plan::version::{Category, InvalidVersion, UnknownCategory, Version};
pub use release::Release;
pub use session::blocker::{Blocker, BlockerKind};
pub use session::connector::Connector;
pub use session::engine::Engine;
pub use session::foreign_part::ForeignPart;
pub use session::location::Location;
pub use session::other_meaning::OtherMeaning;
pub use session::privileged::{Power, Privileged};
pub use session::role::{InvalidRole, Role};
pub use session::server_error::ServerMessage;
pub use startup::{PendingRelease, Startup, VerifyOnly};
pub use status::{Status, status};
pub use up::Up;
pub use verify::{Verified, verify};
