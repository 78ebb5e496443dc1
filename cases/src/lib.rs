//! The statements that the analyzer and a real server are both tested with, so that an error in one shows
//! in the other.
//!
//! - [`page`] reads the cases of a rule's page. The pages are beside their rules.
//! - [`grammar`] has the statements of the folder `grammar/`, which PostgreSQL accepts or refuses.
//!
//! Depends on the standard library only: the analyzer's tests and the tests on servers depend on this crate.

pub mod grammar;
pub mod page;
