//! Batches that find the same rows again.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::rules::facts::rows::{batch_key, moves_from};
use crate::statement::{Change, Choice, Rows};

pub(super) static RULE: Rule = Rule {
    id: "data-batch-not-progressing",
    summary: "a batch does not change what its condition selects, so the next batch finds the same rows",
    page: include_str!("data_batch_not_progressing.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: NEVER,
        data: DENY,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    // The runner keeps a cursor.
    if context.has_ranges() {
        return None;
    }
    let (table, choice, progresses) = match context.change() {
        Change::Update(update) => {
            let asked = asked(&update.choice);
            // A NULL that is written still satisfies `IS NULL`.
            let sets = update.set.iter().filter(|set| !set.value.is_null);
            let written = sets.flat_map(|set| &set.columns);
            let changes = { written }.any(|written| asked.contains(&written.column.as_str()));
            (&update.table, &update.choice, changes)
        }
        Change::Insert(insert) => {
            let Rows::Query { choice, .. } = &insert.rows else {
                return None;
            };
            // The rows that already exist decide which rows come next, or the rows are moved.
            let looks = insert.asks_what_is_there || choice.from.contains(&insert.table);
            let moves = moves_from(context.statement, &choice.from);
            (&insert.table, choice.as_ref(), looks || moves)
        }
        Change::Merge(merge) => {
            let looks = merge.choice.from.contains(&merge.table);
            (&merge.table, &merge.choice, looks)
        }
        _ => return None,
    };
    if choice.limits.is_empty() || progresses {
        return None;
    }
    let first = choice.from.first().unwrap_or(table);
    let read = choice.limits.iter().find_map(|limit| limit.from.first());
    let key = batch_key(context, read.unwrap_or(first));
    Some(Message::new(
        format!("the batch after this one finds the same rows of {table} again"),
        "the statement does not change what its condition selects, and LIMIT takes the first rows each time. The \
         migration never ends, or ends with most rows unchanged",
        format!(
            "add a condition that selects unfinished rows, such as `<new column> IS NULL`. Or let the runner keep a \
             cursor: write `-- onward: batch 1000 by {key}` instead of LIMIT"
        ),
    ))
}

/// The columns that decide which rows are selected.
fn asked(choice: &Choice) -> Vec<&str> {
    let limited = choice
        .limits
        .iter()
        .filter_map(|limit| limit.condition.as_ref());
    let all = choice.condition.iter().chain(limited);
    let columns = all.flat_map(|condition| &condition.expression.columns);
    columns.map(String::as_str).collect()
}
