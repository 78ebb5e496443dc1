//! New columns whose type is a domain with constraints.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, SuggestedFile};
use crate::intake::file_name::Category;
use crate::rules::facts::constrained_domain::constrained;
use crate::rules::fixes::column;
use crate::statement::{Column, Name, ObjectKind};

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
    check: Check::Of(&[Subject::AddColumn], &Check::Clause(check)),
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
    constrained(context, &column.data_type)?;
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
            .with_files(files(context, table, column))
            .with_related(context.made(ObjectKind::Domain, &name, None)),
    )
}

fn files(context: &Context<'_>, table: &Name, column: &Column) -> Vec<SuggestedFile> {
    match context.category() {
        // A new column belongs in a startup migration.
        Some(Category::Release) => Vec::new(),
        Some(Category::Startup | Category::Seed | Category::Data) | None => {
            column::files(context, table, column)
        }
    }
}
