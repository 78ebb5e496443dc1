//! What a migration file may contain, and how it is written.

use crate::check::rule::Rule;

mod additive_in_release;
mod copy_from_stdin;
mod copy_to;
mod create_table_as_select;
mod delete_without_where;
mod dml_in_schema_migration;
mod down_migration;
mod dropped_in_same_file;
mod duplicate_column_assignment;
mod duplicate_object;
mod duplicate_version;
mod empty_file;
mod file_name;
mod foreign_key_without_unique_key;
mod identifier_too_long;
mod lock_file_damaged;
mod lock_file_out_of_date;
mod naming_convention;
mod newer_postgresql;
mod opaque_sql;
mod pending_trigger_events;
mod psql_command;
mod redundant_if_not_exists;
mod savepoint;
mod sealed_file_changed;
mod server_config;
mod session_set_without_local;
mod session_state;
mod transaction_control;
mod unclosed_text;
mod unknown_object;
mod unknown_statement;
mod unnamed_constraint;
mod unnamed_index;
mod unsupported_on_version;
mod update_without_where;
mod version_gap;
mod write_without_replica_identity;
mod wrong_allowance;
mod wrong_directive;
mod wrong_type;

/// The rules of this folder, by name.
pub(super) const RULES: &[&Rule] = &[
    &additive_in_release::RULE,
    &copy_from_stdin::RULE,
    &copy_to::RULE,
    &create_table_as_select::RULE,
    &delete_without_where::RULE,
    &dml_in_schema_migration::RULE,
    &down_migration::RULE,
    &dropped_in_same_file::RULE,
    &duplicate_column_assignment::RULE,
    &duplicate_object::RULE,
    &duplicate_version::RULE,
    &empty_file::RULE,
    &file_name::RULE,
    &foreign_key_without_unique_key::RULE,
    &identifier_too_long::RULE,
    &lock_file_damaged::RULE,
    &lock_file_out_of_date::RULE,
    &naming_convention::RULE,
    &newer_postgresql::RULE,
    &opaque_sql::RULE,
    &pending_trigger_events::RULE,
    &psql_command::RULE,
    &redundant_if_not_exists::RULE,
    &savepoint::RULE,
    &sealed_file_changed::RULE,
    &server_config::RULE,
    &session_set_without_local::RULE,
    &session_state::RULE,
    &transaction_control::RULE,
    &unclosed_text::RULE,
    &unknown_object::RULE,
    &unknown_statement::RULE,
    &unnamed_constraint::RULE,
    &unnamed_index::RULE,
    &unsupported_on_version::RULE,
    &update_without_where::RULE,
    &version_gap::RULE,
    &write_without_replica_identity::RULE,
    &wrong_allowance::RULE,
    &wrong_directive::RULE,
    &wrong_type::RULE,
];
