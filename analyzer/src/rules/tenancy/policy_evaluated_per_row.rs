//! Policies that call a function for each row.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::check::subject::Subject;
use crate::finding::{Message, SuggestedFile};
use crate::rules::facts::citus::refuses_subqueries;
use crate::statement::{Call, Change, Expression, Name, Volatility};

pub(super) static RULE: Rule = Rule {
    id: "policy-evaluated-per-row",
    summary: "a policy calls a function for each row although the result is the same for all",
    page: include_str!("policy_evaluated_per_row.md"),
    aliases: &["rls-initplan", "auth_rls_initplan"],
    group: Group::Tenancy,
    levels: Levels {
        startup: WARN,
        release: WARN,
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
    let table = context.schema.relation(&policy.table);
    if table.is_some_and(|table| refuses_subqueries(context, table)) {
        return Vec::new();
    }
    let expressions = policy.using.iter().chain(&policy.check);
    let calls: Vec<&Call> = expressions
        .flat_map(|expression| bare(context, expression))
        .collect();
    let Some(first) = calls.first() else {
        return Vec::new();
    };
    let (name, table) = (&policy.policy, &policy.table);
    let called = &first.name;
    let message = Message::new(
        format!("the policy `{name}` of {table} calls {called} for each row"),
        format!(
            "a query calls the function for every row of {table} that it reads; inside (SELECT \
             ...) PostgreSQL calls it once and compares each row with the result"
        ),
        "write the call inside a SELECT",
    );
    let file = SuggestedFile {
        file: context.file_name().to_owned(),
        sql: wrapped(context, &calls),
    };
    vec![(first.span.clone(), message.with_files(vec![file]))]
}

/// The calls outside subqueries that take no column and whose result is not a constant.
fn bare<'a>(context: &Context<'_>, expression: &'a Expression) -> Vec<&'a Call> {
    let mut found: Vec<&Call> = Vec::new();
    for call in &expression.calls {
        let within = |span: &std::ops::Range<usize>| {
            span.start <= call.span.start && call.span.end <= span.end
        };
        let is_covered = call.in_subquery || found.iter().any(|one| within(&one.span));
        if !is_covered && !call.takes_column && is_asked(context, call) {
            found.push(call);
        }
    }
    found
}

/// Whether the call is worth moving: `current_setting` and functions that are not PostgreSQL's own, unless
/// they are `IMMUTABLE`. PostgreSQL's other functions without a column cost nothing, like `now()`, or the
/// planner replaces them by a constant.
fn is_asked(context: &Context<'_>, call: &Call) -> bool {
    if call.name == "current_setting" {
        return true;
    }
    let name = Name {
        schema: call
            .schema
            .clone()
            .unwrap_or_else(|| context.module.schema.clone()),
        name: call.name.clone(),
    };
    let known = context.schema.routines(&name);
    let is_foreign = call
        .schema
        .as_deref()
        .is_some_and(|schema| schema != "pg_catalog");
    let is_constant = known
        .iter()
        .any(|one| one.volatility == Volatility::Immutable);
    (is_foreign || !known.is_empty()) && !is_constant
}

/// The statement, with each of the calls inside a `SELECT`.
fn wrapped(context: &Context<'_>, calls: &[&Call]) -> String {
    let mut sql = String::new();
    let mut at = context.kept_from(context.statement);
    for call in calls {
        sql += context.text(&(at..call.span.start));
        sql = sql + "(SELECT " + context.text(&call.span) + ")";
        at = call.span.end;
    }
    sql + context.text(&(at..context.statement.span.end)) + ";"
}
