//! Domains with constraints, which make later columns and constraints expensive.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::constrained_domain::is_constrained;
use crate::statement::to_sql::{self, quote_name};
use crate::statement::{Change, Column};

pub(super) static RULE: Rule = Rule {
    id: "domain-with-constraint",
    summary: "creates a domain with CHECK or NOT NULL, which makes later changes rewrite or lock tables",
    page: include_str!("domain_with_constraint.md"),
    aliases: &[
        "ban-create-domain-with-constraint",
        "DomainCheckConstraintCheck",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::CreateDomain], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreateDomain { name, column } = context.change() else {
        return None;
    };
    if !is_constrained(column) {
        return None;
    }
    let bare = Column {
        name: String::new(),
        not_null: false,
        ..column.clone()
    };
    let here = format!(
        "CREATE DOMAIN {} AS {};",
        quote_name(name),
        to_sql::of_column(&bare)
    );
    let message = Message::new(
        format!("creates the domain {name} with constraints"),
        "adding a column of this domain to a table in use makes PostgreSQL rewrite the table under \
         ACCESS EXCLUSIVE, and adding another constraint to the domain blocks writes to every table \
         that uses the domain",
        "create the domain without the constraint and add a CHECK to each table instead, which can be \
         added as NOT VALID",
    );
    Some(message.with_files(context.fix(Some(here), &[])))
}
