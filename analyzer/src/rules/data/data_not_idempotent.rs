//! Batches that change their rows again in a second run.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::{Message, Severity};
use crate::plan::Job;
use crate::rules::facts::again::growing;
use crate::rules::facts::rows::moves_from;
use crate::statement::{Assignment, Change, Merged, Name, Rows};

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
    let once = match context.data().map(|data| (&data.job, &data.unfinished)) {
        // Only rows that `done when` finds afterwards cause a second pass.
        Some((Job::Ranges(_), unfinished)) => unfinished.is_none(),
        Some((Job::Whole, _)) => true,
        Some((Job::Code | Job::Background, _)) => return Vec::new(),
        Some((Job::Repeated, _)) | None => false,
    };
    let found = found(context).into_iter();
    found
        .map(|(span, message)| (span, if once { met_once(message) } else { message }))
        .collect()
}

/// Each range of a key runs once, in a transaction with the place that the migration has reached.
fn met_once(message: Message) -> Message {
    Message {
        why: "the statement meets each row once. But no query can tell the finished rows from the others: rows that are \
              written behind it stay as they are, and when the migration begins again (`onward data retry \
              --from-start`), all rows are changed again"
            .to_owned(),
        help: format!("{}. Or allow this, if a single pass is what you need", message.help),
        ..message
    }
    .mild(true, Severity::Warn)
}

fn found(context: &Context<'_>) -> Vec<SpannedMessage> {
    let found = |table: &Name, set: Option<&Assignment>| {
        let set = set?;
        let column = set.columns.first().map_or("", |one| one.column.as_str());
        Some((set.value.span.clone(), grows(table, column)))
    };
    match context.change() {
        Change::Update(update) => {
            let condition = update.choice.condition.as_ref();
            let alone = update.choice.from.is_empty();
            let set = growing(context, &update.table, &update.set, condition, alone);
            found(&update.table, set).into_iter().collect()
        }
        Change::Merge(merge) => {
            let actions = merge.actions.iter().map(|action| &action.merged);
            let updates = actions.filter_map(|merged| match merged {
                Merged::Update(set) => growing(context, &merge.table, set, None, false),
                Merged::Nothing | Merged::Delete | Merged::Insert { .. } => None,
            });
            updates
                .filter_map(|set| found(&merge.table, Some(set)))
                .collect()
        }
        Change::Insert(insert) => {
            let moves = match &insert.rows {
                Rows::Query { choice, .. } => moves_from(context.statement, &choice.from),
                Rows::Default | Rows::Values(_) | Rows::Copied => false,
            };
            if moves {
                return Vec::new();
            }
            let conflict = insert.on_conflict.as_ref();
            let update = conflict.and_then(|conflict| conflict.update.as_ref());
            let update = update.and_then(|(set, condition)| {
                let set = growing(context, &insert.table, set, condition.as_ref(), false);
                found(&insert.table, set)
            });
            let again = || (context.clause.span.clone(), adds(&insert.table));
            let again = (!insert.is_idempotent()).then(again);
            update.into_iter().chain(again).collect()
        }
        _ => Vec::new(),
    }
}

fn adds(table: &Name) -> Message {
    Message::new(
        format!("this INSERT into {table} adds its rows again if it runs again"),
        "the migration passes over the table until no row is left to do, so that the statement meets the same rows \
         again. The rows would be inserted twice, or the batch fails: duplicate key (23505)",
        "end the INSERT with `ON CONFLICT (<key>) DO NOTHING`, or select only missing rows with \
         `WHERE NOT EXISTS (...)`",
    )
}

fn grows(table: &Name, column: &str) -> Message {
    Message::new(
        format!(
            "this statement computes {table}.{column} from its old value, and WHERE still selects the row afterwards"
        ),
        "the migration passes over the table until no row is left to do, so that the statement meets the same rows \
         again. They would be changed twice, and no query can find them",
        "write the new value into a new column with `WHERE <new column> IS NULL`, or set a column by which WHERE \
         excludes finished rows: `SET ..., done = true WHERE NOT done`",
    )
}
