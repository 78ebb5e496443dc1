//! Reads a folder of PostgreSQL migrations, judges every statement and makes the plan of it.
//!
//! This crate is what `onward::embed_migrations!` and the `onward` command have in common. It
//! opens no socket and asks no server. The only module that touches the file system is [`source`];
//! everything after it is total: broken SQL is data, so that one run reports every finding of
//! every file.
//!
//! ```
//! use onward_analyzer::{analyze, source::Module};
//!
//! let module = Module::in_memory("auth", [("001_users.sql", "CREATE TABLE auth.users (id bigint PRIMARY KEY);")]);
//! let analysis = analyze(module);
//! assert!(analysis.findings.is_empty());
//! assert_eq!(analysis.plan.map(|plan| plan.startup.len()), Some(1));
//! ```
//!
//! The pipeline, one module a stage:
//! [`source`] - [`file_name`] - [`directive`] - [`split`] - [`lower`] - [`statement`] - [`schema`]
//! - [`effect`] - [`rule`] - `allow` - [`plan`] - [`render`].

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

mod actions;
mod allow;
mod cure;
pub mod directive;
pub mod effect;
mod file;
pub mod file_name;
pub mod finding;
mod foresee;
mod held;
mod judge;
mod keywords;
pub mod lower;
mod makes;
mod needs;
pub mod original;
mod outline;
pub mod plan;
pub mod position;
pub mod render;
pub mod rule;
mod rules;
pub mod schema;
mod scope;
pub mod settings;
pub mod source;
pub mod split;
mod sql;
pub mod statement;

pub use crate::finding::{Finding, Severity};
pub use crate::judge::{Analysis, Judged, analyze};
pub use crate::plan::Plan;
pub use crate::rules::{ALL as RULES, find as find_rules, guess as guess_rule};
