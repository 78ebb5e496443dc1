//! The answers of a run: its report, its errors, and what a listener hears in between.

pub(crate) mod chain;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod failed_statement;
pub(crate) mod missing_right;
pub(crate) mod progress;
pub(crate) mod report;
pub(crate) mod unfinished;
