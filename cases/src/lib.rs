//! What the analyzer is tested with, and a real server too, so that neither can be wrong alone.
//!
//! - [`page`] reads the cases of a rule's page. The pages stand beside their rules.
//! - [`grammar`] has the statements of the folder `grammar/`, which PostgreSQL accepts or refuses.
//!
//! Standard library only, and nothing of ours: the analyzer's tests and those on servers depend on it.

pub mod grammar;
pub mod page;
