//! Checks that read the table with everybody waiting.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::to_sql::{self, quote_name};
use crate::statement::{Constraint, ConstraintKind, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "check-without-not-valid",
    summary: "a CHECK is added to a table in use and checked at once",
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
    check: Check::Clause(check),
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
    let on = quote_name(table);
    let demand = format!(
        "ADD CONSTRAINT {name} {} NOT VALID;",
        to_sql::constraint(added.constraint)
    );
    let here = match added.column {
        None => format!("ALTER TABLE {on} {demand}"),
        Some(column) => format!(
            "ALTER TABLE {on}\n    ADD COLUMN {},\n    {demand}",
            to_sql::column(column)
        ),
    };
    let validate = format!("ALTER TABLE {on} VALIDATE CONSTRAINT {name};");
    let message = Message::new(
        format!("{table} gets a CHECK that is checked at once"),
        "ADD CHECK takes ACCESS EXCLUSIVE and keeps it while it reads the whole table: neither reads \
         nor writes go through",
        "add it as NOT VALID, which looks at new rows only, and check the old rows in a later file, \
         which reads them while others write",
    );
    let later = [(
        &*format!("validate_{}", added.name(named, "check")),
        validate,
    )];
    Some(
        message
            .with_files(context.fix(Some(here), &later))
            .with_related(context.made(ObjectKind::Table, table, None)),
    )
}
