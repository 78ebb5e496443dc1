//! `CHECK` constraints whose scan blocks reads and writes.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::fixes::column;
use crate::statement::to_sql;
use crate::statement::{Constraint, ConstraintKind, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "check-without-not-valid",
    summary: "adds a CHECK to a table in use without NOT VALID, which scans the table under ACCESS \
              EXCLUSIVE",
    page: include_str!("check_without_not_valid.md"),
    aliases: &[
        "constraint-missing-not-valid",
        "constraint-without-not-valid",
        "E1",
        "PG305",
        "constraintMissingNotValid",
        "add_check_constraint",
        "add-check-without-not-valid",
        "AddCheckConstraintCheck",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::AddColumn, Subject::AddConstraint],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let is_checked = |constraint: &Constraint, _: Option<&_>| {
        matches!(constraint.kind, ConstraintKind::Check(_))
            && !constraint.not_valid
            && constraint.enforced
    };
    let added = context.adds_constraint(is_checked)?;
    let ConstraintKind::Check(value) = &added.constraint.kind else {
        return None;
    };
    let table = added.table;
    let named = value.columns.get(..1).unwrap_or_default();
    let name = quote_ident(&added.name(named, "check"));
    let on = context.alter(table);
    let here = format!(
        "{on} ADD CONSTRAINT {name} {} NOT VALID;",
        to_sql::constraint(added.constraint)
    );
    let validate = format!("{on} VALIDATE CONSTRAINT {name};");
    let message = Message::new(
        format!("adds a CHECK to {table} that scans the whole table under ACCESS EXCLUSIVE"),
        "PostgreSQL checks every existing row before it releases the lock: reads and writes of the \
         table are blocked until then",
        "add the CHECK as NOT VALID, which checks only rows that are written from now on, and run \
         VALIDATE CONSTRAINT in a later file, which checks the existing rows without blocking reads or \
         writes",
    );
    let later = [(format!("validate_{}", added.name(named, "check")), validate)];
    Some(
        message
            .with_files(match added.column {
                Some(column) => column::files(context, table, column),
                None => context.fix(Some(here), &later),
            })
            .with_related(context.made(ObjectKind::Table, table, None)),
    )
}
