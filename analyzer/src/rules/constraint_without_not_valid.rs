//! Constraints that are checked with the table locked.

use crate::finding::{Message, Severity};
use crate::rule::{Check, Levels, Rule, Scope};
use crate::statement::{Change, Constraint, ConstraintKind, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "constraint-without-not-valid",
    summary: "a CHECK or FOREIGN KEY is added to a table in use without NOT VALID",
    page: include_str!("constraint_without_not_valid.md"),
    aliases: &[
        "constraint-missing-not-valid",
        "adding-foreign-key-constraint",
        "PG305",
        "E1",
        "add_foreign_key",
        "add_check_constraint",
    ],
    levels: Levels {
        startup: Severity::Forbid,
        release: Severity::Warn,
        ..Levels::NONE
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::AddConstraint {
        table,
        constraint: Constraint { name, kind },
    } = scope.change()
    else {
        return None;
    };
    let why = match kind {
        ConstraintKind::Check {
            not_valid: false, ..
        } => "ADD CHECK takes ACCESS EXCLUSIVE and keeps it while it reads the whole table",
        ConstraintKind::ForeignKey {
            not_valid: false, ..
        } => {
            "ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on both tables and keeps it while it joins \
             them: nobody can write to either"
        }
        ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey { .. }
        | ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Exclude => return None,
    };
    if scope.is_new_table(table) {
        return None;
    }
    let name = name.as_deref().unwrap_or("<name>");
    let message = Message::new(
        format!(
            "{table} gets a {} constraint that is checked at once",
            kind.word()
        ),
        why,
        format!(
            "end it with NOT VALID here, and check the old rows in a later file: `ALTER TABLE {table} \
             VALIDATE CONSTRAINT {name};`"
        ),
    );
    Some(message.with_related(scope.made(ObjectKind::Table, table, None)))
}
