//! Primary keys with an index whose columns may be null.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::fixes::proof;
use crate::statement::to_sql;
use crate::statement::{Constraint, ConstraintKind, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "primary-key-over-nullable",
    summary: "PRIMARY KEY USING INDEX over a nullable column, which scans the table under ACCESS \
              EXCLUSIVE",
    page: include_str!("primary_key_over_nullable.md"),
    aliases: &["pk-using-index-nullable", "W14", "PG304"],
    group: Group::Locks,
    levels: Levels {
        startup: DENY,
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
    let is = |constraint: &Constraint, _: Option<&_>| matches!(&constraint.kind, ConstraintKind::PrimaryKey(key) if key.using_index.is_some());
    let added = context.adds_constraint(is)?;
    let ConstraintKind::PrimaryKey(key) = &added.constraint.kind else {
        return None;
    };
    let relation = context.schema.relation(added.table)?;
    let index = relation
        .indexes
        .iter()
        .find(|index| key.using_index.as_ref() == Some(&index.name))?;
    let names = index
        .keys
        .iter()
        .filter_map(|key| relation.name_of(key.column?));
    let names: Vec<String> = names.map(str::to_owned).collect();
    let proof = proof::of(context, added.table, &names);
    if !proof.is_needed() {
        return None;
    }
    let nullable = names.iter().find(|name| {
        let column = relation.column(name);
        column.is_some_and(|column| !column.not_null)
            && !context.schema.proves_not_null(added.table, name)
    });
    let table = added.table;
    let column = nullable.map_or("", String::as_str);
    let message = Message::new(
        format!("adds a PRIMARY KEY to {table} over the nullable column {column}"),
        "USING INDEX builds nothing, but makes the column NOT NULL: PostgreSQL scans the whole table \
         under ACCESS EXCLUSIVE, which blocks reads and writes; if one row is null the migration fails: \
         column contains null values (23502)",
        format!(
            "first make the column NOT NULL with the files below, then add the PRIMARY KEY{}",
            proof.note()
        ),
    );
    let name = quote_ident(&added.name(&[], "pkey"));
    let again = format!(
        "{} ADD CONSTRAINT {name} {};",
        context.alter(table),
        to_sql::constraint(added.constraint)
    );
    let again = (format!("{}_pkey", table.name), again);
    Some(
        message
            .with_files(proof.files(context, Vec::new(), vec![again]))
            .with_related(context.made(ObjectKind::Column, table, Some(column))),
    )
}
