//! Rewrite rules, whose actions run with the rights of an owner.

use std::collections::BTreeSet;

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::rules::facts::tenant::{are_forced, tenant_tables_behind};
use crate::statement::{Change, Definition, Name};

pub(super) static RULE: Rule = Rule {
    id: "rewrite-rule-reaches-tenants",
    summary: "the actions of a rewrite rule read or write a table of tenants with the rights of an owner",
    page: include_str!("rewrite_rule_reaches_tenants.md"),
    aliases: &[],
    group: Group::Tenancy,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::Create], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    context.module.settings.tenancy.as_ref()?;
    let Change::Create {
        name: relation,
        part: Some(rule),
        reading,
        definition: Definition::Rule(rewritten),
        ..
    } = context.change()
    else {
        return None;
    };
    if rewritten.nothing {
        return None;
    }
    let names: BTreeSet<Name> = reading.relations.iter().cloned().collect();
    let tables = tenant_tables_behind(context, &names);
    let first = &tables.first()?.name;
    let all_forced = are_forced(&tables);
    let message = Message::new(
        format!(
            "the rule `{rule}` of {relation} reaches {first} with the rights of the owner of {relation}"
        ),
        "PostgreSQL runs the actions of a rule as the owner of its table or view, also if the view has \
         security_invoker: policies are not asked for the owner of the table without FORCE, and never for a superuser \
         or a role with BYPASSRLS",
        "write a trigger, INSTEAD OF for a view, whose function is SECURITY INVOKER: it runs as the role whose \
         statement fires it",
    );
    Some(message.mild(all_forced, Severity::Warn))
}
