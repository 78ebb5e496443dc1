//! Everything about the input: the folder, its settings, the names of its files, and their directives.

mod citus;
pub mod directive;
pub mod external;
pub(crate) mod file;
pub mod file_name;
mod foreign_names;
pub mod lock_file;
mod misplaced;
pub(crate) mod module;
pub mod normalize;
pub(crate) mod parsed;
pub mod problem;
pub(crate) mod question;
pub mod settings;
pub mod source;
mod tenancy;
pub(crate) mod unneeded;
