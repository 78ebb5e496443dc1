//! Constraints added to a domain: PostgreSQL checks every table that uses the domain.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::{Message, SuggestedFile};
use crate::rules::fixes::domain;
use crate::schema::{Answer, generated_name};
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, ConstraintKind, DomainAction, Name, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "alter-domain-constraint",
    summary: "adds or validates a constraint of a domain in use, which scans every table that uses the \
              domain",
    page: include_str!("alter_domain_constraint.md"),
    aliases: &[
        "ban-alter-domain-with-add-constraint",
        "add-domain-constraint-without-not-valid",
        "add-domain-not-null",
        "AddDomainCheckConstraintCheck",
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
    let (name, what, demand) = demanded(context)?;
    let users = context.columns_of_type(name);
    let old = users.filter(|(relation, _)| context.is_old_table(&relation.name));
    let users: Vec<_> = old
        .map(|(relation, column)| (&relation.name, column.name.as_str()))
        .collect();
    // When the module's files create the domain, they also create every table that can use it.
    let is_known = context.schema.exists(ObjectKind::Domain, name, None) == Answer::Yes;
    if users.is_empty() && is_known {
        return None;
    }
    let mut tables: Vec<String> = users.iter().map(|(table, _)| table.to_string()).collect();
    tables.dedup();
    let on = match tables.as_slice() {
        [] => "every table that uses it".to_owned(),
        tables => tables.join(", "),
    };
    let message = Message::new(
        format!("{what} on the domain {name} scans every table that uses the domain"),
        format!(
            "PostgreSQL takes SHARE on {on} until all rows are checked: INSERT, UPDATE and DELETE are \
             blocked, reads are not"
        ),
        "add a CHECK to each table instead: NOT VALID in this file, then VALIDATE CONSTRAINT in a later \
         file, which scans the table without blocking reads or writes",
    );
    let suggested_files = fix(context, &users, demand.as_deref());
    Some(
        message
            .with_files(suggested_files)
            .with_related(context.made(ObjectKind::Domain, name, None)),
    )
}

/// The domain, the action's SQL words, and the condition that the values must satisfy, where the
/// statement has it.
fn demanded<'a>(context: &Context<'a>) -> Option<(&'a Name, &'static str, Option<String>)> {
    match context.change() {
        Change::AddConstraint { table, constraint }
            if !constraint.not_valid && context.statement.of_domain =>
        {
            let text = match &constraint.kind {
                ConstraintKind::Check(value) => value.text.clone(),
                _ => "VALUE IS NOT NULL".to_owned(),
            };
            Some((table, "ADD CONSTRAINT", Some(text)))
        }
        Change::AlterDomain {
            domain,
            action: DomainAction::SetNotNull,
        } => Some((domain, "SET NOT NULL", Some("VALUE IS NOT NULL".to_owned()))),
        Change::ValidateConstraint { table, .. } if context.statement.of_domain => {
            Some((table, "VALIDATE CONSTRAINT", None))
        }
        _ => None,
    }
}

/// The files that add the check to each table that uses the domain, and validate it.
fn fix(context: &Context<'_>, users: &[(&Name, &str)], demand: Option<&str>) -> Vec<SuggestedFile> {
    let Some(demand) = demand else {
        return Vec::new();
    };
    let files = users.iter().flat_map(|(table, column)| {
        let name = generated_name(&table.name, [column], "check");
        let (on, written) = (quote_name(table), quote_ident(&name));
        let check = domain::check(demand, column);
        [
            (
                name.clone(),
                format!("ALTER TABLE {on} ADD CONSTRAINT {written} CHECK ({check}) NOT VALID;"),
            ),
            (
                format!("validate_{name}"),
                format!("ALTER TABLE {on} VALIDATE CONSTRAINT {written};"),
            ),
        ]
    });
    let files: Vec<(String, String)> = files.collect();
    context.fix(None, &files)
}
