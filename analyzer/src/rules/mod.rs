//! One file and one page a rule; `domain`, `key`, `own_file` and `partition` are what several of them share.

use crate::directive::nearest;
use crate::finding::Message;
use crate::rule::Rule;

mod add_column;
mod add_enum_value;
mod add_serial_column;
mod additive_in_release;
mod alter_domain_constraint;
mod alter_identity;
mod alter_sequence;
mod attach_without_check;
mod bytea_artifact;
mod cascade;
mod check_without_not_valid;
mod column_type_change;
mod composite_attribute_change;
mod concurrently_if_not_exists;
mod concurrently_in_transaction;
mod concurrently_multiple_objects;
mod concurrently_on_partitioned;
mod conflict_target_not_unique;
mod constrained_domain_column;
mod copy_from_stdin;
mod create_table_as_select;
mod cross_schema_foreign_key;
mod cross_schema_reference;
mod data_batch_not_progressing;
mod data_batch_unordered;
mod data_not_idempotent;
mod data_unbatched;
mod ddl_in_data_migration;
mod ddl_in_seed;
mod delete_without_where;
mod detach_without_concurrently;
mod disable_row_security;
mod disable_trigger;
mod dml_in_schema_migration;
mod domain;
mod domain_with_constraint;
mod down_migration;
mod drop_column;
mod drop_constraint;
mod drop_database;
mod drop_default;
mod drop_function;
mod drop_index_without_concurrently;
mod drop_key;
mod drop_last_policy;
mod drop_needed_index;
mod drop_not_null;
mod drop_object;
mod drop_schema;
mod drop_sequence;
mod drop_table;
mod drop_trigger;
mod drop_type;
mod drop_view;
mod duplicate_column_assignment;
mod duplicate_index;
mod duplicate_object;
mod duplicate_version;
mod empty_file;
mod enum_type;
mod enum_value_used_in_transaction;
mod enum_value_without_place;
mod exclusion_constraint;
mod extension_in_module;
mod falling;
mod file_name;
mod fixed_length_char;
mod foreign_key_type_mismatch;
mod foreign_key_without_not_valid;
mod foreign_key_without_unique_key;
mod foreign_keys;
mod foreign_schema_object;
mod generated_id_in_seed;
mod identifier_too_long;
mod index_without_concurrently;
mod inexact_amount;
mod inheritance_change;
mod insert_without_columns;
mod json_column;
mod key;
mod lock_order;
mod lock_table;
mod lock_timeout_disabled;
mod multiple_alter_table;
mod multiple_foreign_keys;
mod multiple_permissive_policies;
mod mutable_search_path;
mod naming_convention;
mod narrow_integer_key;
mod new_write_restriction;
mod newer_postgresql;
mod not_null_without_proof;
mod opaque_sql;
mod outside_transaction_at_startup;
mod overbroad_grant;
mod own_file;
mod owner_change;
mod partition;
mod partition_locks_parent;
mod partition_scans_default;
mod pinned;
mod policy_change;
mod policy_evaluated_per_row;
mod policy_without_check;
mod primary_key_over_nullable;
mod primary_key_without_index;
mod psql_command;
mod redundant_if_not_exists;
mod refresh_without_concurrently;
mod reg_type_column;
mod reindex_without_concurrently;
mod rename_column;
mod rename_object;
mod rename_table;
mod replace_function;
mod replace_view;
mod replica_identity;
mod required_column_without_default;
mod revoke;
mod role_change;
mod row_security_on_existing_table;
mod rows;
mod savepoint;
mod search_path_change;
mod seed_destructive_dml;
mod seed_nondeterministic_key;
mod seed_not_idempotent;
mod seed_tenant_data;
mod serial_column;
mod server_config;
mod session_set_without_local;
mod session_state;
mod set_default;
mod set_schema;
mod statement_after_access_exclusive;
mod statement_not_in_transaction;
mod stored_generated_column;
mod table_storage_change;
mod table_without_primary_key;
mod taken;
mod timestamp_without_time_zone;
mod transaction_control;
mod trigger_on_existing_table;
mod truncate;
mod truncate_cascade;
mod type_change_with_dependents;
mod typed;
mod unclosed_text;
mod unindexed_foreign_key;
mod unique_without_index;
mod unknown_object;
mod unknown_statement;
mod unlogged_table;
mod unnamed_concurrent_index;
mod unnamed_constraint;
mod unnamed_index;
mod unqualified_name;
mod unsupported_on_version;
mod update_without_where;
mod vacuum_full;
mod validate_in_same_transaction;
mod varchar_with_limit;
mod version_gap;
mod view_bypasses_row_security;
mod view_shape;
mod volatile_default;
mod wide_index;
mod wide_lock_window;
mod wrong_allowance;
mod wrong_directive;

/// Every rule, by name.
///
/// ```
/// assert!(onward_analyzer::RULES.iter().any(|rule| rule.aliases.contains(&"ban-drop-table")));
/// ```
pub const ALL: &[&Rule] = &[
    &add_column::RULE,
    &add_enum_value::RULE,
    &add_serial_column::RULE,
    &additive_in_release::RULE,
    &alter_domain_constraint::RULE,
    &alter_identity::RULE,
    &alter_sequence::RULE,
    &attach_without_check::RULE,
    &bytea_artifact::RULE,
    &cascade::RULE,
    &check_without_not_valid::RULE,
    &column_type_change::RULE,
    &composite_attribute_change::RULE,
    &concurrently_if_not_exists::RULE,
    &concurrently_in_transaction::RULE,
    &concurrently_multiple_objects::RULE,
    &concurrently_on_partitioned::RULE,
    &conflict_target_not_unique::RULE,
    &constrained_domain_column::RULE,
    &copy_from_stdin::RULE,
    &create_table_as_select::RULE,
    &cross_schema_foreign_key::RULE,
    &cross_schema_reference::RULE,
    &data_batch_not_progressing::RULE,
    &data_batch_unordered::RULE,
    &data_not_idempotent::RULE,
    &data_unbatched::RULE,
    &ddl_in_data_migration::RULE,
    &ddl_in_seed::RULE,
    &delete_without_where::RULE,
    &detach_without_concurrently::RULE,
    &disable_row_security::RULE,
    &disable_trigger::RULE,
    &dml_in_schema_migration::RULE,
    &domain_with_constraint::RULE,
    &down_migration::RULE,
    &drop_column::RULE,
    &drop_constraint::RULE,
    &drop_database::RULE,
    &drop_default::RULE,
    &drop_function::RULE,
    &drop_index_without_concurrently::RULE,
    &drop_key::RULE,
    &drop_last_policy::RULE,
    &drop_needed_index::RULE,
    &drop_not_null::RULE,
    &drop_object::RULE,
    &drop_schema::RULE,
    &drop_sequence::RULE,
    &drop_table::RULE,
    &drop_trigger::RULE,
    &drop_type::RULE,
    &drop_view::RULE,
    &duplicate_column_assignment::RULE,
    &duplicate_index::RULE,
    &duplicate_object::RULE,
    &duplicate_version::RULE,
    &empty_file::RULE,
    &enum_type::RULE,
    &enum_value_used_in_transaction::RULE,
    &enum_value_without_place::RULE,
    &exclusion_constraint::RULE,
    &extension_in_module::RULE,
    &file_name::RULE,
    &fixed_length_char::RULE,
    &foreign_key_type_mismatch::RULE,
    &foreign_key_without_not_valid::RULE,
    &foreign_key_without_unique_key::RULE,
    &foreign_schema_object::RULE,
    &generated_id_in_seed::RULE,
    &identifier_too_long::RULE,
    &index_without_concurrently::RULE,
    &inexact_amount::RULE,
    &inheritance_change::RULE,
    &insert_without_columns::RULE,
    &json_column::RULE,
    &lock_order::RULE,
    &lock_table::RULE,
    &lock_timeout_disabled::RULE,
    &multiple_alter_table::RULE,
    &multiple_foreign_keys::RULE,
    &multiple_permissive_policies::RULE,
    &mutable_search_path::RULE,
    &naming_convention::RULE,
    &narrow_integer_key::RULE,
    &new_write_restriction::RULE,
    &newer_postgresql::RULE,
    &not_null_without_proof::RULE,
    &opaque_sql::RULE,
    &outside_transaction_at_startup::RULE,
    &overbroad_grant::RULE,
    &owner_change::RULE,
    &partition_locks_parent::RULE,
    &partition_scans_default::RULE,
    &policy_change::RULE,
    &policy_evaluated_per_row::RULE,
    &policy_without_check::RULE,
    &primary_key_over_nullable::RULE,
    &primary_key_without_index::RULE,
    &psql_command::RULE,
    &redundant_if_not_exists::RULE,
    &refresh_without_concurrently::RULE,
    &reg_type_column::RULE,
    &reindex_without_concurrently::RULE,
    &rename_column::RULE,
    &rename_object::RULE,
    &rename_table::RULE,
    &replace_function::RULE,
    &replace_view::RULE,
    &replica_identity::RULE,
    &required_column_without_default::RULE,
    &revoke::RULE,
    &role_change::RULE,
    &row_security_on_existing_table::RULE,
    &savepoint::RULE,
    &search_path_change::RULE,
    &seed_destructive_dml::RULE,
    &seed_nondeterministic_key::RULE,
    &seed_not_idempotent::RULE,
    &seed_tenant_data::RULE,
    &serial_column::RULE,
    &server_config::RULE,
    &session_set_without_local::RULE,
    &session_state::RULE,
    &set_default::RULE,
    &set_schema::RULE,
    &statement_after_access_exclusive::RULE,
    &statement_not_in_transaction::RULE,
    &stored_generated_column::RULE,
    &table_storage_change::RULE,
    &table_without_primary_key::RULE,
    &timestamp_without_time_zone::RULE,
    &transaction_control::RULE,
    &trigger_on_existing_table::RULE,
    &truncate::RULE,
    &truncate_cascade::RULE,
    &type_change_with_dependents::RULE,
    &unclosed_text::RULE,
    &unindexed_foreign_key::RULE,
    &unique_without_index::RULE,
    &unknown_object::RULE,
    &unknown_statement::RULE,
    &unlogged_table::RULE,
    &unnamed_concurrent_index::RULE,
    &unnamed_constraint::RULE,
    &unnamed_index::RULE,
    &unqualified_name::RULE,
    &unsupported_on_version::RULE,
    &update_without_where::RULE,
    &vacuum_full::RULE,
    &validate_in_same_transaction::RULE,
    &varchar_with_limit::RULE,
    &version_gap::RULE,
    &view_bypasses_row_security::RULE,
    &volatile_default::RULE,
    &wide_index::RULE,
    &wide_lock_window::RULE,
    &wrong_allowance::RULE,
    &wrong_directive::RULE,
];

/// The rule of this name, or else those that other linters call so: what is one rule there can be
/// several here.
///
/// ```
/// use onward_analyzer::find_rules;
///
/// let ids = |name| find_rules(name).iter().map(|rule| rule.id).collect::<Vec<_>>();
/// assert_eq!(ids("ban-drop-table"), ["drop-table"]);
/// assert_eq!(ids("ban-drop-constraint"), ["drop-constraint", "drop-key"]);
/// ```
#[must_use]
pub fn find(name: &str) -> Vec<&'static Rule> {
    let own = ALL.iter().filter(|rule| rule.id == name);
    let own: Vec<&Rule> = own.copied().collect();
    let called = ALL.iter().filter(|rule| rule.aliases.contains(&name));
    match own.is_empty() {
        true => called.copied().collect(),
        false => own,
    }
}

/// A message whose way out says what it assumes of the serving release.
pub(crate) fn vouched(message: Message, schema: &str) -> Message {
    new_write_restriction::vouched(message, schema)
}

/// What is said about a name that no rule has.
pub(crate) fn unknown(name: &str) -> Message {
    let ids: Vec<&str> = find(name).iter().map(|rule| rule.id).collect();
    let help = match (ids.as_slice(), guess(name)) {
        ([], Some(guess)) => format!("did you mean `{guess}`?"),
        ([], None) => "take the name from the finding that is to be allowed".to_owned(),
        (ids, _) => format!("that is `{}` here", ids.join("` or `")),
    };
    Message::new(
        format!("there is no rule `{name}`"),
        "what nothing reads would look as if it worked",
        help,
    )
}

/// The rule whose name is nearly this one.
///
/// ```
/// assert_eq!(onward_analyzer::guess_rule("drop-tabel"), Some("drop-table"));
/// ```
#[must_use]
pub fn guess(name: &str) -> Option<&'static str> {
    nearest(name, ALL.iter().map(|rule| rule.id))
}
