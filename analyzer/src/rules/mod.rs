//! One file and one page a rule; `domain`, `key`, `own_file` and `partition` are what several of them share.

use crate::directive::nearest;
use crate::finding::Message;
use crate::rule::Rule;

mod domain;
mod falling;
mod foreign_keys;
mod key;
mod own_file;
mod partition;
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
    add_serial_column,
    additive_in_release,
    alter_domain_constraint,
    alter_identity,
    alter_sequence,
    attach_without_check,
    bytea_artifact,
    cascade,
    check_without_not_valid,
    column_type_change,
    composite_attribute_change,
    concurrently_if_not_exists,
    concurrently_in_transaction,
    concurrently_multiple_objects,
    concurrently_on_partitioned,
    conflict_target_not_unique,
    constrained_domain_column,
    copy_from_stdin,
    create_table_as_select,
    cross_schema_foreign_key,
    cross_schema_reference,
    data_batch_not_progressing,
    data_batch_unordered,
    data_not_idempotent,
    data_unbatched,
    ddl_in_data_migration,
    ddl_in_seed,
    delete_without_where,
    detach_without_concurrently,
    disable_trigger,
    dml_in_schema_migration,
    domain_with_constraint,
    down_migration,
    drop_column,
    drop_constraint,
    drop_database,
    drop_default,
    drop_function,
    drop_index_without_concurrently,
    drop_key,
    drop_needed_index,
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
    enum_value_used_in_transaction,
    enum_value_without_place,
    exclusion_constraint,
    extension_in_module,
    file_name,
    fixed_length_char,
    foreign_key_type_mismatch,
    foreign_key_without_not_valid,
    foreign_key_without_unique_key,
    foreign_schema_object,
    generated_id_in_seed,
    identifier_too_long,
    index_without_concurrently,
    inexact_amount,
    inheritance_change,
    insert_without_columns,
    json_column,
    lock_order,
    lock_table,
    lock_timeout_disabled,
    multiple_alter_table,
    multiple_foreign_keys,
    naming_convention,
    narrow_integer_key,
    new_write_restriction,
    newer_postgresql,
    not_null_without_proof,
    opaque_sql,
    outside_transaction_at_startup,
    overbroad_grant,
    owner_change,
    partition_locks_parent,
    partition_scans_default,
    policy_change,
    primary_key_over_nullable,
    primary_key_without_index,
    psql_command,
    redundant_if_not_exists,
    refresh_without_concurrently,
    reg_type_column,
    reindex_without_concurrently,
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
    savepoint,
    search_path_change,
    seed_destructive_dml,
    seed_nondeterministic_key,
    seed_not_idempotent,
    seed_tenant_data,
    serial_column,
    server_config,
    session_set_without_local,
    session_state,
    set_default,
    set_schema,
    statement_after_access_exclusive,
    statement_not_in_transaction,
    stored_generated_column,
    table_storage_change,
    table_without_primary_key,
    timestamp_without_time_zone,
    transaction_control,
    trigger_on_existing_table,
    truncate,
    truncate_cascade,
    type_change_with_dependents,
    unclosed_text,
    unindexed_foreign_key,
    unique_without_index,
    unknown_object,
    unknown_statement,
    unlogged_table,
    unnamed_concurrent_index,
    unnamed_constraint,
    unnamed_index,
    unqualified_name,
    unsupported_on_version,
    update_without_where,
    vacuum_full,
    validate_in_same_transaction,
    varchar_with_limit,
    version_gap,
    volatile_default,
    wide_index,
    wide_lock_window,
    wrong_allowance,
    wrong_directive,
}

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
