//! Data migrations that change a whole table in one transaction.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, SuggestedFile};
use crate::rules::facts::rows::{UNKNOWN_KEY, names_rows};
use crate::schema::Relation;
use crate::statement::{Change, Choice, Comparison, Condition, Name, Rows};

pub(super) static RULE: Rule = Rule {
    id: "data-unbatched",
    summary: "a data migration changes an unlimited number of rows in one statement",
    page: include_str!("data_unbatched.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: NEVER,
        data: FORBID,
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
    let (word, table, choice) = match context.change() {
        // Without a WHERE they have rules of their own.
        Change::Update(update) if !update.choice.is_everything() => {
            ("UPDATE", &update.table, &update.choice)
        }
        Change::Delete(delete) if !delete.choice.is_everything() => {
            ("DELETE", &delete.table, &delete.choice)
        }
        Change::Merge(merge) => ("MERGE", &merge.table, &merge.choice),
        Change::Insert(insert) => match &insert.rows {
            Rows::Query { choice, .. } => ("INSERT", &insert.table, choice.as_ref()),
            Rows::Default | Rows::Values(_) | Rows::Copied => return None,
        },
        _ => return None,
    };
    let is_source = matches!(word, "INSERT" | "MERGE");
    let counted: Vec<&Name> = match is_source {
        true => choice.from.iter().collect(),
        false => vec![table],
    };
    if counted
        .iter()
        .all(|table| context.read.declared.small_tables.contains(*table))
        || is_bounded(context, &counted, choice)
    {
        return None;
    }
    let names: Vec<String> = counted.iter().map(ToString::to_string).collect();
    let names = names.join(", ");
    let what = format!("this {word} processes every matching row of {names} in one transaction");
    let why = format!(
        "each changed row of {table} stays locked until the transaction ends. Other sessions that write one of them \
         wait for minutes, replicas fall behind by the same time, and vacuum cannot remove dead rows"
    );
    let help = "let the runner split the statement into batches, each in a transaction of its own";
    let message = Message::new(what, why, help);
    let cursor = counted.first().and_then(|table| context.batch_key(table));
    Some(match cursor.as_deref() {
        // A second statement needs a file of its own.
        Some(key) if context.statements.len() == 1 => message.with_files(vec![SuggestedFile {
            file: context.file_name().to_owned(),
            sql: format!("-- onward: batch 1000 by {key}\n{};", context.sql()),
        }]),
        key => Message {
            help: format!(
                "{help}: `-- onward: batch 1000 by {}`, with one statement in the file",
                key.unwrap_or(UNKNOWN_KEY)
            ),
            ..message
        },
    })
}

fn is_bounded(context: &Context<'_>, counted: &[&Name], choice: &Choice) -> bool {
    // What is wrong with a `batch` has rules of its own.
    let batched = context.batch().is_some();
    let condition = choice.condition.as_ref();
    let by_key = || {
        counted.iter().any(|table| {
            context.schema.relation(table).is_some_and(|table| {
                names_rows(table, condition, |term| term.constant) || has_range(table, condition)
            })
        })
    };
    batched || choice.current_of || !choice.limits.is_empty() || by_key()
}

/// Whether the condition bounds, on both sides, `ctid` or a column with which an index starts.
fn has_range(table: &Relation, condition: Option<&Condition>) -> bool {
    let first = table.indexes.iter().filter_map(|index| {
        let key = index.keys.first().filter(|_| index.predicate.is_none())?;
        table.name_of(key.column?)
    });
    let mut columns = first.chain(["ctid"]);
    columns.any(|column| {
        let says = |comparison: Comparison| {
            let mut terms = condition
                .into_iter()
                .flat_map(|condition| condition.about(column));
            terms.any(|term| term.constant && term.comparison == comparison)
        };
        says(Comparison::Between) || says(Comparison::Above) && says(Comparison::Below)
    })
}
