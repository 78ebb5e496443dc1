//! Seeds, which run again after every change of their text.

use crate::check::rule::Rule;

mod conflict_target_not_unique;
mod ddl_in_seed;
mod generated_id_in_seed;
mod insert_without_columns;
mod seed_destructive_dml;
mod seed_nondeterministic_key;
mod seed_not_idempotent;
mod seed_tenant_data;

/// The rules of this folder, by name.
pub(super) const RULES: &[&Rule] = &[
    &conflict_target_not_unique::RULE,
    &ddl_in_seed::RULE,
    &generated_id_in_seed::RULE,
    &insert_without_columns::RULE,
    &seed_destructive_dml::RULE,
    &seed_nondeterministic_key::RULE,
    &seed_not_idempotent::RULE,
    &seed_tenant_data::RULE,
];
