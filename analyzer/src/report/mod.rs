//! Findings as text for people.

mod text;

pub use text::*;
