//! Foreign keys to tables of other modules.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::statement::{Change, Constraint, ConstraintKind, Name};

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
    check: Check::Parts(check),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let (table, constraints): (&Name, Vec<&Constraint>) = match context.change() {
        Change::CreateTable(create) => {
            let inside = create.columns.iter().flat_map(|column| &column.constraints);
            (&create.table, inside.chain(&create.constraints).collect())
        }
        Change::AddColumn { table, column, .. } => (table, column.constraints.iter().collect()),
        Change::AddConstraint { table, constraint } => (table, vec![&**constraint]),
        _ => return Vec::new(),
    };
    let keys = constraints.into_iter().filter_map(|constraint| {
        let ConstraintKind::ForeignKey(key) = &constraint.kind else {
            return None;
        };
        let is_foreign = key.parent.schema != table.schema && !context.is_external(&key.parent);
        is_foreign.then(|| {
            let columns = key.columns.join(", ");
            (
                constraint.span.clone(),
                message(table, &columns, &key.parent),
            )
        })
    });
    keys.collect()
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
