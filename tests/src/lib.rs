//! What Onward's tests on real PostgreSQL stand on: a finder that gets a server on any machine.
//!
//! Most tests need one line, a fresh database on the server that the whole test process shares:
//!
//! ```no_run
//! use onward_tests::postgres;
//!
//! # // The attribute would hide the body from rustdoc, and this is the same without it.
//! # async fn a_table_is_there() -> Result<(), Box<dyn std::error::Error>> {
//! let database = postgres::database().await?;
//! let client = database.connect().await?;
//! client.batch_execute("CREATE TABLE t (id bigint)").await?;
//! # Ok(())
//! # }
//! ```
//!
//! - [`postgres::database`] for a database, [`Database::connect`](postgres::Database::connect) for
//!   a client, [`Database::url`](postgres::Database::url) for a program that wants a URL.
//! - [`Server::start`](postgres::Server::start) with a [`Source`](postgres::Source) for a certain
//!   major: `Server::start(&Source::Fetch(Major::V16))`.
//! - [`Cluster`](postgres::Cluster) to kill the server and start it again on the same data. Give it
//!   [`Settings::durable`](postgres::Settings::durable), or a crash loses what was committed.
//!
//! Databases are dropped and servers stopped when their values are dropped, and when the process
//! ends in any other way. What the finder tries, and how `ONWARD_PG` chooses, is told at
//! [`Server::find`](postgres::Server::find) and [`Source`](postgres::Source). When there is no
//! server, tests fail and say how to get one; they are never skipped.
//!
//! - [`proxy`] for a wire on which things go wrong at a message of your choice, or a long one.
//!
//! Linux and macOS; TLS is not spoken, so `DATABASE_URL` has to name a server that does without.

pub mod harbor;
pub mod postgres;
pub mod proxy;

/// The `onward.toml` of a module whose files are only read, not judged.
///
/// ```
/// assert!(onward_analyzer::settings::read(onward_tests::UNJUDGED).is_ok());
/// ```
pub const UNJUDGED: &str = "lint_from = [\"099\", \"199\", \"S999\", \"DM999\"]\n";
