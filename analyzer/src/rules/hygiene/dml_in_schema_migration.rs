//! Rows that change in the same transaction as the schema.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
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
    check: Check::Of(
        &[
            Subject::Delete,
            Subject::Insert,
            Subject::Merge,
            Subject::Update,
        ],
        &Check::Clause(check),
    ),
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
    // No other session waits for the rows of a temporary table.
    if table.is_temporary() {
        return None;
    }
    let is_new = context.is_new_table(table);
    let message = Message::new(
        format!("this {word} changes rows of {table} in a schema migration"),
        "one transaction holds a lock on every changed row, together with the table locks of the file's DDL, and \
         leaves a dead row for each. Writers of these rows wait, and at startup the service waits too",
        format!(
            "move reference data into a seed, `{}_{name}.sql`. Move a change of existing rows into a data \
             migration, `{}_{name}.sql`, which runs in batches",
            context.next(Seed),
            context.next(Data),
            name = table.name
        ),
    );
    Some(message.mild(is_new, Severity::Warn))
}
