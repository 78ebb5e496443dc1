//! One file and one page a rule.

use crate::directive::nearest;
use crate::finding::Message;
use crate::rule::Rule;

mod falling;
mod foreign_keys;
mod pinned;
mod rows;
mod taken;
mod typed;
mod view_shape;

/// Declares the rules' modules and lists them, by name.
macro_rules! rules {
    ($($rule:ident,)+) => {
        $(mod $rule;)+

        /// Every rule, by name.
        ///
        /// ```
        /// assert!(onward_analyzer::RULES.iter().any(|rule| rule.aliases.contains(&"ban-drop-table")));
        /// ```
        pub const ALL: &[&Rule] = &[$(&$rule::RULE,)+];
    };
}

rules! {
    add_enum_value,
    alter_identity,
    alter_sequence,
    bytea_artifact,
    cascade,
    column_type_change,
    composite_attribute_change,
    concurrently_multiple_objects,
    conflict_target_not_unique,
    constraint_without_not_valid,
    copy_from_stdin,
    cross_schema_foreign_key,
    cross_schema_reference,
    data_batch_not_progressing,
    data_batch_unordered,
    data_not_idempotent,
    data_unbatched,
    ddl_in_data_migration,
    ddl_in_seed,
    delete_without_where,
    disable_trigger,
    dml_in_schema_migration,
    drop_column,
    drop_constraint,
    drop_database,
    drop_default,
    drop_function,
    drop_index_without_concurrently,
    drop_key,
    drop_not_null,
    drop_object,
    drop_schema,
    drop_sequence,
    drop_table,
    drop_trigger,
    drop_type,
    drop_view,
    duplicate_column_assignment,
    duplicate_index,
    duplicate_object,
    duplicate_version,
    empty_file,
    enum_type,
    enum_value_without_place,
    extension_in_module,
    file_name,
    fixed_length_char,
    foreign_key_type_mismatch,
    foreign_key_without_unique_key,
    foreign_schema_object,
    generated_id_in_seed,
    identifier_too_long,
    index_without_concurrently,
    inexact_amount,
    inheritance_change,
    insert_without_columns,
    json_column,
    key_without_index,
    narrow_integer_key,
    new_write_restriction,
    newer_postgresql,
    not_null_without_proof,
    opaque_sql,
    outside_transaction_at_startup,
    overbroad_grant,
    owner_change,
    policy_change,
    psql_command,
    redundant_if_not_exists,
    reg_type_column,
    rename_column,
    rename_object,
    rename_table,
    replace_function,
    replace_view,
    replica_identity,
    required_column_without_default,
    revoke,
    role_change,
    row_security_on_existing_table,
    seed_destructive_dml,
    seed_nondeterministic_key,
    seed_not_idempotent,
    seed_tenant_data,
    serial_column,
    session_state,
    set_default,
    set_schema,
    shares_file_outside_transaction,
    table_without_primary_key,
    timestamp_without_time_zone,
    transaction_control,
    trigger_on_existing_table,
    truncate,
    truncate_cascade,
    type_change_with_dependents,
    unclosed_text,
    unindexed_foreign_key,
    unknown_object,
    unknown_statement,
    unlogged_table,
    unnamed_concurrent_index,
    unqualified_name,
    update_without_where,
    varchar_with_limit,
    version_gap,
    wide_index,
    wrong_allowance,
    wrong_directive,
}

/// The rule of this name, or the one that other linters call so.
///
/// ```
/// use onward_analyzer::find_rule;
///
/// assert_eq!(find_rule("ban-drop-table").map(|rule| rule.id), Some("drop-table"));
/// ```
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    let is = |rule: &&&Rule| rule.id == name || rule.aliases.contains(&name);
    ALL.iter().find(is).copied()
}

/// What is said about a name that no rule has.
pub(crate) fn unknown(name: &str) -> Message {
    let help = match (find(name), guess(name)) {
        (Some(rule), _) => format!("that is `{}` here", rule.id),
        (None, Some(guess)) => format!("did you mean `{guess}`?"),
        (None, None) => "take the name from the finding that is to be allowed".to_owned(),
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
