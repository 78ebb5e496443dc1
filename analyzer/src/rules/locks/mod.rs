//! Locks, rewrites and scans that make other sessions wait.

use crate::check::rule::Rule;

mod add_serial_column;
mod alter_domain_constraint;
mod attach_without_check;
mod attach_without_indexes;
mod check_without_not_valid;
mod concurrently_if_not_exists;
mod concurrently_in_transaction;
mod concurrently_multiple_objects;
mod concurrently_on_partitioned;
mod constrained_domain_column;
mod detach_without_concurrently;
mod distribute_used_table;
mod domain_with_constraint;
mod drop_index_without_concurrently;
mod drop_needed_index;
mod enum_value_used_in_transaction;
mod exclusion_constraint;
mod foreign_key_without_not_valid;
mod index_without_concurrently;
mod lock_order;
mod lock_table;
mod lock_timeout_disabled;
mod multiple_alter_table;
mod multiple_foreign_keys;
mod not_null_without_proof;
mod outside_transaction_at_startup;
mod partition_locks_parent;
mod partition_scans_default;
mod primary_key_over_nullable;
mod primary_key_without_index;
mod refresh_without_concurrently;
mod reindex_without_concurrently;
mod statement_after_access_exclusive;
mod statement_not_in_transaction;
mod stored_generated_column;
mod table_storage_change;
mod unique_without_index;
mod unnamed_concurrent_index;
mod vacuum_full;
mod validate_in_same_transaction;
mod volatile_default;
mod wide_lock_window;

/// The rules of this folder, by name.
pub(super) const RULES: &[&Rule] = &[
    &add_serial_column::RULE,
    &alter_domain_constraint::RULE,
    &attach_without_check::RULE,
    &attach_without_indexes::RULE,
    &check_without_not_valid::RULE,
    &concurrently_if_not_exists::RULE,
    &concurrently_in_transaction::RULE,
    &concurrently_multiple_objects::RULE,
    &concurrently_on_partitioned::RULE,
    &constrained_domain_column::RULE,
    &detach_without_concurrently::RULE,
    &distribute_used_table::RULE,
    &domain_with_constraint::RULE,
    &drop_index_without_concurrently::RULE,
    &drop_needed_index::RULE,
    &enum_value_used_in_transaction::RULE,
    &exclusion_constraint::RULE,
    &foreign_key_without_not_valid::RULE,
    &index_without_concurrently::RULE,
    &lock_order::RULE,
    &lock_table::RULE,
    &lock_timeout_disabled::RULE,
    &multiple_alter_table::RULE,
    &multiple_foreign_keys::RULE,
    &not_null_without_proof::RULE,
    &outside_transaction_at_startup::RULE,
    &partition_locks_parent::RULE,
    &partition_scans_default::RULE,
    &primary_key_over_nullable::RULE,
    &primary_key_without_index::RULE,
    &refresh_without_concurrently::RULE,
    &reindex_without_concurrently::RULE,
    &statement_after_access_exclusive::RULE,
    &statement_not_in_transaction::RULE,
    &stored_generated_column::RULE,
    &table_storage_change::RULE,
    &unique_without_index::RULE,
    &unnamed_concurrent_index::RULE,
    &vacuum_full::RULE,
    &validate_in_same_transaction::RULE,
    &volatile_default::RULE,
    &wide_lock_window::RULE,
];
