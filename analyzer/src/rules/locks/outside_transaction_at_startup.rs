//! Maintenance statements in files that run while the service starts.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::effect::{Mode, mode};
use crate::finding::Message;

pub(super) static RULE: Rule = Rule {
    id: "outside-transaction-at-startup",
    summary: "a statement that cannot run in a transaction, other than CREATE or DROP INDEX \
              CONCURRENTLY, outside of a release migration",
    page: include_str!("outside_transaction_at_startup.md"),
    aliases: &[],
    group: Group::Locks,
    levels: Levels {
        startup: DENY,
        release: NEVER,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let runs_alone = || {
        matches!(
            mode(&context.statement.clauses),
            Mode::NonTransactional { .. }
        )
    };
    (context.is_first() && runs_alone()).then(|| {
        let first = context.sql().split_whitespace().next().unwrap_or_default();
        Message::new(
            format!(
                "runs {first}, which cannot run in a transaction, in a file that runs without an \
                 operator"
            ),
            "the effect of the statement and its ledger entry cannot be committed together, and the \
             statement can take a long time while the service waits to start",
            format!(
                "move the statement into a release migration, `{}_<what>.sql`, or run it by hand",
                context.next(crate::intake::file_name::Category::Release)
            ),
        )
    })
}
