//! SET NOT NULL that has to read the table.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::rules::fixes::key;
use crate::schema::{Constraint, ConstraintKind as Known};
use crate::statement::{Change, ConstraintKind, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "not-null-without-proof",
    summary: "SET NOT NULL without a validated CHECK that proves it",
    page: include_str!("not_null_without_proof.md"),
    aliases: &[
        "adding-not-nullable-field",
        "E2",
        "PG303",
        "MF104",
        "addingNotNullField",
        "change_column_null",
        "set-not-null",
        "AddNotNullCheck",
        "change_column_null_postgresql",
        "change_column_with_not_null",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (table, column) = match context.change() {
        Change::SetNotNull { table, column } => (table, column),
        Change::AddConstraint { table, constraint } if !constraint.not_valid => {
            let ConstraintKind::NotNull { column } = &constraint.kind else {
                return None;
            };
            (table, column)
        }
        _ => return None,
    };
    let is_proven = is_proven(context, table, column) || is_already(context, table, column);
    if is_proven || !context.is_old_table(table) || context.is_of_domain(table) {
        return None;
    }
    let files = key::steps(context, table, column);
    let files: Vec<(&str, String)> = files
        .iter()
        .map(|(title, sql)| (title.as_str(), sql.clone()))
        .collect();
    let message = Message::new(
        format!("{table}.{column} becomes NOT NULL and nothing proves yet that it holds no null"),
        "without a validated CHECK, SET NOT NULL reads the whole table under ACCESS EXCLUSIVE: neither \
         reads nor writes go through; and it fails with 23502 when one row is null",
        "prove it before: with a CHECK that is NOT VALID, and in the next file its validation, which reads \
         the table while others write; then nothing is left to be read",
    );
    Some(
        message
            .with_files(context.fix(None, &files))
            .with_related(context.made(ObjectKind::Column, table, Some(column))),
    )
}

/// Whether a CHECK proves it when PostgreSQL asks. In one ALTER TABLE it drops constraints before that
/// and validates them after it, wherever they stand.
fn is_proven(context: &Context<'_>, table: &Name, column: &str) -> bool {
    let Some(relation) = context.schema.relation(table) else {
        return false;
    };
    let beside = context.statement.clauses.iter();
    let too_late = beside.filter_map(|clause| match &clause.change {
        Change::Drop {
            kind: ObjectKind::Constraint,
            part: Some(constraint),
            ..
        }
        | Change::ValidateConstraint { constraint, .. } => Some(constraint),
        _ => None,
    });
    let too_late: Vec<&String> = too_late.collect();
    let id = relation.column(column).map(|column| column.id);
    let proves = |one: &&Constraint| match &one.kind {
        Known::Check { not_null, .. } => one.valid && id.is_some_and(|id| not_null.contains(&id)),
        Known::NotNull
        | Known::ForeignKey { .. }
        | Known::PrimaryKey
        | Known::Unique
        | Known::Exclude(_) => false,
    };
    let mut proofs = relation.constraints.iter().filter(proves);
    proofs.any(|proof| !too_late.contains(&&proof.name))
}

/// Whether the column is NOT NULL: then nothing is read. Over a NOT NULL that PostgreSQL 18 holds as
/// NOT VALID the table is read all the same.
fn is_already(context: &Context<'_>, table: &Name, column: &str) -> bool {
    let Some(relation) = context.schema.relation(table) else {
        return false;
    };
    let Some(column) = relation.column(column) else {
        return false;
    };
    let doubtful = relation.constraints.iter().any(|one| {
        matches!(one.kind, Known::NotNull) && !one.valid && one.columns.contains(&column.id)
    });
    column.not_null && !doubtful
}
