//! Ids that a sequence would have given.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::schema::Column;
use crate::statement::{Change, ColumnValue, Insert, Overriding, Rows};

pub(super) static RULE: Rule = Rule {
    id: "generated-id-in-seed",
    summary: "a seed writes ids that the column's sequence also generates",
    page: include_str!("generated_id_in_seed.md"),
    aliases: &["seed-sequence"],
    group: Group::Seeds,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: WARN,
        data: NEVER,
    },
    check: Check::Of(&[Subject::Insert, Subject::Query], &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    match context.change() {
        Change::Insert(insert) => written(context, insert).into_iter().collect(),
        Change::Query => {
            let mut calls = context.statement.calls.iter();
            let setval = calls.find(|call| call.name == "setval").map(|call| {
                let message = Message::new(
                    "this setval() moves a sequence in a seed",
                    "services take numbers from the sequence while the seed runs. A sequence that is set back \
                     generates numbers a second time, and their INSERTs fail: duplicate key (23505)",
                    "remove the call, and use a natural key for the rows of the seed",
                );
                (call.span.clone(), message)
            });
            setval.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn written(context: &Context<'_>, insert: &Insert) -> Option<SpannedMessage> {
    let table = context.schema.relation(&insert.table)?;
    let ignored = insert.overriding == Some(Overriding::User);
    let (at, column) = insert
        .columns
        .iter()
        .enumerate()
        .find_map(|(at, written)| {
            let column = table.column(&written.column)?;
            is_numbered(column).then_some((at, column))
        })?;
    // PostgreSQL refuses a value of its own for GENERATED ALWAYS: that is another finding.
    let refused = matches!(&column.value, ColumnValue::Identity(identity) if identity.always)
        && insert.overriding.is_none();
    if ignored || refused || is_reserved(insert, at, column) {
        return None;
    }
    let name = &table.name;
    let why = "the sequence does not know these values. When it generates the same number for a row of the service, that \
               INSERT fails: duplicate key (23505)";
    let message = Message::new(
        format!(
            "this seed writes values of {name}.{}, which a sequence generates",
            column.name
        ),
        why,
        "leave out the column and let ON CONFLICT compare a natural key. Or reserve a range in CREATE TABLE, \
         `GENERATED ALWAYS AS IDENTITY (START WITH 1000)`, and write numbers below it with OVERRIDING SYSTEM \
         VALUE",
    );
    Some((insert.columns.get(at)?.span.clone(), message))
}

fn is_numbered(column: &Column) -> bool {
    match &column.value {
        ColumnValue::Serial | ColumnValue::Identity(_) => true,
        ColumnValue::Default(value) => value.calls.iter().any(|call| call.name == "nextval"),
        ColumnValue::None | ColumnValue::Generated { .. } => false,
    }
}

/// Whether all numbers are below the start value of the sequence.
fn is_reserved(insert: &Insert, at: usize, column: &Column) -> bool {
    let (ColumnValue::Identity(identity), Rows::Values(rows)) = (&column.value, &insert.rows)
    else {
        return false;
    };
    let mut options = identity.options.iter();
    let start = options.find(|option| option.name == "start");
    let start = start.and_then(|option| option.value.as_ref()?.parse::<i64>().ok());
    let taken = !identity.always || insert.overriding == Some(Overriding::System);
    let below = |start: i64| {
        let mut values = rows.iter().map(|row| row.get(at)?.text.parse::<i64>().ok());
        values.all(|value| value.is_some_and(|value| value < start))
    };
    taken && start.is_some_and(below)
}
