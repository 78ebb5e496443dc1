//! Domains with constraints, which every later column pays for.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::rules::facts::constrained_domain::is_constrained;
use crate::statement::to_sql::{self, quote_name};
use crate::statement::{Change, Column};

pub(super) static RULE: Rule = Rule {
    id: "domain-with-constraint",
    summary: "a domain is made with CHECK or NOT NULL",
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
    check: Check::Clause(check),
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
        format!("the domain {name} has constraints"),
        "a column of such a domain that is added to a table in use makes PostgreSQL write the whole \
         table anew under ACCESS EXCLUSIVE, and one more constraint locks every table that uses the \
         domain against writes",
        "leave the constraint out of the domain and put a CHECK into each table, which can be added as \
         NOT VALID",
    );
    Some(message.with_files(context.fix(Some(here), &[])))
}
