//! Policies that leave writes unchecked, or refuse all rows.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Expression, Policy, PolicyCommand};

pub(super) static RULE: Rule = Rule {
    id: "policy-without-check",
    summary: "a policy does not check written rows, or allows no row at all",
    page: include_str!("policy_without_check.md"),
    aliases: &["policy-missing-with-check", "rls_policy_always_true"],
    group: Group::Tenancy,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::CreatePolicy], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreatePolicy(new) = context.change() else {
        return None;
    };
    let (name, table) = (&new.policy, &new.table);
    let (what, why) = problem(new)?;
    let help = match (&new.using, new.command) {
        (None, PolicyCommand::Insert) => {
            format!(
                "write WITH CHECK (...) with the condition that a new row of {table} must satisfy"
            )
        }
        (None, _) => format!(
            "write USING (...) with the condition that a row of {table} must satisfy to be \
             visible; PostgreSQL checks written rows with it too"
        ),
        (Some(using), _) => format!(
            "remove WITH CHECK, then PostgreSQL checks USING for the new row too, or write WITH \
             CHECK ({})",
            using.text
        ),
    };
    Some(Message::new(
        format!("the policy `{name}` of {table} {what}"),
        why,
        help,
    ))
}

/// What the policy does on the server (measured on PostgreSQL 15).
fn problem(new: &Policy) -> Option<(&'static str, &'static str)> {
    let says_nothing = new.using.is_none() && new.check.is_none();
    match (new.command, new.permissive) {
        (PolicyCommand::Insert, true) if says_nothing => Some((
            "allows no INSERT",
            "PostgreSQL accepts a permissive policy for INSERT without WITH CHECK, but the policy \
             allows nothing: unless another policy allows the row, the INSERT fails: new row \
             violates row-level security policy (42501)",
        )),
        (
            PolicyCommand::All
            | PolicyCommand::Update
            | PolicyCommand::Select
            | PolicyCommand::Delete,
            true,
        ) if new.using.is_none() => Some((
            "allows no row",
            "without USING a permissive policy shows no row: SELECT, UPDATE and DELETE find none, \
             without an error",
        )),
        (_, false) if says_nothing => Some((
            "checks nothing",
            "PostgreSQL accepts a restrictive policy without an expression and never checks it: \
             every row is read and written as if the policy did not exist",
        )),
        (PolicyCommand::All | PolicyCommand::Update, _) if is_true(new.check.as_ref()) => {
            let is_narrow = new.using.is_some() && !is_true(new.using.as_ref());
            is_narrow.then_some((
                "leaves written rows unchecked",
                "WITH CHECK (true) replaces USING for the new row: a session that sees a row can \
                 move it to another tenant",
            ))
        }
        _ => None,
    }
}

fn is_true(expression: Option<&Expression>) -> bool {
    expression.is_some_and(|one| one.is_true)
}
