//! CONCURRENTLY beside statements that run in a transaction.

use super::own_file::{self, Kind};
use crate::finding::Message;
use crate::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;

pub(super) static RULE: Rule = Rule {
    id: "concurrently-in-transaction",
    summary: "a CONCURRENTLY statement shares its file with statements that run in a transaction",
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
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    own_file::check(scope, Kind::Concurrently)
}
