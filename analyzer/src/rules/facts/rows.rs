//! Facts about rows that several rules use: their keys, and the expressions whose value changes.

use crate::check::context::FileContext;
use crate::schema::{Index, Relation, generated_name};
use crate::statement::{
    Call, Change, Comparison, Condition, Expression, Name, Statement, Term, is_changing,
};
use crate::text::quote::quote_ident;

/// The columns of an index without expressions and without a predicate.
pub(in crate::rules) fn plain_columns<'a>(
    table: &'a Relation,
    index: &Index,
) -> Option<Vec<&'a str>> {
    let names = index.keys.iter().map(|key| table.name_of(key.column?));
    names
        .collect::<Option<Vec<_>>>()
        .filter(|_| index.predicate.is_none())
}

/// The columns of each unique index that has no predicate and no expressions.
pub(in crate::rules) fn unique_keys(table: &Relation) -> impl Iterator<Item = Vec<&str>> {
    let unique = table.indexes.iter().filter(|index| index.unique);
    unique.filter_map(|index| plain_columns(table, index))
}

/// Whether the condition selects rows by a unique key: it compares each of the key's columns by `=` or
/// `IN`, in a term that fits.
pub(in crate::rules) fn names_rows(
    table: &Relation,
    condition: Option<&Condition>,
    fits: impl Fn(&Term) -> bool,
) -> bool {
    let Some(condition) = condition else {
        return false;
    };
    let is_named = |column: &&str| {
        condition
            .about(column)
            .any(|term| names_one(term) && fits(term))
    };
    unique_keys(table).any(|key| key.iter().all(is_named))
}

const fn names_one(term: &Term) -> bool {
    matches!(term.comparison, Comparison::Equal | Comparison::In)
}

/// Stands for a key that the history does not know.
pub(in crate::rules) const UNKNOWN_KEY: &str = "<key>";

/// The column by which batches are divided, or a placeholder where the history knows no key of one column.
pub(in crate::rules) fn batch_key(around: &FileContext<'_>, table: &Name) -> String {
    let key = around.batch_key(table);
    key.unwrap_or_else(|| UNKNOWN_KEY.to_owned())
}

/// A column to order rows by: the first of the primary key, or `id` if the history does not know the key.
pub(in crate::rules) fn first_key_column(around: &FileContext<'_>, table: &Name) -> String {
    let relation = around.schema.relation(table);
    let key = relation.and_then(|relation| relation.name_of(*relation.primary_key().first()?));
    quote_ident(key.unwrap_or("id"))
}

/// A name for a new index on these columns, and the columns as SQL.
pub(in crate::rules) fn new_index(table: &Name, columns: &[&str], label: &str) -> (String, String) {
    let name = generated_name(&table.name, columns, label);
    let columns: Vec<String> = columns.iter().map(|column| quote_ident(column)).collect();
    (name, columns.join(", "))
}

/// The first call whose result differs each time: to a function of PostgreSQL, or to a function of the
/// module that is declared `VOLATILE`.
pub(in crate::rules) fn changing<'a>(
    around: &FileContext<'_>,
    value: &'a Expression,
) -> Option<&'a Call> {
    let own = |call: &Call| {
        let name = Name {
            schema: call
                .schema
                .clone()
                .unwrap_or_else(|| around.module.schema.clone()),
            name: call.name.clone(),
        };
        let routines = around.schema.routines(&name);
        !routines.is_empty()
            && routines
                .iter()
                .all(|routine| routine.volatility == crate::statement::Volatility::Volatile)
    };
    let mut calls = value.calls.iter();
    calls.find(|call| is_changing(&call.name) || own(call))
}

/// Whether the statement deletes from one of these tables, which it also reads.
pub(in crate::rules) fn moves_from(statement: &Statement, tables: &[Name]) -> bool {
    let mut clauses = statement.clauses.iter();
    clauses.any(
        |clause| matches!(&clause.change, Change::Delete(delete) if tables.contains(&delete.table)),
    )
}
