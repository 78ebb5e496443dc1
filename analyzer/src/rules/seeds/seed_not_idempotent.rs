//! Seeds that cannot run twice.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "seed-not-idempotent",
    summary: "an INSERT in a seed adds its rows again, or fails, in a second run",
    page: include_str!("seed_not_idempotent.md"),
    aliases: &[],
    group: Group::Seeds,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: FORBID,
        data: NEVER,
    },
    check: Check::Of(&[Subject::Insert], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Insert(insert) = context.change() else {
        return None;
    };
    if insert.is_idempotent() {
        return None;
    }
    let table = &insert.table;
    Some(Message::new(
        format!("this INSERT into {table} cannot run twice"),
        "a seed runs again whenever its text changes. The rows would be inserted twice, or the start would fail: \
         duplicate key (23505)",
        "end the INSERT with `ON CONFLICT (<key>) DO UPDATE SET ...` or `DO NOTHING`, or use MERGE",
    ))
}
