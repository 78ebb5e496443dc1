//! What Onward's tests on real PostgreSQL stand on, beside the server that [`onward_pg`] finds them.
//!
//! - [`harbor`] is the module that tests break.
//! - [`proxy`] is a wire on which things go wrong at a message of your choice, or a long one.
//! - [`rows`] turns the answer of a query into texts to compare.

pub mod harbor;
pub mod proxy;
mod rows;

pub use self::rows::rows;

/// The `onward.toml` of a module whose files are only read, not judged.
///
/// ```
/// assert!(onward_analyzer::settings::read(onward_tests::UNJUDGED).is_ok());
/// ```
pub const UNJUDGED: &str = "lint_from = [\"099\", \"199\", \"S999\", \"DM999\"]\n";
