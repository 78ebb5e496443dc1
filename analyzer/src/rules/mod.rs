//! One file and one page a rule.

mod column_type_change;
mod concurrently_multiple_objects;
mod constraint_without_not_valid;
mod copy_from_stdin;
mod ddl_in_data_migration;
mod ddl_in_seed;
mod dml_in_schema_migration;
mod drop_column;
mod drop_function;
mod drop_index_without_concurrently;
mod drop_object;
mod drop_schema;
mod drop_sequence;
mod drop_table;
mod drop_type;
mod drop_view;
mod duplicate_version;
mod empty_file;
mod file_name;
mod identifier_too_long;
mod index_without_concurrently;
mod key_without_index;
mod newer_postgresql;
mod not_null_without_proof;
mod opaque_sql;
mod outside_transaction_at_startup;
mod psql_command;
mod rename_column;
mod rename_object;
mod rename_table;
mod required_column_without_default;
mod seed_not_idempotent;
mod session_state;
mod shares_file_outside_transaction;
mod transaction_control;
mod truncate;
mod unclosed_text;
mod unknown_statement;
mod unnamed_concurrent_index;
mod version_gap;
mod wrong_allowance;
mod wrong_directive;

use crate::rule::Rule;

/// Every rule, by name.
///
/// ```
/// assert!(onward_analyzer::RULES.iter().any(|rule| rule.aliases.contains(&"ban-drop-table")));
/// ```
pub const ALL: &[&Rule] = &[
    &column_type_change::RULE,
    &concurrently_multiple_objects::RULE,
    &constraint_without_not_valid::RULE,
    &copy_from_stdin::RULE,
    &ddl_in_data_migration::RULE,
    &ddl_in_seed::RULE,
    &dml_in_schema_migration::RULE,
    &drop_column::RULE,
    &drop_function::RULE,
    &drop_index_without_concurrently::RULE,
    &drop_object::RULE,
    &drop_schema::RULE,
    &drop_sequence::RULE,
    &drop_table::RULE,
    &drop_type::RULE,
    &drop_view::RULE,
    &duplicate_version::RULE,
    &empty_file::RULE,
    &file_name::RULE,
    &identifier_too_long::RULE,
    &index_without_concurrently::RULE,
    &key_without_index::RULE,
    &newer_postgresql::RULE,
    &not_null_without_proof::RULE,
    &opaque_sql::RULE,
    &outside_transaction_at_startup::RULE,
    &psql_command::RULE,
    &rename_column::RULE,
    &rename_object::RULE,
    &rename_table::RULE,
    &required_column_without_default::RULE,
    &seed_not_idempotent::RULE,
    &session_state::RULE,
    &shares_file_outside_transaction::RULE,
    &transaction_control::RULE,
    &truncate::RULE,
    &unclosed_text::RULE,
    &unknown_statement::RULE,
    &unnamed_concurrent_index::RULE,
    &version_gap::RULE,
    &wrong_allowance::RULE,
    &wrong_directive::RULE,
];
