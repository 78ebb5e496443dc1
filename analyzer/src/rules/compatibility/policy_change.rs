//! Policies that show old sessions other rows.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::{Change, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "policy-change",
    summary: "a policy of a table in use is added, changed or dropped",
    page: include_str!("policy_change.md"),
    aliases: &[
        "changing-policy",
        "ban-create-policy",
        "ban-alter-policy-condition",
        "ban-alter-policy-roles",
        "restrictive-policy",
    ],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (table, policy, verb, effect) = match context.change() {
        Change::CreatePolicy(new) if new.permissive => (
            &new.table,
            new.policy.as_str(),
            "adds",
            "a permissive policy widens: rows that the others hide are seen and written",
        ),
        Change::CreatePolicy(new) => (
            &new.table,
            new.policy.as_str(),
            "adds",
            "a restrictive policy narrows: rows that the serving release works with are gone, \
             without an error, and its writes to them fail with 42501",
        ),
        Change::AlterPolicy(new) => (
            &new.table,
            new.policy.as_str(),
            "changes",
            "the serving release sees and writes other rows than it did",
        ),
        Change::Drop { .. } => {
            let (table, policy) = context.drops_part(ObjectKind::Policy)?;
            let effect = "what it let through is hidden, without an error, and what it kept out, \
                          if it is restrictive, is seen";
            (table, policy, "drops", effect)
        }
        _ => return None,
    };
    if context.is_new_relation(table) {
        return None;
    }
    let message = Message::new(
        format!("this {verb} the policy `{policy}` of {table}"),
        format!("it takes ACCESS EXCLUSIVE on {table} for a moment; then {effect}"),
        "",
    );
    let related = context.made(ObjectKind::Table, table, None);
    if context.drops_part(ObjectKind::Policy).is_some() && is_last(context, table, policy) {
        let help = format!(
            "nothing else lets rows of {table} through: ship code that does without it first; then an operator \
             drops it in a release migration that creates the policy which takes its place"
        );
        return Some(Message { help, ..message }.with_related(related));
    }
    let sql = context.sql_from(context.statement.span.start);
    let title = format!("{}_policies", table.name);
    let breaks = format!("code that works with the rows of {table} that it saw before");
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}

/// Whether the table's rows are closed to all without the policy: `drop-last-policy`.
fn is_last(context: &Context<'_>, table: &Name, policy: &str) -> bool {
    let relation = context.schema.relation(table);
    relation
        .filter(|table| table.row_security)
        .is_some_and(|table| {
            let mut others = table.policies.iter().filter(|other| other.name != policy);
            !others.any(|other| other.definition.permissive)
        })
}
