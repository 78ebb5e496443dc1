//! One file and one page a rule.

use crate::directive::nearest;
use crate::finding::Message;
use crate::rule::Rule;

mod foreign_keys;
mod taken;

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
    additive_in_release,
    column_type_change,
    concurrently_multiple_objects,
    constraint_without_not_valid,
    copy_from_stdin,
    create_table_as_select,
    ddl_in_data_migration,
    ddl_in_seed,
    dml_in_schema_migration,
    down_migration,
    drop_column,
    drop_function,
    drop_index_without_concurrently,
    drop_object,
    drop_schema,
    drop_sequence,
    drop_table,
    drop_type,
    drop_view,
    duplicate_object,
    duplicate_version,
    empty_file,
    file_name,
    foreign_key_type_mismatch,
    foreign_key_without_unique_key,
    identifier_too_long,
    index_without_concurrently,
    key_without_index,
    naming_convention,
    newer_postgresql,
    not_null_without_proof,
    opaque_sql,
    outside_transaction_at_startup,
    psql_command,
    redundant_if_not_exists,
    rename_column,
    rename_object,
    rename_table,
    required_column_without_default,
    savepoint,
    search_path_change,
    seed_not_idempotent,
    server_config,
    session_set_without_local,
    session_state,
    shares_file_outside_transaction,
    transaction_control,
    truncate,
    unclosed_text,
    unknown_object,
    unknown_statement,
    unnamed_concurrent_index,
    unnamed_constraint,
    unnamed_index,
    unsupported_on_version,
    version_gap,
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
