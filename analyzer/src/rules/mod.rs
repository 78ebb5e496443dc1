//! One file and one page a rule; `domain`, `key`, `own_file` and `partition` are what several of them share.

mod domain;
mod key;
mod own_file;
mod partition;

use crate::directive::nearest;
use crate::finding::Message;
use crate::rule::Rule;

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
    add_serial_column,
    alter_domain_constraint,
    attach_without_check,
    check_without_not_valid,
    column_type_change,
    concurrently_if_not_exists,
    concurrently_in_transaction,
    concurrently_multiple_objects,
    concurrently_on_partitioned,
    constrained_domain_column,
    copy_from_stdin,
    ddl_in_data_migration,
    ddl_in_seed,
    detach_without_concurrently,
    dml_in_schema_migration,
    domain_with_constraint,
    drop_column,
    drop_function,
    drop_index_without_concurrently,
    drop_needed_index,
    drop_object,
    drop_schema,
    drop_sequence,
    drop_table,
    drop_type,
    drop_view,
    duplicate_version,
    empty_file,
    enum_value_used_in_transaction,
    exclusion_constraint,
    file_name,
    foreign_key_without_not_valid,
    identifier_too_long,
    index_without_concurrently,
    lock_order,
    lock_table,
    lock_timeout_disabled,
    multiple_alter_table,
    multiple_foreign_keys,
    newer_postgresql,
    not_null_without_proof,
    opaque_sql,
    outside_transaction_at_startup,
    partition_locks_parent,
    partition_scans_default,
    primary_key_over_nullable,
    primary_key_without_index,
    psql_command,
    refresh_without_concurrently,
    reindex_without_concurrently,
    rename_column,
    rename_object,
    rename_table,
    required_column_without_default,
    seed_not_idempotent,
    session_state,
    statement_after_access_exclusive,
    statement_not_in_transaction,
    stored_generated_column,
    table_storage_change,
    transaction_control,
    truncate,
    unclosed_text,
    unique_without_index,
    unknown_statement,
    unnamed_concurrent_index,
    vacuum_full,
    validate_in_same_transaction,
    version_gap,
    volatile_default,
    wide_lock_window,
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
