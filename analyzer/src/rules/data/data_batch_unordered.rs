//! Batches without an order that an index supports.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::rows::first_key_column;
use crate::schema::{Answer, Relation};
use crate::statement::{Change, Limit, Name, ObjectKind, Rows};

pub(super) static RULE: Rule = Rule {
    id: "data-batch-unordered",
    summary: "batches have no order, or an order that no index supports",
    page: include_str!("data_batch_unordered.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: NEVER,
        data: WARN,
    },
    check: Check::Of(
        &[
            Subject::Delete,
            Subject::Insert,
            Subject::Merge,
            Subject::Update,
        ],
        &Check::Parts(check),
    ),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let choice = match context.change() {
        Change::Update(update) => &update.choice,
        Change::Delete(delete) => &delete.choice,
        Change::Merge(merge) => &merge.choice,
        Change::Insert(insert) => match &insert.rows {
            Rows::Query { choice, .. } => choice.as_ref(),
            Rows::Default | Rows::Values(_) | Rows::Copied => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let limits = choice.limits.iter().filter(|limit| !limit.ctid);
    let unordered = limits.filter_map(|limit| Some((limit.span.clone(), limited(context, limit)?)));
    unordered.collect()
}

fn limited(context: &Context<'_>, limit: &Limit) -> Option<Message> {
    let table = limit.from.first()?;
    let key = first_key_column(context, table);
    let why = "each batch may read the whole table to find its rows. Two sessions that lock the same rows in \
               different orders can end in a deadlock (40P01)";
    let Some(first) = limit.order_by.first() else {
        return Some(Message::new(
            format!("this batch selects rows of {table} without an order"),
            why,
            format!("write `ORDER BY {key}` before LIMIT"),
        ));
    };
    let column = first.columns.first()?;
    (!is_indexed(context, table, column)).then(|| {
        Message::new(
            format!(
                "this batch selects rows of {table} in the order of {column}, but no index starts with that column"
            ),
            why,
            format!("order by the first column of an index, such as {key}"),
        )
    })
}

/// Whether an index starts with the column, as far as is known.
fn is_indexed(context: &Context<'_>, table: &Name, column: &str) -> bool {
    let starts = |table: &Relation| {
        table.indexes.iter().any(|index| {
            let first = index.keys.first().and_then(|key| key.column);
            first.and_then(|id| table.name_of(id)) == Some(column)
        })
    };
    let is_known = context.schema.exists(ObjectKind::Table, table, None) == Answer::Yes;
    let relation = context.schema.relation(table);
    !is_known || column == "ctid" || relation.is_none_or(starts)
}
