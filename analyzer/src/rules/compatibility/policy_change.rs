//! Policies that change which rows old sessions see.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "policy-change",
    summary: "adds, alters or drops a policy of a table in use",
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
    check: Check::Of(
        &[Subject::AlterPolicy, Subject::CreatePolicy, Subject::Drop],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (table, policy, verb, effect) = match context.change() {
        Change::CreatePolicy(new) if new.permissive => (
            &new.table,
            new.policy.as_str(),
            "adds",
            "a permissive policy allows more: sessions see and write rows that the other policies \
             hide",
        ),
        Change::CreatePolicy(new) => (
            &new.table,
            new.policy.as_str(),
            "adds",
            "a restrictive policy allows less: rows that the running release works with disappear, \
             without an error, and its writes to them fail: new row violates row-level security \
             policy (42501)",
        ),
        Change::AlterPolicy(new) => (
            &new.table,
            new.policy.as_str(),
            "alters",
            "the running release may see and write other rows than before",
        ),
        Change::Drop { .. } => {
            let (table, policy) = context.drops_part(ObjectKind::Policy)?;
            let effect = "rows that only a permissive policy allowed disappear, without an error; \
                          rows that a restrictive policy hid become visible";
            (table, policy, "drops", effect)
        }
        _ => return None,
    };
    if context.is_new_relation(table) {
        return None;
    }
    let message = Message::new(
        format!("{verb} the policy `{policy}` on {table}"),
        format!("takes ACCESS EXCLUSIVE on {table} for a moment; afterwards {effect}"),
        "",
    );
    let related = context.made(ObjectKind::Table, table, None);
    if context.drops_part(ObjectKind::Policy).is_some() && is_last(context, table, policy) {
        let help = format!(
            "no other policy allows any row of {table}: first deploy code that no longer needs \
             this policy, then drop it in a release migration that also creates the policy that \
             replaces it"
        );
        return Some(Message { help, ..message }.with_related(related));
    }
    let sql = context.sql_from(context.statement.span.start);
    let title = format!("{}_policies", table.name);
    let breaks = format!("code that relies on the rows of {table} that it could see before");
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}

/// Whether no row of the table is accessible without the policy: `drop-last-policy`.
fn is_last(context: &Context<'_>, table: &Name, policy: &str) -> bool {
    let relation = context.schema.relation(table);
    relation
        .filter(|table| table.row_security)
        .is_some_and(|table| {
            let mut others = table.policies.iter().filter(|other| other.name != policy);
            !others.any(|other| other.definition.permissive)
        })
}
