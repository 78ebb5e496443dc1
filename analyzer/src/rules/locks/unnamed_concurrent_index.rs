//! Indexes whose name PostgreSQL makes up.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "unnamed-concurrent-index",
    summary: "CREATE INDEX CONCURRENTLY without a name",
    page: include_str!("unnamed_concurrent_index.md"),
    aliases: &["unnamed-index"],
    group: Group::Locks,
    levels: Levels::all(Severity::Forbid),
    check: Check::Clause(check),
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
        format!("this index on {table} has no name"),
        "a concurrent build that is interrupted leaves an invalid index behind, which can be found \
         and rebuilt by its name only",
        format!(
            "give it one: `CREATE INDEX CONCURRENTLY {}_<columns>_idx ON {table} ...`",
            table.name
        ),
    ))
}
