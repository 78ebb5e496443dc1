//! Renders findings as text with source lines, and what is to be said about all of them.

mod notes;
mod text;

pub use notes::notes;
pub use text::*;
