//! Indexes that nobody can name.

use crate::finding::Message;
use crate::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::scope::Scope;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "unnamed-index",
    summary: "CREATE INDEX without a name",
    page: include_str!("unnamed_index.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::CreateIndex(create) = scope.change() else {
        return None;
    };
    // `unnamed-concurrent-index` forbids the others.
    if create.index.is_some() || create.concurrently {
        return None;
    }
    let table = &create.table;
    let columns = create.keys.iter().filter_map(|key| key.column.as_deref());
    let mut name = table.name.clone();
    for column in columns {
        name = format!("{name}_{column}");
    }
    Some(Message::new(
        format!("this index on {table} has no name"),
        "PostgreSQL makes one up, and another one where that is taken: a later file cannot be sure what to \
         drop, and the same statement a second time builds a second index",
        format!("name it: `CREATE INDEX {name}_idx ON {table} ...`"),
    ))
}
