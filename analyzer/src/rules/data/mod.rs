//! Data migrations, which run in batches.

use crate::check::rule::Rule;

mod broken_replacement;
mod data_batch_changes_meaning;
mod data_batch_key;
mod data_batch_not_progressing;
mod data_batch_unordered;
mod data_not_idempotent;
mod data_reads_own_writes;
mod data_several_statements;
mod data_unbatched;
mod data_without_tenant;
mod ddl_in_data_migration;
mod replacement_expression;
mod replacement_loses_values;
mod startup_behind_gate;
mod wrong_data_query;

pub(crate) use wrong_data_query::wrong_gate;

/// The rules of this folder, by name.
pub(super) const RULES: &[&Rule] = &[
    &broken_replacement::RULE,
    &data_batch_changes_meaning::RULE,
    &data_batch_key::RULE,
    &data_batch_not_progressing::RULE,
    &data_batch_unordered::RULE,
    &data_not_idempotent::RULE,
    &data_reads_own_writes::RULE,
    &data_several_statements::RULE,
    &data_unbatched::RULE,
    &data_without_tenant::RULE,
    &ddl_in_data_migration::RULE,
    &replacement_expression::RULE,
    &replacement_loses_values::RULE,
    &startup_behind_gate::RULE,
    &wrong_data_query::RULE,
];
