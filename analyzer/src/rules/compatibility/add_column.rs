//! Columns that old code did not ask for.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "add-column",
    summary: "a column is added to a table in use: old code that does not name its columns meets it",
    page: include_str!("add_column.md"),
    aliases: &["ban-add-column"],
    group: Group::Compatibility,
    levels: Levels {
        startup: ALLOW,
        release: ALLOW,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (table, column) = context.adds_column()?;
    let message = Message::new(
        format!("{table} gets the column {}", column.name),
        "`SELECT *` of the release that still serves brings one column more than it decodes, and its \
         `INSERT INTO another_table SELECT * ...` fails with 42601",
        "where code names its columns nothing has to be done; a module whose code does not, denies it in \
         its onward.toml, and accepts each column by `-- onward: allow add-column because \"...\"`",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
