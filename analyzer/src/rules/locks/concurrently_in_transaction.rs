//! `CONCURRENTLY` in one file with statements that run in a transaction.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::rules::fixes::own_file::{self, Kind};

pub(super) static RULE: Rule = Rule {
    id: "concurrently-in-transaction",
    summary: "a CONCURRENTLY statement in one file with statements that run in a transaction",
    page: include_str!("concurrently_in_transaction.md"),
    aliases: &[
        "shares-file-outside-transaction",
        "ban-concurrent-index-creation-in-transaction",
        "PG103",
        "banConcurrentIndexCreationInTransaction",
        "non-concurrent-index",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Always(&Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    own_file::check(context, Kind::Concurrently)
}
