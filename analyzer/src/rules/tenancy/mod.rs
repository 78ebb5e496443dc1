//! Tenants and row-level security.

use crate::check::rule::Rule;

mod definer_reaches_tenants;
mod disable_row_security;
mod drop_last_policy;
mod foreign_key_across_tenants;
mod grant_beyond_policies;
mod immutable_tenant_function;
mod leakproof_function;
mod multiple_permissive_policies;
mod mutable_search_path;
mod policy_evaluated_per_row;
mod policy_leaks_tenants;
mod policy_without_check;
mod policy_without_row_security;
mod published_tenants;
mod rewrite_rule_reaches_tenants;
mod table_without_tenant;
mod tenant_table_without_row_security;
mod tenant_without_index;
mod unique_without_tenant;
mod unproved_policy;
mod view_bypasses_row_security;

/// The rules of this folder, by name.
pub(super) const RULES: &[&Rule] = &[
    &definer_reaches_tenants::RULE,
    &disable_row_security::RULE,
    &drop_last_policy::RULE,
    &foreign_key_across_tenants::RULE,
    &grant_beyond_policies::RULE,
    &immutable_tenant_function::RULE,
    &leakproof_function::RULE,
    &multiple_permissive_policies::RULE,
    &mutable_search_path::RULE,
    &policy_evaluated_per_row::RULE,
    &policy_leaks_tenants::RULE,
    &policy_without_check::RULE,
    &policy_without_row_security::RULE,
    &published_tenants::RULE,
    &rewrite_rule_reaches_tenants::RULE,
    &table_without_tenant::RULE,
    &tenant_table_without_row_security::RULE,
    &tenant_without_index::RULE,
    &unique_without_tenant::RULE,
    &unproved_policy::RULE,
    &view_bypasses_row_security::RULE,
];
