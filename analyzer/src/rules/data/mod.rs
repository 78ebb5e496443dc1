//! Data migrations, which run in batches.

use crate::check::rule::Rule;

mod data_batch_not_progressing;
mod data_batch_unordered;
mod data_not_idempotent;
mod data_unbatched;
mod ddl_in_data_migration;

/// The rules of this folder, by name.
pub(super) const RULES: &[&Rule] = &[
    &data_batch_not_progressing::RULE,
    &data_batch_unordered::RULE,
    &data_not_idempotent::RULE,
    &data_unbatched::RULE,
    &ddl_in_data_migration::RULE,
];
