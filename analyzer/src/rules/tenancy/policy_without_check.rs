//! Policies that leave writes unchecked, or refuse them all.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::{Change, Expression, Policy, PolicyCommand};

pub(super) static RULE: Rule = Rule {
    id: "policy-without-check",
    summary: "a policy that checks no row that is written, or lets none through",
    page: include_str!("policy_without_check.md"),
    aliases: &["policy-missing-with-check", "rls_policy_always_true"],
    group: Group::Tenancy,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreatePolicy(new) = context.change() else {
        return None;
    };
    let (name, table) = (&new.policy, &new.table);
    let (what, why) = problem(new)?;
    let help = match (&new.using, new.command) {
        (None, PolicyCommand::Insert) => {
            format!("write WITH CHECK (...) with what a new row of {table} has to fulfil")
        }
        (None, _) => format!(
            "write USING (...) with what a row of {table} has to fulfil to be seen; rows that are written are \
             checked with it too"
        ),
        (Some(using), _) => format!(
            "leave WITH CHECK away, then USING is asked of the new row too, or write WITH CHECK ({})",
            using.text
        ),
    };
    Some(Message::new(
        format!("the policy `{name}` of {table} {what}"),
        why,
        help,
    ))
}

/// What the server makes of it (measured on PostgreSQL 15).
fn problem(new: &Policy) -> Option<(&'static str, &'static str)> {
    let says_nothing = new.using.is_none() && new.check.is_none();
    match (new.command, new.permissive) {
        (PolicyCommand::Insert, true) if says_nothing => Some((
            "lets no INSERT through",
            "PostgreSQL takes a permissive policy for INSERT without WITH CHECK and never asks it: if no other \
             one lets the row through, the INSERT fails with 42501",
        )),
        (
            PolicyCommand::All
            | PolicyCommand::Update
            | PolicyCommand::Select
            | PolicyCommand::Delete,
            true,
        ) if new.using.is_none() => Some((
            "lets no row through",
            "without USING a permissive policy shows no row: a SELECT, UPDATE or DELETE finds none, without an \
             error",
        )),
        (_, false) if says_nothing => Some((
            "checks nothing",
            "PostgreSQL takes a restrictive policy without an expression and never asks it: every row is \
             read and written as if it were not there",
        )),
        (PolicyCommand::All | PolicyCommand::Update, _) if is_true(new.check.as_ref()) => {
            let is_narrow = new.using.is_some() && !is_true(new.using.as_ref());
            is_narrow.then_some((
                "leaves the rows that are written unchecked",
                "WITH CHECK (true) takes the place of USING for the new row: who sees a row may write it \
                 into another tenant",
            ))
        }
        _ => None,
    }
}

fn is_true(expression: Option<&Expression>) -> bool {
    expression.is_some_and(|one| one.is_true)
}
