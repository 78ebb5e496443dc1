//! Foreign keys whose check blocks writes to two tables.

use crate::check::context::{Added, Context};
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::effect::Join;
use crate::finding::{Message, SuggestedFile};
use crate::rules::fixes::column;
use crate::schema::ConstraintKind as Known;
use crate::statement::to_sql::{self, quote_name};
use crate::statement::{
    Change, Column, Constraint, ConstraintKind, ForeignKey, Name, ObjectKind, TableAction,
};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "foreign-key-without-not-valid",
    summary: "adds a FOREIGN KEY to a table in use without NOT VALID, which blocks writes to both \
              tables",
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

fn check(context: &Context<'_>) -> Option<Message> {
    enforced(context).or_else(|| added(context))
}

fn added(context: &Context<'_>) -> Option<Message> {
    // A new column without a default is null in every row: PostgreSQL skips the check.
    let is_checked = |constraint: &Constraint, column: Option<&Column>| {
        matches!(constraint.kind, ConstraintKind::ForeignKey(_))
            && !constraint.not_valid
            && constraint.enforced
            && column.is_none_or(Column::is_filled)
    };
    let added = context.adds_constraint(is_checked)?;
    let ConstraintKind::ForeignKey(key) = &added.constraint.kind else {
        return None;
    };
    let (table, parent) = (added.table, &key.parent);
    let effect = context.effect();
    let mut joins = effect.joins.iter();
    if !joins.any(|join| context.is_old_table(&join.table)) {
        return None;
    }
    let message = Message::new(
        format!("adds a FOREIGN KEY from {table} to {parent} and checks every existing row"),
        format!(
            "ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on {table} and on {parent} and keeps both locks \
             while it joins the tables: writes to both are blocked"
        ),
        "",
    );
    let message = match is_partitioned(context, &added) && context.min_pg < 18 {
        // Measured: 42809 up to PostgreSQL 17.
        true => Message {
            help:
                "before PostgreSQL 18 a partitioned table cannot have a FOREIGN KEY that is NOT VALID: \
                 add the key to each partition as NOT VALID and validate it there, then add it to the \
                 partitioned table, which takes over the keys of the partitions without a check"
                    .to_owned(),
            ..message
        }
        .with_files(fix_partitions(context, &added, key, &effect.joins)),
        false => Message {
            help: "add the FOREIGN KEY as NOT VALID, which checks only rows that are written from now \
                   on, and run VALIDATE CONSTRAINT in a later file, which checks the existing rows \
                   without blocking writes"
                .to_owned(),
            ..message
        }
        .with_files(fix(context, &added, key)),
    };
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}

fn is_partitioned(context: &Context<'_>, added: &Added<'_>) -> bool {
    let relation = context.schema.relation(added.table);
    relation.is_some_and(|relation| relation.partition_by.is_some())
}

fn fix(context: &Context<'_>, added: &Added<'_>, key: &ForeignKey) -> Vec<SuggestedFile> {
    if let Some(column) = added.column {
        return column::files(context, added.table, column);
    }
    let name = added.name(&key.columns, "fkey");
    let (on, written) = (context.alter(added.table), quote_ident(&name));
    let demand = format!(
        "ADD CONSTRAINT {written} {} NOT VALID;",
        to_sql::constraint(added.constraint)
    );
    let here = format!("{on}\n    {demand}");
    let validate = format!("{on} VALIDATE CONSTRAINT {written};");
    context.fix(Some(here), &[(format!("validate_{name}"), validate)])
}

/// Measured on PostgreSQL 18.
fn not_a_foreign_key(context: &Context<'_>, table: &Name, constraint: &str, word: &str) -> Message {
    let message = Message::new(
        format!("enforces the {word} {constraint} of {table}, which ALTER CONSTRAINT cannot do"),
        "the statement fails: only a FOREIGN KEY can be changed from NOT ENFORCED to ENFORCED (42809)",
        "add a second constraint with the same condition as NOT VALID, validate it in a later file, and \
         then drop the one that is not enforced",
    );
    message.with_related(context.made(ObjectKind::Constraint, table, Some(constraint)))
}

/// Adds the key to each partition first.
fn fix_partitions(
    context: &Context<'_>,
    added: &Added<'_>,
    key: &ForeignKey,
    joins: &[Join],
) -> Vec<SuggestedFile> {
    if added.column.is_some() {
        return Vec::new();
    }
    let name = added.name(&key.columns, "fkey");
    let written = quote_ident(&name);
    let demand = to_sql::constraint(added.constraint);
    let each = |title: &str, action: &str| {
        let files = joins.iter().map(|join| {
            (
                format!("{title}_{}", join.table.name),
                format!("ALTER TABLE {} {action};", quote_name(&join.table)),
            )
        });
        files.collect::<Vec<(String, String)>>()
    };
    let mut files = each(
        &name,
        &format!("ADD CONSTRAINT {written} {demand} NOT VALID"),
    );
    files.extend(each(
        &format!("validate_{name}"),
        &format!("VALIDATE CONSTRAINT {written}"),
    ));
    let on = quote_name(added.table);
    files.push((
        name,
        format!("ALTER TABLE {on} ADD CONSTRAINT {written} {demand};"),
    ));
    context.fix(None, &files)
}

/// `ALTER CONSTRAINT ... ENFORCED`, which exists since PostgreSQL 18.
fn enforced(context: &Context<'_>) -> Option<Message> {
    let Change::AlterTable {
        table,
        action:
            TableAction::AlterConstraint {
                constraint,
                attributes,
            },
        ..
    } = context.change()
    else {
        return None;
    };
    if attributes.enforced != Some(true) || !context.is_old_table(table) {
        return None;
    }
    let relation = context.schema.relation(table);
    let known = relation.and_then(|one| one.constraints.iter().find(|one| one.name == *constraint));
    let word = match known.map(|known| &known.kind) {
        None | Some(Known::ForeignKey { .. }) => None,
        Some(Known::Check { .. }) => Some("CHECK"),
        Some(Known::NotNull) => Some("NOT NULL constraint"),
        Some(Known::PrimaryKey) => Some("PRIMARY KEY"),
        Some(Known::Unique) => Some("UNIQUE constraint"),
        Some(Known::Exclude(_)) => Some("EXCLUDE constraint"),
    };
    if let Some(word) = word {
        return Some(not_a_foreign_key(context, table, constraint, word));
    }
    let message = Message::new(
        format!("enforces the FOREIGN KEY {constraint} of {table} and checks every existing row"),
        format!(
            "ENFORCED takes ACCESS EXCLUSIVE on {table} and SHARE ROW EXCLUSIVE on the referenced \
             table, and keeps both locks while it joins the tables: reads and writes of {table}, and \
             writes to the referenced table, are blocked"
        ),
        "add a second FOREIGN KEY on the same columns as NOT VALID, validate it in a later file, and \
         then drop the one that is not enforced",
    );
    Some(message.with_related(context.made(ObjectKind::Constraint, table, Some(constraint))))
}
