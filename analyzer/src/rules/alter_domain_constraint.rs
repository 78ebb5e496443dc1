//! Domains that demand more, of all tables that use them.

use super::domain;
use crate::finding::{Message, Remedy};
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::schema::{Answer, generated_name};
use crate::scope::Scope;
use crate::sql;
use crate::statement::{Change, ConstraintKind, DomainAction, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "alter-domain-constraint",
    summary: "a domain in use gets a constraint that is checked at once",
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

fn check(scope: &Scope<'_>) -> Option<Message> {
    let (name, what, demand) = demanded(scope)?;
    let users = scope.columns_of_type(name);
    let old = users.filter(|(relation, _)| scope.is_old_table(&relation.name));
    let users: Vec<_> = old
        .map(|(relation, column)| (&relation.name, column.name.as_str()))
        .collect();
    // A domain of the history can only be used by what the history knows.
    let is_known = scope.schema.exists(ObjectKind::Domain, name, None) == Answer::Yes;
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
        format!("{what} of the domain {name} reads every table that uses it"),
        format!(
            "it takes SHARE on {on} and keeps it while the rows are read: every INSERT, UPDATE and \
             DELETE waits"
        ),
        "put the check into each table instead, as NOT VALID, and validate it in a later file, which \
         reads the rows while others write",
    );
    let remedies = cure(scope, &users, demand.as_deref());
    Some(
        message
            .with_remedies(remedies)
            .with_related(scope.made(ObjectKind::Domain, name, None)),
    )
}

/// The domain, the words for what happens, and the expression that is demanded, if it is written.
fn demanded<'a>(scope: &Scope<'a>) -> Option<(&'a Name, &'static str, Option<String>)> {
    match scope.change() {
        Change::AddConstraint { table, constraint }
            if !constraint.not_valid && scope.statement.of_domain =>
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
        Change::ValidateConstraint { table, .. } if scope.statement.of_domain => {
            Some((table, "VALIDATE CONSTRAINT", None))
        }
        _ => None,
    }
}

/// The check for the tables that use the domain, one file for each.
fn cure(scope: &Scope<'_>, users: &[(&Name, &str)], demand: Option<&str>) -> Vec<Remedy> {
    let Some(demand) = demand else {
        return Vec::new();
    };
    let files = users.iter().flat_map(|(table, column)| {
        let name = generated_name(&table.name, [column], "check");
        let (on, written) = (sql::name(table), sql::ident(&name));
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
    let files: Vec<(&str, String)> = files
        .iter()
        .map(|(title, sql)| (title.as_str(), sql.clone()))
        .collect();
    scope.cure(None, &files)
}
