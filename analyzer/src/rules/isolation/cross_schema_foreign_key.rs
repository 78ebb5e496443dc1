//! Foreign keys to tables of other modules.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::foreign_keys::{Foreign, foreign_keys};
use crate::statement::Name;

pub(super) static RULE: Rule = Rule {
    id: "cross-schema-foreign-key",
    summary: "a foreign key refers to a table of another schema",
    page: include_str!("cross_schema_foreign_key.md"),
    aliases: &[],
    group: Group::Isolation,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::ForeignKey], &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let mut found = Vec::new();
    for Foreign {
        table, key, span, ..
    } in foreign_keys(context)
    {
        if key.parent.schema != table.schema && !context.is_external(&key.parent) {
            let columns = key.columns.join(", ");
            found.push((span, message(table, &columns, &key.parent)));
        }
    }
    found
}

fn message(table: &Name, columns: &str, parent: &Name) -> Message {
    Message::new(
        format!("{table} ({columns}) refers to {parent}, which another module owns"),
        format!(
            "adding the key takes SHARE ROW EXCLUSIVE on {parent}, so that writes to {parent} wait \
             for the migrations of this module; afterwards the module {} cannot drop or rename the \
             table, or delete its rows, without regard to this module",
            parent.schema
        ),
        "keep the id in a column without a foreign key, and let the code check the id and handle \
         rows that no longer exist",
    )
}
