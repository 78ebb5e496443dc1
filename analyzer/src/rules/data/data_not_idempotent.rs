//! Batches that change their rows again in a second run.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::rows::{growing, moves_from};
use crate::statement::{Change, Merged, Name, Rows};

pub(super) static RULE: Rule = Rule {
    id: "data-not-idempotent",
    summary: "a batch that runs again changes its rows a second time",
    page: include_str!("data_not_idempotent.md"),
    aliases: &["data-nonidempotent"],
    group: Group::Data,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: NEVER,
        data: DENY,
    },
    check: Check::Parts(check),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    match context.change() {
        Change::Update(update) => {
            let condition = update.choice.condition.as_ref();
            let set = growing(&update.set, condition).map(|set| {
                let column = set
                    .columns
                    .first()
                    .map_or("", |written| written.column.as_str());
                (set.value.span.clone(), grows(&update.table, column))
            });
            set.into_iter().collect()
        }
        Change::Merge(merge) => {
            let updates = merge
                .actions
                .iter()
                .filter_map(|action| match &action.merged {
                    Merged::Update(set) => growing(set, None),
                    Merged::Nothing | Merged::Delete | Merged::Insert { .. } => None,
                });
            let found = updates.map(|set| {
                let column = set
                    .columns
                    .first()
                    .map_or("", |written| written.column.as_str());
                (set.value.span.clone(), grows(&merge.table, column))
            });
            found.collect()
        }
        Change::Insert(insert) if !insert.is_idempotent() => {
            let moves = match &insert.rows {
                Rows::Query { choice, .. } => moves_from(context.statement, &choice.from),
                Rows::Default | Rows::Values(_) | Rows::Copied => false,
            };
            let message = Message::new(
                format!(
                    "this INSERT into {} adds its rows again if it runs again",
                    insert.table
                ),
                "a batch runs again after a connection broke during its commit, and when a migration is resumed. The \
                 rows would be inserted twice, or the batch fails: duplicate key (23505)",
                "end the INSERT with `ON CONFLICT (<key>) DO NOTHING`, or select only missing rows with \
                 `WHERE NOT EXISTS (...)`",
            );
            let found = (!moves).then(|| (context.clause.span.clone(), message));
            found.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn grows(table: &Name, column: &str) -> Message {
    Message::new(
        format!(
            "this statement computes {table}.{column} from its old value, and WHERE does not test the column"
        ),
        "a batch runs again after a connection broke during its commit, and when a migration is resumed. Its rows \
         would be changed twice, and no query can find them",
        "write the new value into a new column with `WHERE <new column> IS NULL`, or exclude finished rows in \
         WHERE",
    )
}
