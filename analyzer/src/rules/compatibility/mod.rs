//! What breaks the running release.

use crate::check::rule::Rule;

mod add_column;
mod add_enum_value;
mod alter_identity;
mod alter_sequence;
mod column_type_change;
mod composite_attribute_change;
mod disable_trigger;
mod drop_cascade;
mod drop_column;
mod drop_constraint;
mod drop_database;
mod drop_default;
mod drop_function;
mod drop_key;
mod drop_not_null;
mod drop_object;
mod drop_schema;
mod drop_sequence;
mod drop_table;
mod drop_trigger;
mod drop_type;
mod drop_view;
mod drop_with_dependents;
mod inheritance_change;
mod new_write_restriction;
mod overbroad_grant;
mod owner_change;
mod policy_change;
mod published_without_identity;
mod refused_replacement;
mod rename_column;
mod rename_object;
mod rename_table;
mod replace_function;
mod replace_view;
mod replica_identity;
mod required_column_without_default;
mod revoke;
mod rewrite_rule;
mod role_change;
mod row_security_on_existing_table;
mod set_default;
mod set_schema;
mod trigger_on_existing_table;
mod truncate;
mod truncate_cascade;
mod type_change_with_dependents;

/// The rules of this folder, by name.
pub(super) const RULES: &[&Rule] = &[
    &add_column::RULE,
    &add_enum_value::RULE,
    &alter_identity::RULE,
    &alter_sequence::RULE,
    &column_type_change::RULE,
    &composite_attribute_change::RULE,
    &disable_trigger::RULE,
    &drop_cascade::RULE,
    &drop_column::RULE,
    &drop_constraint::RULE,
    &drop_database::RULE,
    &drop_default::RULE,
    &drop_function::RULE,
    &drop_key::RULE,
    &drop_not_null::RULE,
    &drop_object::RULE,
    &drop_schema::RULE,
    &drop_sequence::RULE,
    &drop_table::RULE,
    &drop_trigger::RULE,
    &drop_type::RULE,
    &drop_view::RULE,
    &drop_with_dependents::RULE,
    &inheritance_change::RULE,
    &new_write_restriction::RULE,
    &overbroad_grant::RULE,
    &owner_change::RULE,
    &policy_change::RULE,
    &published_without_identity::RULE,
    &refused_replacement::RULE,
    &rename_column::RULE,
    &rename_object::RULE,
    &rename_table::RULE,
    &replace_function::RULE,
    &replace_view::RULE,
    &replica_identity::RULE,
    &required_column_without_default::RULE,
    &revoke::RULE,
    &rewrite_rule::RULE,
    &role_change::RULE,
    &row_security_on_existing_table::RULE,
    &set_default::RULE,
    &set_schema::RULE,
    &trigger_on_existing_table::RULE,
    &truncate::RULE,
    &truncate_cascade::RULE,
    &type_change_with_dependents::RULE,
];
