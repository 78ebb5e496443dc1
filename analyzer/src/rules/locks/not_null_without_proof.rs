//! `SET NOT NULL` that has to scan the table.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::fixes::proof;
use crate::statement::{Change, ConstraintKind, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "not-null-without-proof",
    summary: "SET NOT NULL without a validated CHECK, which scans the table under ACCESS EXCLUSIVE",
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
    check: Check::Of(
        &[Subject::AddConstraint, Subject::SetNotNull],
        &Check::Clause(check),
    ),
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
    let effect = context.effect();
    let mut scanned = effect.scans.iter();
    if context.statement.of_domain || !scanned.any(|table| context.is_old_table(table)) {
        return None;
    }
    let proof = proof::of_nullable(context, table, &[column]);
    let message = Message::new(
        format!(
            "sets {table}.{column} NOT NULL, and no validated CHECK proves that it holds no null"
        ),
        "PostgreSQL scans the whole table under ACCESS EXCLUSIVE, which blocks reads and writes until \
         the scan is finished; if one row is null the migration fails: column contains null values \
         (23502)",
        format!(
            "first add a CHECK (... IS NOT NULL) as NOT VALID, and validate it in the next file, which \
             does not block reads or writes; SET NOT NULL then needs no scan{}",
            proof.note()
        ),
    );
    Some(
        message
            .with_files(proof.files(context, Vec::new(), Vec::new()))
            .with_related(context.made(ObjectKind::Column, table, Some(column))),
    )
}
