//! Policies with subqueries, which Citus refuses.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::citus::refuses_subqueries;
use crate::rules::facts::tenant::isolation;
use crate::statement::{Change, Expression, Policy};

pub(super) static RULE: Rule = Rule {
    id: "subquery-in-distributed-policy",
    summary: "a policy of a table in a Citus cluster contains a subquery",
    page: include_str!("subquery_in_distributed_policy.md"),
    aliases: &[],
    group: Group::Citus,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(
        &[Subject::AlterPolicy, Subject::CreatePolicy],
        &Check::Parts(check),
    ),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let (Change::CreatePolicy(policy) | Change::AlterPolicy(policy)) = context.change() else {
        return Vec::new();
    };
    let Some(table) = context.schema.relation(&policy.table) else {
        return Vec::new();
    };
    if !refuses_subqueries(context, table) {
        return Vec::new();
    }
    let expressions = policy.using.iter().chain(&policy.check);
    let mut with = expressions.filter(|expression| expression.has_subquery);
    with.next()
        .map(|first| (first.span.clone(), message(context, policy, first)))
        .into_iter()
        .collect()
}

fn message(context: &Context<'_>, policy: &Policy, condition: &Expression) -> Message {
    let (name, table) = (&policy.policy, &policy.table);
    let tenancy = context.module.settings.tenancy.as_ref();
    let asks = tenancy.filter(|tenancy| {
        condition
            .calls
            .iter()
            .any(|call| call.constant(0) == Some(&tenancy.setting))
    });
    let help = match asks {
        Some(tenancy) => format!(
            "write the call without SELECT: {}. PostgreSQL computes it once for a scan of an index that begins with {}",
            isolation(context, tenancy),
            tenancy.column
        ),
        None => "compare columns of the row with a setting, and keep what the subquery looks up in the row itself".to_owned(),
    };
    Message::new(
        format!("the policy `{name}` of {table} contains a subquery"),
        "Citus refuses subqueries in policies of its tables (0A000): each server applies the policy to its own rows, and \
         does not ask the others",
        help,
    )
}
