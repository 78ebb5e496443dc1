//! Other modules' schemas.

use crate::check::rule::Rule;

mod cross_schema_foreign_key;
mod cross_schema_reference;
mod database_wide_object;
mod extension_in_module;
mod foreign_schema_object;
mod ledger_privilege;
mod operator_outside_search_path;
mod search_path_change;
mod unneeded_external;
mod unqualified_name;

/// The rules of this folder, by name.
pub(super) const RULES: &[&Rule] = &[
    &cross_schema_foreign_key::RULE,
    &cross_schema_reference::RULE,
    &database_wide_object::RULE,
    &extension_in_module::RULE,
    &foreign_schema_object::RULE,
    &ledger_privilege::RULE,
    &operator_outside_search_path::RULE,
    &search_path_change::RULE,
    &unneeded_external::RULE,
    &unqualified_name::RULE,
];
