//! Forward-only PostgreSQL migrations, checked by the compiler.
//!
//! This page leads from a folder of SQL to a service in production, with the item for each step. The guide in the repository has
//! the reasons, `onward explain <rule>` the page of each finding.
//!
//! # 1. Embed
//!
//! [`embed_migrations!`] reads a folder when the service is compiled, checks every statement against the schema that all files
//! before it leave, and writes a typed [`Plan`] into the binary. A mistake is a compile error with file, line and a fix. No
//! parser of SQL is in the binary.
//!
//! ```
//! static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
//!
//! assert_eq!(AUTH.schema(), "auth");
//! ```
//!
//! | files | run by | when |
//! | --- | --- | --- |
//! | `001` to `099` | [`Startup`] | at every start of the service |
//! | `S001` to `S999` | [`Startup`] | after them; again when the text is new |
//! | `100` to `199` | [`Release`] | before the deploy that needs them, by an operator |
//! | `DM001` to `DM999` | [`data::Worker`] | beside the service, in batches |
//!
//! Several modules are put together with [`modules!`], which does not compile when they do not fit together. The same folder types
//! the service's own SQL: [`schema!`](crate::schema), [`query!`](crate::query) and [`derive(Row)`](macro@Row).
//!
//! # 2. Start
//!
//! [`Startup`] applies what is pending, each migration exactly once however many replicas start, and returns a [`Report`] or an
//! [`Error`] that says how far it got. Where nothing is pending it costs one round trip.
//!
//! ```no_run
//! # static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
//! # async fn example(client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
//! let report = onward::Startup::new(&AUTH).run(client).await?;
//! println!("{report}");
//! # Ok(())
//! # }
//! ```
//!
//! A run borrows a connection, from a pool for example, and leaves it as it was. With a [`Connector`] it opens its own: then it
//! keeps the module's lock as a lease, runs what cannot run in a transaction, and connects again when the connection ends. A
//! listener hears of each [`Event`] while it happens. A role without DDL starts with [`Startup::verify_only`], an operator
//! releases with [`Release`], [`Up`] applies everything in a database of development or CI, and so does
//! [`Startup::everything_when_empty`] in an empty one. [`status`] compares a database with a binary without changing it.
//!
//! # 3. Tenants
//!
//! [`tenant::scope`] is a transaction with its tenant set, for tables whose policies compare it. [`tenant::Roles`] prints and checks
//! the roles that policies hold, [`tenant::audit::Audit`] proves on a server that they do.
//!
//! ```no_run
//! # async fn example(client: &mut tokio_postgres::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let tenant: onward::tenant::TenantId = "7c9e6679-7425-40de-944b-e07fc1f90ae7".parse()?;
//! let scope = onward::tenant::scope(client, tenant).await?;
//! let emails = scope.query("SELECT email FROM auth.users", &[]).await?;
//! scope.commit().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # 4. Data
//!
//! A [`data::Worker`] in each replica walks large tables in batches, one transaction each, and waits when the server has no room
//! ([`data::Throttles`]). A startup migration that requires a data migration waits for it without failing the start, and a release
//! that requires one refuses. [`data::Metrics`] is for Prometheus.
//!
//! ```no_run
//! # static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
//! # async fn example(connector: onward::Connector) {
//! let worker = onward::data::Worker::new(&AUTH);
//! tokio::spawn(async move { worker.run(&connector, std::future::pending()).await });
//! # }
//! ```
//!
//! # 5. Testing
//!
//! With the feature `testing`, `onward::testing::database(&AUTH)` gives each test a database with this schema, cloned in some
//! milliseconds and dropped behind the test.
//!
//! # What stays
//!
//! Each module keeps an append-only, hash-chained ledger in its own schema, with the view `schema_migration_history` for people
//! and dashboards. [`history()`] reads it, [`verify()`] names the first line that was changed by hand, and [`operator`] says to it what
//! an operator knows better.

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
pub mod types;
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
#[doc(hidden)]
pub use onward_macros::__asked;
/// Compares a struct with a table when it is compiled, and reads it from a row.
///
/// Each field is a column of its name, or of that in `#[onward(column = "...")]`. The compiler reports a column that does not
/// exist, one that can be null where the field is not an `Option`, and a type that is not read from the column's: see
/// [`types`] for the types, and [`types::Reads`] for types of your own. `#[onward(unchecked)]` on a field leaves the
/// comparison out. The schema is found by the name in [`schema!`](crate::schema): that of the table's schema in upper case,
/// or the one in `#[onward(schema = crate::db::AUTH, table = "...")]`.
///
/// ```
/// onward::schema!(AUTH = "migrations/auth");
///
/// #[derive(onward::Row)]
/// #[onward(table = "auth.permissions")]
/// struct Permission {
///     #[onward(column = "permission_code")]
///     code: String,
///     description: String,
/// }
///
/// fn read(row: &tokio_postgres::Row) -> Result<Permission, tokio_postgres::Error> {
///     Permission::try_from(row)
/// }
/// ```
pub use onward_macros::Row;
/// ```
/// static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
/// const VULN: onward::Plan = onward::embed_migrations!("migrations/vuln");
///
/// assert_eq!((AUTH.schema(), VULN.schema()), ("auth", "vuln"));
/// ```
pub use onward_macros::embed_migrations;
/// Checks a statement when it is compiled, against what the files of a folder leave behind.
///
/// `query!(AUTH, "...", values)` needs no database and no cache: the schema is the one of [`schema!`](crate::schema). The
/// compiler reports what PostgreSQL would refuse, with the place in the text and the name that was probably meant: tables,
/// columns, functions and types that do not exist, operators that do not take their values, columns that an `INSERT` leaves out
/// and that have no default, a wrong number of values, and values of another type. What cannot be judged is a warning, until the
/// caller writes `query!(AUTH, unchecked "...")`. Names without a schema are looked for in the module's own.
///
/// The result is a [`types::Query`]: `all`, `one`, `optional` and `execute` run it on a client or a transaction, `sql` and
/// `params` are for the driver's own methods. A row is a struct with a field for each column. One that can be null is an
/// `Option`, which outer joins are part of; `AS "name!"` says that a column is never null, and `AS "name?"` that it can be.
///
/// ```
/// onward::schema!(AUTH = "migrations/auth");
///
/// async fn codes(client: &tokio_postgres::Client) -> Result<Vec<String>, tokio_postgres::Error> {
///     let like = "users.%";
///     let query = onward::query!(
///         AUTH,
///         "SELECT permission_code, description FROM auth.permissions WHERE permission_code LIKE $1",
///         like,
///     );
///     let rows = query.all(client).await?;
///     Ok(rows.into_iter().map(|row| row.permission_code).collect())
/// }
/// ```
///
/// ```compile_fail
/// onward::schema!(AUTH = "migrations/auth");
///
/// let _ = onward::query!(AUTH, "SELECT permission_cod FROM auth.permissions");
/// ```
pub use onward_macros::query;
/// Writes the tables and types that a folder leaves behind as Rust items.
///
/// `schema!(AUTH = "migrations/auth")` finds the folder as [`embed_migrations!`] does; `schema!(AUTH)` alone means
/// `migrations/auth`. Where it stands there is then, for each table and view, a module of its name:
///
/// * a constant for each column, a [`types::Column`]: its name, type, nullability, default and key. Where a migration drops or
///   renames the column, code that uses the constant no longer compiles.
/// * `TABLE`, a [`types::Table`],
/// * `Row`, with a field for each column, and `TryFrom<&tokio_postgres::Row>`.
///
/// For each enum type there is an enum, and for each composite type a struct, with `ToSql` and `FromSql`. The name itself is a
/// module with all of them, and stands for the folder in [`query!`](crate::query) and [`derive(Row)`](macro@Row); a static of
/// this name may stand beside it. All of this is constants: what is not used is not in the program.
///
/// ```
/// static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
/// onward::schema!(AUTH = "migrations/auth");
///
/// let query = format!("SELECT {} FROM {}", users::EMAIL, users::TABLE);
/// assert_eq!(query, "SELECT email FROM auth.users");
/// assert!(!users::EMAIL.is_nullable() && users::EMAIL.data_type() == "text");
///
/// fn first(row: &tokio_postgres::Row) -> Result<String, tokio_postgres::Error> {
///     Ok(users::Row::try_from(row)?.email)
/// }
/// ```
pub use onward_macros::schema;
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
