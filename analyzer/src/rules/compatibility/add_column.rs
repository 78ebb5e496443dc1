//! New columns, which `SELECT *` of the running release does not expect.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "add-column",
    summary: "adds a column to a table in use: code that does not name its columns is affected",
    page: include_str!("add_column.md"),
    aliases: &["ban-add-column"],
    group: Group::Compatibility,
    levels: Levels {
        startup: ALLOW,
        release: ALLOW,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::AddColumn], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (table, column) = context.adds_column()?;
    let message = Message::new(
        format!("adds the column {} to {table}", column.name),
        "`SELECT *` in the running release returns one column more than its code decodes, and its \
         `INSERT INTO another_table SELECT * ...` fails: INSERT has more expressions than target \
         columns (42601)",
        "if all code names its columns, do nothing; otherwise set `add-column = \"deny\"` below \
         `[severity]` in the module's onward.toml, and allow a single column with `-- onward: allow \
         add-column because \"...\"`",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
