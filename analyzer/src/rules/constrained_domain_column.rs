//! New columns of a domain that demands something.

use super::domain;
use crate::file_name::Category;
use crate::finding::{Message, Remedy};
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::schema::{TypeKind, generated_name};
use crate::scope::Scope;
use crate::sql;
use crate::statement::{Column, DataType, Name, ObjectKind};

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

/// The domain with constraints: this one, or one below it.
fn constrained<'a>(scope: &Scope<'a>, data_type: &DataType) -> Option<&'a Column> {
    let mut data_type = data_type.clone();
    let mut seen = Vec::new();
    while !data_type.array && !seen.contains(&data_type) {
        let TypeKind::Domain(domain) = &scope.schema.made_type(&data_type)?.kind else {
            return None;
        };
        if is_constrained(domain) {
            return Some(domain);
        }
        seen.push(std::mem::replace(&mut data_type, domain.data_type.clone()));
    }
    None
}

pub(super) fn is_constrained(domain: &Column) -> bool {
    domain.not_null || !domain.constraints.is_empty()
}

fn cure(scope: &Scope<'_>, table: &Name, column: &Column, domain: &Column) -> Vec<Remedy> {
    let on = sql::name(table);
    let plain = Column {
        data_type: domain.data_type.clone(),
        constraints: Vec::new(),
        ..column.clone()
    };
    let mut here = vec![format!("ADD COLUMN {}", sql::column(&plain))];
    let mut later = Vec::new();
    for check in domain::checks(domain, &column.name) {
        let label = match later.len() {
            0 => "check".to_owned(),
            more => format!("check{more}"),
        };
        let name = generated_name(&table.name, [&column.name], &label);
        let written = sql::ident(&name);
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
