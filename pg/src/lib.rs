//! A PostgreSQL 15 to 18 for tests and trials: found or started on any machine, and removed afterwards.
//!
//! `cargo run -p onward-pg` prints the URL of one and keeps it until Ctrl-C. Most tests need one line, a
//! fresh database on the server that the whole test process shares:
//!
//! ```no_run
//! # // The attribute would hide the body from rustdoc, and this is the same without it.
//! # async fn a_table_is_there() -> Result<(), Box<dyn std::error::Error>> {
//! let database = onward_pg::database().await?;
//! let client = database.connect().await?;
//! client.batch_execute("CREATE TABLE t (id bigint)").await?;
//! # Ok(())
//! # }
//! ```
//!
//! - [`database`] for a database, [`Database::connect`] for a client, [`Database::url`] for a program
//!   that wants a URL.
//! - [`Server::start`] with a [`Source`] for a certain major: `Server::start(&Source::Fetch(Major::V16))`.
//! - [`Cluster`] to kill the server and start it again on the same data. Give it [`Settings::durable`],
//!   or a crash loses what was committed.
//!
//! Databases are dropped and servers stopped when their values are dropped, and when the process
//! ends in any other way. [`Server::find`] and [`Source`] describe what the finder tries and how
//! `ONWARD_PG` chooses. When there is no server, the error lists what was tried and how to get one.
//!
//! The feature `docker` adds containers to the ways to a server. The crate runs on Linux and
//! macOS. It does not support TLS, so `DATABASE_URL` has to name a server that accepts connections
//! without it.

mod apt;
mod binaries;
mod cache;
mod cluster;
mod command;
mod database;
#[cfg(feature = "docker")]
mod docker;
mod error;
mod fetch;
mod find;
mod keeper;
mod major;
#[cfg(not(feature = "docker"))]
mod no_docker;
mod pgbouncer;
mod postmaster;
mod server;
mod settings;
mod source;
mod unique;
mod user;

pub use self::binaries::Binaries;
pub use self::cluster::Cluster;
pub use self::command::CommandError;
pub use self::database::{Database, DatabaseError, connect};
pub use self::error::{Attempt, ClusterError, NoServer, Way};
pub use self::major::{Major, UnknownMajor};
pub use self::pgbouncer::{PgBouncer, PgBouncerError};
pub use self::server::Server;
pub use self::settings::Settings;
pub use self::source::Source;

#[cfg(feature = "docker")]
use self::docker::Container;
#[cfg(not(feature = "docker"))]
use self::no_docker::Container;

use tokio::sync::OnceCell;

/// The one server that all tests of this process share, found when the first test asks for it.
///
/// It is stopped when the process ends, also when a test panics or the process is killed.
///
/// ```no_run
/// # async fn example() -> Result<(), onward_pg::NoServer> {
/// println!("{}", onward_pg::shared().await?);
/// # Ok(())
/// # }
/// ```
pub async fn shared() -> Result<&'static Server, NoServer> {
    static SHARED: OnceCell<Server> = OnceCell::const_new();
    SHARED.get_or_try_init(Server::find).await
}

/// A fresh database on the [`shared`] server: most tests need no more.
///
/// ```no_run
/// # async fn example() -> Result<(), onward_pg::DatabaseError> {
/// let client = onward_pg::database().await?.connect().await?;
/// # Ok(())
/// # }
/// ```
pub async fn database() -> Result<Database, DatabaseError> {
    shared().await?.database().await
}
