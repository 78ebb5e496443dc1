//! From the folder of another tool to a module: what is read there, and what becomes of it. Pure, but for `folder`.

mod files;
mod folder;
mod history;
mod moves;
mod names;
mod record;
mod script;
mod section;
mod siphash;
mod tool;

pub(crate) use folder::{Written, read, write};
pub(crate) use history::{Proof, Row, compare, tables};
pub(crate) use moves::Adoption;
pub(crate) use record::{FILE, read as read_records};
pub(crate) use tool::Tool;
