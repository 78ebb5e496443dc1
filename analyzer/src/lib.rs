//! Reads a folder of PostgreSQL migrations, checks every statement and builds the plan of it.
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
//! The folders are floors: each uses what stands below it, and nothing above.
//! `statement`, `text`, `finding` < `lower` < `intake`, `schema` < `effect` < `check`, `plan` < `rules`
//! < `allow`, `severity`
//! < `analyze` < `report`.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

mod allow;
mod analyze;
mod check;
pub mod effect;
pub mod finding;
mod intake;
pub mod lower;
pub mod plan;
pub mod report;
mod rules;
pub mod schema;
mod severity;
pub mod statement;
mod text;

pub use crate::analyze::{Analysis, analyze};
pub use crate::check::rule;
pub use crate::finding::{Finding, Severity};
pub use crate::intake::{directive, file_name, normalize, problem, settings, source};
pub use crate::plan::{AnalyzedStatement, Plan};
pub use crate::rules::{ALL as RULES, find as find_rules, guess as guess_rule};
pub use crate::text::{position, split};
