//! What a Citus cluster refuses, for modules with `[citus]` in their `onward.toml`.
//!
//! The facts are from the sources of Citus 14.0: `src/backend/distributed/commands` and the expected outputs of its
//! regression tests.

use crate::check::rule::Rule;

mod distribution_column_changed;
mod foreign_key_between_servers;
mod key_without_distribution_column;
mod refused_by_citus;
mod subquery_in_distributed_policy;
mod trigger_on_distributed_table;

/// The rules of this folder, by name.
pub(super) const RULES: &[&Rule] = &[
    &distribution_column_changed::RULE,
    &foreign_key_between_servers::RULE,
    &key_without_distribution_column::RULE,
    &refused_by_citus::RULE,
    &subquery_in_distributed_policy::RULE,
    &trigger_on_distributed_table::RULE,
];
