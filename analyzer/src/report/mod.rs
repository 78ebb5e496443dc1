//! Renders findings as text with source lines.

mod text;

pub use text::*;
