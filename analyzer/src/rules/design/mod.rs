//! Rules about types, keys and indexes that are hard to change later.

use crate::check::rule::Rule;

mod bytea_artifact;
mod duplicate_index;
mod enum_type;
mod enum_value_without_position;
mod fixed_length_char;
mod foreign_key_type_mismatch;
mod inexact_money;
mod json_column;
mod narrow_integer_key;
mod reg_type_column;
mod serial_column;
mod set_null_of_required_column;
mod table_without_primary_key;
mod timestamp_without_time_zone;
mod unindexed_foreign_key;
mod unlogged_table;
mod varchar_with_limit;
mod wide_index;

/// The rules of this group, sorted by name.
pub(super) const RULES: &[&Rule] = &[
    &bytea_artifact::RULE,
    &duplicate_index::RULE,
    &enum_type::RULE,
    &enum_value_without_position::RULE,
    &fixed_length_char::RULE,
    &foreign_key_type_mismatch::RULE,
    &inexact_money::RULE,
    &json_column::RULE,
    &narrow_integer_key::RULE,
    &reg_type_column::RULE,
    &serial_column::RULE,
    &set_null_of_required_column::RULE,
    &table_without_primary_key::RULE,
    &timestamp_without_time_zone::RULE,
    &unindexed_foreign_key::RULE,
    &unlogged_table::RULE,
    &varchar_with_limit::RULE,
    &wide_index::RULE,
];
