//! Checks a folder of PostgreSQL migrations, and builds the plan to run them.
//!
//! `onward::embed_migrations!` and the `onward` command both use this crate. It opens no socket and needs no
//! server: [`analyze`] folds the SQL into a model of the schema, and applies the [`RULES`] to every statement.
//! The result is an [`Analysis`]: the [`Finding`]s, and the [`Plan`] if no finding is an error.
//!
//! Only [`source`] touches the file system. Every stage after it is total: broken SQL is reported as a
//! finding and does not stop the analysis, so that one run reports every finding of every file.
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
//! # From text to findings
//!
//! | module | what it does |
//! | --- | --- |
//! | [`source`] | reads a folder; [`settings`], [`file_name`] and [`directive`] say what its parts mean |
//! | [`split`] | splits a file into statements |
//! | [`lower`] | parses a statement into a [`statement::Statement`], the form that every later stage uses |
//! | [`schema`] | the model: which objects exist just before a statement |
//! | [`folded`] | the result of all files as one |
//! | [`precondition`] | what statements demand of rows that exist, as queries |
//! | [`tenancy`] | whether policies keep tenants apart, proved or refuted |
//! | [`effect`] | what a statement does on the server: locks, scans, rewrites |
//! | [`replace`] | replacing a column by another, as a series of files |
//! | [`rule`] | what a rule is: a page, its severities and a function |
//! | [`plan`] | what the runtime executes: steps, checksums, locks |
//! | [`report`] | renders findings as text, with source lines |
//! | [`typed`] | what Rust code can know of the schema, and whether its queries fit |
//!
//! The folders are layers: a layer uses only those below it. From the bottom up: `statement`, `text`,
//! `finding` < `lower` < `intake`, `schema` < `tenancy` < `effect` < `check`, `plan` < `rules` < `allow`, `severity`
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
pub mod folded;
mod intake;
pub mod lower;
pub mod plan;
pub mod precondition;
pub mod replace;
pub mod report;
mod rules;
pub mod schema;
mod severity;
pub mod statement;
pub mod tenancy;
mod text;
pub mod typed;

pub use crate::analyze::{Analysis, Unjudged, analyze, analyze_parsed};
pub use crate::check::rule;
pub use crate::finding::{Finding, Severity};
pub use crate::intake::parsed::Parsed;
pub use crate::intake::{
    directive, external, file_name, lock_file, normalize, problem, settings, source,
};
pub use crate::plan::{AnalyzedStatement, Plan};
pub use crate::rules::{ALL as RULES, find as find_rules, guess as guess_rule};
pub use crate::text::{position, split};
