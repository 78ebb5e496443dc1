//! Text: PostgreSQL's lexical rules, positions in a text, and quoting.

pub(crate) mod actions;
pub(crate) mod keywords;
pub(crate) mod nearest;
pub(crate) mod one_line;
pub mod position;
pub(crate) mod quote;
pub mod split;
