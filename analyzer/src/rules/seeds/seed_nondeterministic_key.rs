//! Keys that get a different value in each run.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::rows::{changing, unique_keys};
use crate::schema::Relation;
use crate::statement::{Change, ColumnValue, Expression, Insert, Merged, Rows};

pub(super) static RULE: Rule = Rule {
    id: "seed-nondeterministic-key",
    summary: "a key in a seed gets a different value in each run",
    page: include_str!("seed_nondeterministic_key.md"),
    aliases: &[],
    group: Group::Seeds,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: FORBID,
        data: NEVER,
    },
    check: Check::Of(&[Subject::Insert, Subject::Merge], &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    match context.change() {
        Change::Insert(insert) => of_insert(context, insert).into_iter().collect(),
        Change::Merge(merge) => {
            let condition = merge.choice.condition.iter();
            let keys: Vec<&String> = condition.flat_map(|on| &on.expression.columns).collect();
            let inserted = merge
                .actions
                .iter()
                .filter_map(|action| match &action.merged {
                    Merged::Insert { columns, values } => Some(columns.iter().zip(values)),
                    Merged::Nothing | Merged::Delete | Merged::Update(_) => None,
                });
            let mut keyed = inserted
                .flatten()
                .filter(|(key, _)| keys.contains(&&key.column));
            let found = keyed.find_map(|(key, value)| {
                let name = merge.table.to_string();
                called(context, &name, &key.column, value)
            });
            found.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn of_insert(context: &Context<'_>, insert: &Insert) -> Option<SpannedMessage> {
    let conflict = insert.on_conflict.as_ref()?;
    let table = context.schema.relation(&insert.table);
    let keys: Vec<Vec<&str>> = match (&conflict.constraint, conflict.keys.as_slice()) {
        (Some(constraint), _) => {
            let mut constraints = table?.constraints.iter();
            let key = constraints.find(|one| one.name == *constraint)?;
            vec![
                key.columns
                    .iter()
                    .filter_map(|id| table?.name_of(*id))
                    .collect(),
            ]
        }
        // Any key may find the existing row.
        (None, []) => unique_keys(table?).collect(),
        (None, keys) => vec![
            keys.iter()
                .flat_map(|key| &key.expression.columns)
                .map(String::as_str)
                .collect(),
        ],
    };
    if keys.is_empty() && table.is_none_or(|table| !table.columns_known || has_other_keys(table)) {
        return None;
    }
    let mut first = None;
    for key in &keys {
        // One key with fixed values is enough.
        let changed = changed(context, insert, table, key)?;
        first = first.or(Some(changed));
    }
    Some(first.unwrap_or_else(|| without_key(insert)))
}

/// Expressions and conditions that are unique cannot be compared here.
fn has_other_keys(table: &Relation) -> bool {
    let unique = table.indexes.iter().filter(|index| index.unique).count();
    unique > unique_keys(table).count()
        || table
            .constraints
            .iter()
            .any(|one| matches!(one.kind, crate::schema::ConstraintKind::Exclude(_)))
}

/// What changes the key with each run.
fn changed(
    context: &Context<'_>,
    insert: &Insert,
    table: Option<&Relation>,
    key: &[&str],
) -> Option<SpannedMessage> {
    let name = insert.table.to_string();
    key.iter().find_map(|column| {
        if insert.columns.is_empty() {
            return None;
        }
        let Some(at) = insert.position(column) else {
            return left_out(context, insert, table?, column);
        };
        let values: Vec<&Expression> = match &insert.rows {
            Rows::Values(rows) => rows.iter().filter_map(|row| row.get(at)).collect(),
            Rows::Query { targets, .. } => targets.iter().filter_map(|row| row.get(at)).collect(),
            Rows::Default | Rows::Copied => Vec::new(),
        };
        values
            .into_iter()
            .find_map(|value| called(context, &name, column, value))
    })
}

fn called(
    context: &Context<'_>,
    table: &str,
    column: &str,
    value: &Expression,
) -> Option<SpannedMessage> {
    let call = changing(context, value)?;
    let message = Message::new(
        format!(
            "the key {table}.{column} gets a different value in each run, from {}()",
            call.name
        ),
        "ON CONFLICT never finds the existing rows, so each run of the seed adds the rows again",
        "write a fixed value, or let ON CONFLICT compare columns whose values are fixed",
    );
    Some((call.span.clone(), message))
}

/// A column that its own default fills.
fn left_out(
    context: &Context<'_>,
    insert: &Insert,
    table: &Relation,
    column: &str,
) -> Option<SpannedMessage> {
    let changes = match &table.column(column)?.value {
        ColumnValue::Default(value) => changing(context, value).is_some(),
        ColumnValue::Serial | ColumnValue::Identity(_) => true,
        // Null may conflict with null: NULLS NOT DISTINCT.
        ColumnValue::None | ColumnValue::Generated { .. } => false,
    };
    let span = insert.on_conflict.as_ref()?.span.clone();
    let message = Message::new(
        format!(
            "the key {}.{column} is left out and gets a different value in each run",
            table.name
        ),
        "ON CONFLICT never finds the existing rows, so each run of the seed adds the rows again",
        "let ON CONFLICT compare the columns that identify a row, and create a unique key over them",
    );
    changes.then_some((span, message))
}

fn without_key(insert: &Insert) -> SpannedMessage {
    let span = insert
        .on_conflict
        .as_ref()
        .map(|conflict| conflict.span.clone());
    let message = Message::new(
        format!(
            "{} has no unique key, so ON CONFLICT never finds a conflict",
            insert.table
        ),
        "each run of the seed adds the rows again",
        "create a unique key over the columns that identify a row, in a startup migration",
    );
    (span.unwrap_or_default(), message)
}
