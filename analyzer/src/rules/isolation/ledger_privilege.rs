//! Rights on the ledger that a GRANT on all tables gives away.

use crate::check::absence::LEDGER;
use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Grant, Name, ObjectKind, Privileged};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "ledger-privilege",
    summary: "a GRANT on all tables of the schema also gives rights on the ledger",
    page: include_str!("ledger_privilege.md"),
    aliases: &[],
    group: Group::Isolation,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::Grant], &Check::Clause(check)),
};

/// The tables of the ledger that record what ran.
const TABLES: [&str; 5] = [
    "schema_migration_log",
    "schema_migration_head",
    "schema_migration_progress",
    "schema_migration_batch",
    "schema_migration_skipped",
];

/// The privileges that change rows, or let others do so.
const WRITES: [&str; 6] = [
    "INSERT",
    "UPDATE",
    "DELETE",
    "TRUNCATE",
    "TRIGGER",
    "REFERENCES",
];

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Grant(grant) = context.change() else {
        return None;
    };
    let own = &context.module.schema;
    let is_of_all = matches!(
        &grant.on,
        Privileged::AllIn { schemas, kind: ObjectKind::Table } if schemas.contains(own)
    );
    let is_all = grant.privileges.is_empty();
    let is_given = |one: &&str| is_all || grant.privileges.iter().any(|given| given == one);
    let given: Vec<&str> = WRITES.iter().copied().filter(is_given).collect();
    if !is_of_all || grant.revoke || given.is_empty() || takes_back(context) {
        return None;
    }
    let tables: Vec<String> = TABLES
        .iter()
        .map(|table| {
            quote_name(&Name {
                schema: own.clone(),
                name: (*table).to_owned(),
            })
        })
        .collect();
    let who: Vec<String> = grant
        .grantees
        .iter()
        .map(|role| match role.as_str() {
            "public" => "PUBLIC".to_owned(),
            role => quote_ident(role),
        })
        .collect();
    Some(Message::new(
        format!("{} may then change the ledger of {own}", who.join(", ")),
        "the tables in which Onward records what ran are in the same schema. A role that may write them can make a \
         release start on a schema that it does not fit",
        format!(
            "grant on each table by its name. Or write behind the GRANT: `REVOKE {} ON {} FROM {};`",
            given.join(", "),
            tables.join(", "),
            who.join(", ")
        ),
    ))
}

/// Whether a later statement of the file takes rights on the ledger away again.
fn takes_back(context: &Context<'_>) -> bool {
    let is_of_ledger = |grant: &Grant| match &grant.on {
        Privileged::Objects { names, .. } => names.iter().any(|name| name.name.starts_with(LEDGER)),
        Privileged::AllIn { .. } | Privileged::Future { .. } | Privileged::Roles => false,
    };
    let here = context.statement.span.start;
    let later = context
        .statements
        .iter()
        .filter(|one| one.span.start > here);
    let mut clauses = later.flat_map(|one| &one.clauses);
    clauses.any(|clause| match &clause.change {
        Change::Grant(grant) => grant.revoke && is_of_ledger(grant),
        _ => false,
    })
}
