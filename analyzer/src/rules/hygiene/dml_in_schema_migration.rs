//! Rows that change while the schema does.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "dml-in-schema-migration",
    summary: "a startup or release migration changes rows",
    page: include_str!("dml_in_schema_migration.md"),
    aliases: &["backfilling", "dml-in-migration"],
    group: Group::Hygiene,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    use crate::intake::file_name::Category::{Data, Seed};

    let (word, table) = match context.change() {
        Change::Insert(insert) => ("INSERT", &insert.table),
        Change::Update(update) => ("UPDATE", &update.table),
        Change::Delete(delete) => ("DELETE", &delete.table),
        Change::Merge(merge) => ("MERGE", &merge.table),
        _ => return None,
    };
    let is_new = context.is_new_table(table);
    let message = Message::new(
        format!("this {word} changes rows of {table} in a schema migration"),
        "row locks and dead rows pile up in one transaction, together with the locks of the DDL beside \
         it, while the service waits to start",
        format!(
            "reference data belongs in a seed, `{}_{name}.sql`; a change of existing rows in a data \
             migration, `{}_{name}.sql`, which runs in batches",
            context.next(Seed),
            context.next(Data),
            name = table.name
        ),
    );
    Some(message.mild(is_new, Severity::Warn))
}
