//! Rewriting a table to make it smaller.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::statement::{Change, Command};

pub(super) static RULE: Rule = Rule {
    id: "vacuum-full",
    summary: "VACUUM FULL or CLUSTER rewrites the table with everybody waiting",
    page: include_str!("vacuum_full.md"),
    aliases: &[
        "ban-vacuum-full",
        "banVacuumFull",
        "vacuum-full-cluster",
        "prefer-repack",
    ],
    group: Group::Locks,
    levels: Levels::all(Severity::Forbid),
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Other { command, .. } = context.change() else {
        return None;
    };
    let (what, instead) = match command {
        Command::Vacuum { full: true } => (
            "VACUUM FULL",
            "a plain VACUUM makes the room free for new rows",
        ),
        Command::Cluster => ("CLUSTER", "an index keeps the order for queries"),
        _ => return None,
    };
    Some(Message::new(
        format!("{what} rewrites the table under its strongest lock"),
        format!(
            "{what} takes ACCESS EXCLUSIVE and keeps it while it writes a copy of the table and builds \
             all of its indexes: neither reads nor writes go through for as long as that takes"
        ),
        format!(
            "{instead}; to give room back to the disk, run pg_repack by hand, which lets reads and \
                 writes through"
        ),
    ))
}
