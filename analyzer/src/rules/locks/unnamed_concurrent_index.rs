//! Concurrent indexes whose name PostgreSQL generates.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "unnamed-concurrent-index",
    summary: "CREATE INDEX CONCURRENTLY without a name, which cannot be found again after a failed \
              build",
    page: include_str!("unnamed_concurrent_index.md"),
    aliases: &["unnamed-index"],
    group: Group::Locks,
    levels: Levels::all(Severity::Forbid),
    check: Check::Always(&Check::Of(&[Subject::CreateIndex], &Check::Clause(check))),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreateIndex(create) = context.change() else {
        return None;
    };
    if create.index.is_some() || !create.concurrently {
        return None;
    }
    let table = &create.table;
    Some(Message::new(
        format!("builds an index without a name on {table} with CONCURRENTLY"),
        "an interrupted concurrent build leaves an invalid index behind, and Onward can find and \
         rebuild it only by its name",
        format!(
            "name the index: `CREATE INDEX CONCURRENTLY {}_<columns>_idx ON {table} ...`",
            table.name
        ),
    ))
}
