//! `VACUUM FULL` and `CLUSTER`, which rewrite a table.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::{Change, Command};

pub(super) static RULE: Rule = Rule {
    id: "vacuum-full",
    summary: "VACUUM FULL or CLUSTER, which rewrites the table under ACCESS EXCLUSIVE",
    page: include_str!("vacuum_full.md"),
    aliases: &[
        "ban-vacuum-full",
        "banVacuumFull",
        "vacuum-full-cluster",
        "prefer-repack",
    ],
    group: Group::Locks,
    levels: Levels::all(Severity::Forbid),
    check: Check::Of(&[Subject::Other], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Other { command, .. } = context.change() else {
        return None;
    };
    let (what, instead) = match command {
        Command::Vacuum { full: true } => (
            "VACUUM FULL",
            "a plain VACUUM makes the space of deleted rows available to new rows",
        ),
        Command::Cluster => ("CLUSTER", "an index serves queries that need this order"),
        _ => return None,
    };
    Some(Message::new(
        format!("{what} rewrites the table under ACCESS EXCLUSIVE"),
        format!(
            "{what} keeps the lock while it copies the table and rebuilds all of its indexes: reads and \
             writes of the table are blocked until then"
        ),
        format!(
            "remove {what}: {instead}; to return disk space to the operating system, run pg_repack by \
             hand, which allows reads and writes"
        ),
    ))
}
