//! Test cases that are checked both by the analyzer and on a real server, so that each is a witness for
//! the other.
//!
//! - [`page`] reads the cases of a rule's page. The pages are beside the source of their rules.
//! - [`mistakes`] reads what people get wrong, from the folder `mistakes/`, and what is right beside it.
//! - [`grammar`] reads the statements of the folder `grammar/`, which PostgreSQL accepts or refuses.
//! - [`growth`] writes histories of any length.
//! - [`policies`] lists conditions of policies, with what they prove.
//!
//! This crate uses only the standard library, because the tests of the analyzer and those on servers both
//! depend on it.

pub mod grammar;
pub mod growth;
pub mod mistakes;
pub mod page;
pub mod policies;
