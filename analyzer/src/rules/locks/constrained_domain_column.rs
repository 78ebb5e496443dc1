//! New columns whose type is a domain with constraints.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::{Message, SuggestedFile};
use crate::intake::file_name::Category;
use crate::rules::facts::constrained_domain::constrained;
use crate::rules::fixes::domain;
use crate::schema::generated_name;
use crate::statement::to_sql::{self, quote_name};
use crate::statement::{Column, Name, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "constrained-domain-column",
    summary: "adds a column of a domain with constraints to a table in use, which rewrites the table",
    page: include_str!("constrained_domain_column.md"),
    aliases: &["adding-constrained-domain-column"],
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
    let (table, column) = context.adds_column()?;
    let name = Name {
        schema: column
            .data_type
            .schema
            .clone()
            .unwrap_or_else(|| context.module.schema.clone()),
        name: column.data_type.name.clone(),
    };
    let known = constrained(context, &column.data_type)?;
    let message = Message::new(
        format!(
            "adds the column {} to {table} with the type {name}, a domain with constraints",
            column.name
        ),
        "PostgreSQL rewrites the whole table under ACCESS EXCLUSIVE to check each row, even if the new \
         column is null everywhere: reads and writes of the table are blocked until that is finished",
        "declare the column with the type that the domain is based on, and add the domain's check to \
         the table as NOT VALID",
    );
    Some(
        message
            .with_files(fix(context, table, column, known))
            .with_related(context.made(ObjectKind::Domain, &name, None)),
    )
}

fn fix(
    context: &Context<'_>,
    table: &Name,
    column: &Column,
    domain: &Column,
) -> Vec<SuggestedFile> {
    let on = quote_name(table);
    let plain = Column {
        data_type: domain.data_type.clone(),
        constraints: Vec::new(),
        ..column.clone()
    };
    let mut here = vec![format!("ADD COLUMN {}", to_sql::column(&plain))];
    let mut later = Vec::new();
    for check in domain::checks(domain, &column.name) {
        let label = match later.len() {
            0 => "check".to_owned(),
            more => format!("check{more}"),
        };
        let name = generated_name(&table.name, [&column.name], &label);
        let written = quote_ident(&name);
        here.push(format!(
            "ADD CONSTRAINT {written} CHECK ({check}) NOT VALID"
        ));
        let validate = format!("ALTER TABLE {on} VALIDATE CONSTRAINT {written};");
        later.push((format!("validate_{name}"), validate));
    }
    let here = format!("ALTER TABLE {on}\n    {};", here.join(",\n    "));
    let later: Vec<(&str, String)> = later
        .iter()
        .map(|(title, sql)| (title.as_str(), sql.clone()))
        .collect();
    match context.category() {
        // A new column belongs in a startup migration.
        Some(Category::Release) => Vec::new(),
        Some(Category::Startup | Category::Seed | Category::Data) | None => {
            context.fix(Some(here), &later)
        }
    }
}
