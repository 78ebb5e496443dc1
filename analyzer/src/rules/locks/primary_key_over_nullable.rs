//! Primary keys with an index whose columns may be null.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::rules::fixes::key;
use crate::statement::to_sql::quote_name;
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
    check: Check::Clause(check),
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
    let steps = key::not_null(context, added.table, &names);
    if steps.is_empty() {
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
        "first make the column NOT NULL with the files below, then add the PRIMARY KEY",
    );
    let name = quote_ident(&added.name(&[], "pkey"));
    let index = key
        .using_index
        .as_deref()
        .map(quote_ident)
        .unwrap_or_default();
    let again = format!(
        "ALTER TABLE {} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {index};",
        quote_name(table)
    );
    let again = [(format!("{}_pkey", table.name), again)];
    let steps: Vec<(&str, String)> = steps
        .iter()
        .chain(&again)
        .map(|(title, sql)| (title.as_str(), sql.clone()))
        .collect();
    Some(
        message
            .with_files(context.fix(None, &steps))
            .with_related(context.made(ObjectKind::Column, table, Some(column))),
    )
}
