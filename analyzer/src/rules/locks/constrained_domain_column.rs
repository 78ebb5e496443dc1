//! New columns of a domain that demands something.

use crate::check::context::Scope;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::{Message, Remedy};
use crate::intake::file_name::Category;
use crate::rules::facts::constrained_domain::constrained;
use crate::rules::fixes::domain;
use crate::schema::generated_name;
use crate::statement::{Column, Name, ObjectKind};
use crate::text::quote;

pub(super) static RULE: Rule = Rule {
    id: "constrained-domain-column",
    summary: "a column of a domain with constraints is added to a table in use",
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

fn check(scope: &Scope<'_>) -> Option<Message> {
    let (table, column) = scope.adds_column()?;
    let name = Name {
        schema: column
            .data_type
            .schema
            .clone()
            .unwrap_or_else(|| scope.module.schema.clone()),
        name: column.data_type.name.clone(),
    };
    let known = constrained(scope, &column.data_type)?;
    let message = Message::new(
        format!(
            "{table} gets the column {} of the domain {name}, which has constraints",
            column.name
        ),
        "PostgreSQL writes the whole table anew under ACCESS EXCLUSIVE to check each row, even where the \
         new column is null: neither reads nor writes go through",
        "give the column the type behind the domain, and the table the check as NOT VALID",
    );
    Some(
        message
            .with_remedies(cure(scope, table, column, known))
            .with_related(scope.made(ObjectKind::Domain, &name, None)),
    )
}

fn cure(scope: &Scope<'_>, table: &Name, column: &Column, domain: &Column) -> Vec<Remedy> {
    let on = quote::name(table);
    let plain = Column {
        data_type: domain.data_type.clone(),
        constraints: Vec::new(),
        ..column.clone()
    };
    let mut here = vec![format!("ADD COLUMN {}", quote::column(&plain))];
    let mut later = Vec::new();
    for check in domain::checks(domain, &column.name) {
        let label = match later.len() {
            0 => "check".to_owned(),
            more => format!("check{more}"),
        };
        let name = generated_name(&table.name, [&column.name], &label);
        let written = quote::ident(&name);
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
    match scope.category() {
        // A new column belongs into a startup migration.
        Some(Category::Release) => Vec::new(),
        Some(Category::Startup | Category::Seed | Category::Data) | None => {
            scope.cure(Some(here), &later)
        }
    }
}
