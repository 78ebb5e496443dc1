//! Definitions that every server refuses, whatever its tables hold.

use crate::check::rule::Rule;

mod missing_operator_class;
mod not_immutable;
mod refused_alteration;
mod refused_column;
mod refused_constraint_clause;
mod refused_expression;
mod refused_foreign_key;
mod refused_grant;
mod refused_key;
mod refused_parameter;
mod refused_partition;
mod refused_publication;
mod refused_query;
mod refused_routine;
mod refused_row;
mod refused_sequence;
mod refused_table;
mod refused_trigger;
mod refused_type;
mod refused_values;
mod unsuitable_index;
mod wrong_object_kind;

/// The rules of this folder, by name.
pub(super) const RULES: &[&Rule] = &[
    &missing_operator_class::RULE,
    &not_immutable::RULE,
    &refused_alteration::RULE,
    &refused_column::RULE,
    &refused_constraint_clause::RULE,
    &refused_expression::RULE,
    &refused_foreign_key::RULE,
    &refused_grant::RULE,
    &refused_key::RULE,
    &refused_parameter::RULE,
    &refused_partition::RULE,
    &refused_publication::RULE,
    &refused_query::RULE,
    &refused_routine::RULE,
    &refused_row::RULE,
    &refused_sequence::RULE,
    &refused_table::RULE,
    &refused_trigger::RULE,
    &refused_type::RULE,
    &refused_values::RULE,
    &unsuitable_index::RULE,
    &wrong_object_kind::RULE,
];
