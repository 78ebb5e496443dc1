//! A PostgreSQL 15 to 18 on any machine. The [crate] page tells how to use it.

mod apt;
mod binaries;
mod cache;
mod cluster;
mod command;
mod database;
mod docker;
mod error;
mod fetch;
mod keeper;
mod major;
mod pgbouncer;
mod postmaster;
mod rows;
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
pub use self::rows::rows;
pub use self::server::Server;
pub use self::settings::Settings;
pub use self::source::Source;

use tokio::sync::OnceCell;

/// The one server that all tests of this process share, found by whoever asks first.
///
/// It is stopped when the process ends, also when a test panics or the process is killed.
pub async fn shared() -> Result<&'static Server, NoServer> {
    static SHARED: OnceCell<Server> = OnceCell::const_new();
    SHARED.get_or_try_init(Server::find).await
}

/// A fresh database on the [`shared`] server: all that most tests need.
pub async fn database() -> Result<Database, DatabaseError> {
    shared().await?.database().await
}
