//! Text: PostgreSQL's lexical rules, places in a text, and SQL written back.

pub(crate) mod actions;
pub(crate) mod keywords;
pub(crate) mod nearest;
pub mod position;
pub(crate) mod quote;
pub mod split;
