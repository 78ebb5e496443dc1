//! Tenants and row-level security.

use crate::check::rule::Rule;

mod disable_row_security;
mod drop_last_policy;
mod multiple_permissive_policies;
mod mutable_search_path;
mod policy_evaluated_per_row;
mod policy_without_check;
mod policy_without_row_security;
mod view_bypasses_row_security;

/// The rules of this folder, by name.
pub(super) const RULES: &[&Rule] = &[
    &disable_row_security::RULE,
    &drop_last_policy::RULE,
    &multiple_permissive_policies::RULE,
    &mutable_search_path::RULE,
    &policy_evaluated_per_row::RULE,
    &policy_without_check::RULE,
    &policy_without_row_security::RULE,
    &view_bypasses_row_security::RULE,
];
