//! A language server for migration files: what the compiler says, while a file is written.
//!
//! The unit is a module. Each change of a file judges its folder as a whole, with the texts of the editor in place of those on
//! disk, so a finding of a later file appears when an earlier one is edited. Questions between two changes are answered from one
//! judgement.

mod actions;
mod answer;
mod folder;
mod hover;
mod kept;
mod names;
mod place;
mod server;

pub(crate) use server::{ServeError, serve};
