//! What Onward's tests on real PostgreSQL share. [`onward_pg`] finds their server.
//!
//! - [`harbor`] is the module that fault tests migrate.
//! - [`impostor`] is a server that is not PostgreSQL.
//! - [`proxy`] is a connection with a fault at a message of your choice, or with a delay.
//! - [`rows`] turns the answer to a query into texts to compare.

pub mod harbor;
pub mod impostor;
pub mod proxy;
mod rows;

pub use self::rows::rows;

/// The `onward.toml` of a module whose files are only read and not checked.
///
/// ```
/// assert!(onward_analyzer::settings::read(onward_tests::UNJUDGED).is_ok());
/// ```
pub const UNJUDGED: &str = "lint_from = [\"099\", \"199\", \"S999\", \"DM999\"]\n";
