//! From the folder of another tool to a module: what is read there, and what becomes of it. Pure, but for `folder`.

mod files;
mod folder;
mod moves;
mod names;
mod script;
mod section;
mod tool;

pub(crate) use folder::{Written, read, write};
pub(crate) use moves::Adoption;
pub(crate) use tool::Tool;
