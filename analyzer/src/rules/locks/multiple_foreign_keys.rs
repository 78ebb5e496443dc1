//! Foreign keys to several tables in use, which lock all of them at once.

use std::collections::BTreeSet;

use crate::check::context::FileContext;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::schema::name_of;
use crate::statement::to_sql::{self, quote_name};
use crate::statement::{Change, Clause, Constraint, ConstraintKind, ForeignKey, Name, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "multiple-foreign-keys",
    summary: "adds foreign keys to several tables in use, which blocks writes to all of them at once",
    page: include_str!("multiple_foreign_keys.md"),
    aliases: &["CreateTableWithForeignKeys", "multiple_foreign_keys"],
    group: Group::Locks,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let mut parents: BTreeSet<&Name> = BTreeSet::new();
    let mut first: Option<&Name> = None;
    let mut placed = Vec::new();
    let clauses = around
        .statements
        .iter()
        .flat_map(|statement| &statement.clauses);
    for clause in clauses {
        for (table, constraint, key) in foreign_keys(clause) {
            let parent = &key.parent;
            if parent == table || parents.contains(parent) || !around.is_old_table(parent) {
                continue;
            }
            if let Some(first) = first {
                let span = match constraint.span.is_empty() {
                    true => clause.span.clone(),
                    false => constraint.span.clone(),
                };
                placed.push((span, message(around, first, table, (constraint, key))));
            }
            first.get_or_insert(parent);
            parents.insert(parent);
        }
    }
    placed
}

fn foreign_keys(clause: &Clause) -> Vec<(&Name, &Constraint, &ForeignKey)> {
    let mut found = Vec::new();
    match &clause.change {
        Change::CreateTable(create) => {
            for column in &create.columns {
                add_keys(&create.table, &column.constraints, &mut found);
            }
            add_keys(&create.table, &create.constraints, &mut found);
        }
        Change::AddColumn { table, column, .. } => {
            add_keys(table, &column.constraints, &mut found);
        }
        Change::AddConstraint { table, constraint } => {
            add_keys(table, std::slice::from_ref(constraint), &mut found);
        }
        _ => {}
    }
    found
}

fn add_keys<'a>(
    table: &'a Name,
    constraints: &'a [Constraint],
    found: &mut Vec<(&'a Name, &'a Constraint, &'a ForeignKey)>,
) {
    for constraint in constraints {
        if let ConstraintKind::ForeignKey(key) = &constraint.kind {
            found.push((table, constraint, key));
        }
    }
}

fn message(
    around: &FileContext<'_>,
    first: &Name,
    table: &Name,
    (constraint, key): (&Constraint, &ForeignKey),
) -> Message {
    let parent = &key.parent;
    let name = name_of(constraint, table, &key.columns, "fkey");
    let (on, written) = (quote_name(table), quote_ident(&name));
    let add = format!(
        "ALTER TABLE {on} ADD CONSTRAINT {written} {} NOT VALID;",
        to_sql::constraint(constraint)
    );
    let message = Message::new(
        format!("adds a foreign key to {parent}, and the file already adds one to {first}"),
        format!(
            "each foreign key takes SHARE ROW EXCLUSIVE on the table that it references and keeps it \
             until the file is applied: while this one waits for {parent}, writes to {first} are \
             blocked, and a service that locks the two tables in the opposite order can deadlock with \
             the migration"
        ),
        format!(
            "keep one foreign key in this file and add each other one in a file of its own with \
             `{add}`, then validate it in the file after that"
        ),
    );
    message.with_related(around.made(ObjectKind::Table, parent, None))
}
