//! Unique keys that no single server can check.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::citus::{Placed, placed};
use crate::schema::{ColumnId, ConstraintKind, Index, Relation};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "key-without-distribution-column",
    summary: "a primary key, a unique key or an exclusion constraint of a table that Citus spreads does not contain the \
              distribution column",
    page: include_str!("key_without_distribution_column.md"),
    aliases: &[],
    group: Group::Citus,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let mut found = Vec::new();
    for table in around.tables() {
        let Some(Placed::By(column)) = placed(around, table) else {
            continue;
        };
        let keys = table
            .indexes
            .iter()
            .filter(|key| is_here(around, table, key));
        for key in keys.filter(|key| !is_checked_by_one(table, key, column)) {
            found.push((key.origin.span.clone(), message(table, key, column)));
        }
    }
    found
}

/// Whether this file creates the key; a partition has those of its partitioned table too.
fn is_here(around: &FileContext<'_>, table: &Relation, key: &Index) -> bool {
    let is_inherited = table.partition_of.is_some() && key.origin.span == table.origin.span;
    key.origin.file == around.file && !is_inherited
}

/// Whether rows that could violate the key are on one server: they have the same value in the distribution column.
fn is_checked_by_one(table: &Relation, key: &Index, column: ColumnId) -> bool {
    let mut constraints = table.constraints.iter().filter(|one| one.name == key.name);
    let elements = constraints.find_map(|one| match &one.kind {
        ConstraintKind::Exclude(elements) => Some(elements),
        ConstraintKind::Check { .. }
        | ConstraintKind::NotNull
        | ConstraintKind::ForeignKey { .. }
        | ConstraintKind::PrimaryKey
        | ConstraintKind::Unique => None,
    });
    let mut keys = key.keys.iter().enumerate();
    match elements {
        Some(elements) => keys.any(|(at, one)| {
            let operator = elements.get(at).map_or("", |element| operator(element));
            one.column == Some(column) && operator == "="
        }),
        None => !key.unique || keys.any(|(_, one)| one.column == Some(column)),
    }
}

/// The operator of an element: `=` of `tenant_id WITH =`, and of `tenant_id WITH OPERATOR(pg_catalog.=)`.
fn operator(element: &str) -> &str {
    let last = element.split_whitespace().last().unwrap_or_default();
    let last = last.trim_end_matches(')');
    last.rsplit(['.', '(']).next().unwrap_or_default()
}

fn message(table: &Relation, key: &Index, column: ColumnId) -> Message {
    let (name, key) = (&table.name, &key.name);
    let column = quote_ident(table.name_of(column).unwrap_or_default());
    Message::new(
        format!("`{key}` of {name} does not contain {column}, by which Citus spreads the rows"),
        format!(
            "Citus refuses it (0A000) when {name} is distributed: two rows with the same key could be on different \
             servers, and none of them sees both"
        ),
        format!(
            "put {column} first: ({column}, ...), in an exclusion constraint as `{column} WITH =`; a table that needs the \
             key over all rows can be a reference table"
        ),
    )
}
