//! Indexes whose names have to be guessed.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, SuggestedFile};
use crate::rules::facts::plain_name::is_plain;
use crate::schema::generated_name;
use crate::statement::{Change, Name};

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
    check: Check::Of(&[Subject::CreateIndex], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreateIndex(create) = context.change() else {
        return None;
    };
    // `unnamed-concurrent-index` forbids the others.
    if create.index.is_some() || create.concurrently {
        return None;
    }
    let table = &create.table;
    let columns = create.keys.iter().filter_map(|key| key.column.as_deref());
    let unique = if create.unique { "UNIQUE " } else { "" };
    let only = if create.only { "ONLY " } else { "" };
    let rest = context.sql_from(create.table_span.start);
    let name = Name {
        schema: table.schema.clone(),
        name: generated_name(&table.name, columns, "idx"),
    };
    let is_free = is_plain(&name.name) && context.schema.kind_of(&name).is_none();
    // For a table in use, the fix of the rule about the lock names the index too.
    let named = (is_free && !context.is_old_table(table)).then(|| SuggestedFile {
        file: context.file_name().to_owned(),
        sql: format!("CREATE {unique}INDEX {} ON {only}{rest};", name.name),
    });
    let message = Message::new(
        format!("this index on {table} has no name"),
        "PostgreSQL generates a name, and a different one if that name is taken. A later file has to guess which index \
         to drop, and the same statement run a second time builds a second index",
        "name the index: `CREATE INDEX <name> ON ...`",
    );
    Some(message.with_files(named.into_iter().collect()))
}
