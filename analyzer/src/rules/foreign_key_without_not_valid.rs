//! Foreign keys that join two tables with everybody waiting.

use crate::finding::{Message, Remedy};
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::{Added, Scope};
use crate::sql;
use crate::statement::{
    Change, Column, Constraint, ConstraintKind, ForeignKey, ObjectKind, TableAction,
};

pub(super) static RULE: Rule = Rule {
    id: "foreign-key-without-not-valid",
    summary: "a FOREIGN KEY is added to a table in use and checked at once",
    page: include_str!("foreign_key_without_not_valid.md"),
    aliases: &[
        "adding-foreign-key-constraint",
        "addingForeignKeyConstraint",
        "add_foreign_key",
        "add-fk-without-not-valid",
        "AddForeignKeyCheck",
        "validate_foreign_key",
        "add_reference",
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

fn check(scope: &Scope<'_>) -> Option<Message> {
    enforced(scope).or_else(|| added(scope))
}

fn added(scope: &Scope<'_>) -> Option<Message> {
    // A new column without a default has only nulls to check: PostgreSQL skips it.
    let is_checked = |constraint: &Constraint, column: Option<&Column>| {
        matches!(constraint.kind, ConstraintKind::ForeignKey(_))
            && !constraint.not_valid
            && constraint.enforced
            && column.is_none_or(Column::is_filled)
    };
    let added = scope.adds_constraint(is_checked)?;
    let ConstraintKind::ForeignKey(key) = &added.constraint.kind else {
        return None;
    };
    let (table, parent) = (added.table, &key.parent);
    let message = Message::new(
        format!("{table} gets a FOREIGN KEY to {parent} that is checked at once"),
        format!(
            "ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on {table} and on {parent} and keeps both while \
             it joins them: nobody can write to either"
        ),
        "",
    );
    let message = match is_partitioned(scope, &added) && scope.min_pg < 18 {
        // Measured: 42809 up to PostgreSQL 17.
        true => Message {
            help:
                "before PostgreSQL 18 a partitioned table takes no FOREIGN KEY that is NOT VALID: \
                   add it to each partition with NOT VALID and validate it there, and then to the \
                   table, which finds them checked"
                    .to_owned(),
            ..message
        },
        false => Message {
            help: "add it as NOT VALID, which looks at new rows only, and check the old rows in a \
                   later file, which reads them while others write"
                .to_owned(),
            ..message
        }
        .with_remedies(cure(scope, &added, key)),
    };
    Some(message.with_related(scope.made(ObjectKind::Table, table, None)))
}

fn is_partitioned(scope: &Scope<'_>, added: &Added<'_>) -> bool {
    let relation = scope.schema.relation(added.table);
    relation.is_some_and(|relation| relation.partition_by.is_some())
}

fn cure(scope: &Scope<'_>, added: &Added<'_>, key: &ForeignKey) -> Vec<Remedy> {
    if added.column.is_some() {
        // Its index has to come between the column and the key.
        return Vec::new();
    }
    let name = added.name(&key.columns, "fkey");
    let (on, written) = (sql::name(added.table), sql::ident(&name));
    let demand = format!(
        "ADD CONSTRAINT {written} {} NOT VALID;",
        sql::constraint(added.constraint)
    );
    let here = format!("ALTER TABLE {on}\n    {demand}");
    let validate = format!("ALTER TABLE {on} VALIDATE CONSTRAINT {written};");
    scope.cure(Some(here), &[(&format!("validate_{name}"), validate)])
}

/// `ALTER CONSTRAINT ... ENFORCED`, which PostgreSQL 18 has.
fn enforced(scope: &Scope<'_>) -> Option<Message> {
    let Change::AlterTable {
        table,
        action:
            TableAction::AlterConstraint {
                constraint,
                attributes,
            },
        ..
    } = scope.change()
    else {
        return None;
    };
    if attributes.enforced != Some(true) || !scope.is_old_table(table) {
        return None;
    }
    let message = Message::new(
        format!("this checks the FOREIGN KEY {constraint} of {table} at once"),
        format!(
            "ENFORCED takes ACCESS EXCLUSIVE on {table} and SHARE ROW EXCLUSIVE on the table that the \
             key points to, and keeps both while it joins them"
        ),
        "add a second key like this one as NOT VALID, validate it in a later file, and drop the one \
         that is not enforced",
    );
    Some(message.with_related(scope.made(ObjectKind::Constraint, table, Some(constraint))))
}
