//! The names that PostgreSQL generates for constraints, indexes and sequences without one.
//!
//! The rules are those of `makeObjectName()`, `ChooseRelationName()`, `ChooseConstraintName()` and
//! `ChooseIndexNameAddition()` in PostgreSQL's sources; `tests/tests/claims/model.rs` compares the names
//! with a real server.

use super::Schema;
use crate::statement::{Constraint, Expression, Name};

/// The longest name of an object, in bytes.
const LONGEST: usize = 63;

/// `makeObjectName()`: `first_second_label`, with the longer of the first two shortened until all fits.
fn make_object_name(first: &str, second: &str, label: &str) -> String {
    let underscore = usize::from(!second.is_empty());
    let room = LONGEST.saturating_sub(underscore + label.len() + 1);
    let (mut a, mut b) = (first.len(), second.len());
    while a + b > room {
        if a > b {
            a -= 1;
        } else {
            b -= 1;
        }
    }
    let mut name = clip(first, a).to_owned();
    if !second.is_empty() {
        name = format!("{name}_{}", clip(second, b));
    }
    format!("{name}_{label}")
}

/// The beginning of a text: at most this many bytes, and only whole characters.
fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// `table_column_label`, the name that PostgreSQL generates if it is free.
pub(crate) fn generated_name<T: AsRef<str>>(
    table: &str,
    columns: impl IntoIterator<Item = T>,
    label: &str,
) -> String {
    make_object_name(table, &index_name_addition(columns), label)
}

/// The name of a constraint, or the one that PostgreSQL generates for it.
pub(crate) fn name_of<T: AsRef<str>>(
    constraint: &Constraint,
    table: &Name,
    columns: impl IntoIterator<Item = T>,
    label: &str,
) -> String {
    let written = constraint.name.clone();
    written.unwrap_or_else(|| generated_name(&table.name, columns, label))
}

/// `ChooseIndexNameAddition()`: the names of the columns joined; it stops when the text is as long as a
/// name can be.
pub(super) fn index_name_addition<T: AsRef<str>>(columns: impl IntoIterator<Item = T>) -> String {
    let mut name = String::new();
    for column in columns {
        if !name.is_empty() {
            name.push('_');
        }
        name.push_str(column.as_ref());
        if name.len() > LONGEST {
            break;
        }
    }
    name
}

/// `ChooseIndexColumnNames()`: the names of the columns of an index, which are all different.
pub(super) fn choose_index_column_names(columns: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for first in columns {
        let mut name = first.clone();
        let mut number = 0_usize;
        while names.contains(&name) {
            number += 1;
            let digits = number.to_string();
            name = format!("{}{digits}", clip(&first, LONGEST - digits.len()));
        }
        names.push(name);
    }
    names
}

/// `FigureColname()`: the name that PostgreSQL gives to an expression: the name of the function for a
/// call.
pub(super) fn figure_colname(expression: &Expression) -> String {
    let call = expression.calls.first();
    let text = expression.text.trim_matches(['(', ')']);
    let whole = call.filter(|call| {
        let length = call.span.end.saturating_sub(call.span.start);
        text.to_ascii_lowercase().starts_with(&call.name) && length + 2 >= text.len()
    });
    whole.map_or_else(|| "expr".to_owned(), |call| call.name.clone())
}

impl Schema {
    /// `ChooseRelationName()`: a free name for an index or a sequence; `constraint` says that a
    /// constraint will have the same name.
    pub(super) fn choose_relation_name(
        &self,
        table: &Name,
        columns: &str,
        label: &str,
        constraint: bool,
    ) -> String {
        let schema = &table.schema;
        first_free(&table.name, columns, label, |name| {
            let taken = self.classes.contains_key(&Name {
                schema: schema.clone(),
                name: name.to_owned(),
            });
            taken || constraint && self.has_constraint(schema, name)
        })
    }

    /// `ChooseConstraintName()`: a free name for a constraint without an index.
    pub(super) fn choose_constraint_name(
        &self,
        schema: &str,
        table: &str,
        columns: &str,
        label: &str,
    ) -> String {
        first_free(table, columns, label, |name| {
            self.has_constraint(schema, name)
        })
    }
}

/// The first free name of `label`, `label1`, `label2` and so on.
fn first_free(first: &str, second: &str, label: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = make_object_name(first, second, label);
    let mut number = 0_usize;
    while taken(&name) {
        number += 1;
        name = make_object_name(first, second, &format!("{label}{number}"));
    }
    name
}
