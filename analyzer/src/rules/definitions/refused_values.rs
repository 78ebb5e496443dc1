//! Values that PostgreSQL does not write, whatever they are.

use std::ops::Range;

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::schema::{Column, ConstraintKind, Relation};
use crate::statement::{Assignment, Change, ColumnValue, Expression, Insert, OnConflict, Rows};

pub(super) static RULE: Rule = Rule {
    id: "refused-values",
    summary: "an INSERT or UPDATE has values that its columns cannot take",
    page: include_str!("refused_values.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Insert, Subject::Update], &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    match context.change() {
        Change::Insert(insert) => inserted(context, insert),
        Change::Update(update) => {
            let table = context.existing(&update.table);
            let found = table.and_then(|table| updated(table, &update.set));
            found.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn inserted(context: &Context<'_>, insert: &Insert) -> Vec<SpannedMessage> {
    let mut found: Vec<SpannedMessage> = Vec::new();
    let table = context.existing(&insert.table);
    found.extend(lengths(context, insert));
    found.extend(table.and_then(|table| generated(context, insert, table)));
    if let Some(conflict) = &insert.on_conflict {
        found.extend(target(context, insert, conflict));
        let update = conflict.update.as_ref().zip(table);
        found.extend(update.and_then(|((set, _), table)| updated(table, set)));
    }
    found
}

/// The number of values in each row beside the number of columns.
fn lengths(context: &Context<'_>, insert: &Insert) -> Option<SpannedMessage> {
    let rows: Vec<&Vec<Expression>> = match &insert.rows {
        Rows::Values(rows) => rows.iter().collect(),
        Rows::Query {
            targets: Some(targets),
            ..
        } => vec![targets],
        Rows::Default | Rows::Query { .. } | Rows::Copied => return None,
    };
    let first = rows.first()?;
    let table = &insert.table;
    if let Some(other) = rows.iter().find(|row| row.len() != first.len()) {
        return Some(refused(
            &place(context, other),
            format!(
                "a row for {table} has {} values, and the first row has {}",
                other.len(),
                first.len()
            ),
            "VALUES lists must all be the same length (42601)",
            "give each row a value for each column; DEFAULT stands for the column's default",
        ));
    }
    let (columns, named) = match insert.columns.is_empty() {
        false => (insert.columns.len(), true),
        true => (context.certain(table)?.columns.len(), false),
    };
    let (why, help) = if first.len() > columns {
        (
            "INSERT has more expressions than target columns (42601)",
            "name a column for each value, or remove the value",
        )
    } else if named && first.len() < columns {
        (
            "INSERT has more target columns than expressions (42601)",
            "write a value for each column; DEFAULT stands for the column's default",
        )
    } else {
        return None;
    };
    Some(refused(
        &place(context, first),
        format!("{} values for {columns} columns of {table}", first.len()),
        why,
        help,
    ))
}

fn place(context: &Context<'_>, row: &[Expression]) -> Range<usize> {
    match (row.first(), row.last()) {
        (Some(first), Some(last)) => first.span.start..last.span.end,
        (_, _) => context.clause.span.clone(),
    }
}

fn is_default(value: &Expression) -> bool {
    value.text.eq_ignore_ascii_case("default")
}

/// Whether only PostgreSQL writes the column; an identity may be overridden.
fn writes_itself(column: &Column) -> bool {
    match &column.value {
        ColumnValue::Generated { .. } => true,
        ColumnValue::Identity(identity) => identity.always,
        ColumnValue::None | ColumnValue::Default(_) | ColumnValue::Serial => false,
    }
}

fn generated(context: &Context<'_>, insert: &Insert, table: &Relation) -> Option<SpannedMessage> {
    let may_write = |column: &Column| {
        let is_identity = matches!(column.value, ColumnValue::Identity(_));
        !writes_itself(column) || is_identity && insert.overriding.is_some()
    };
    let names: Vec<&str> = match insert.columns.is_empty() {
        false => insert
            .columns
            .iter()
            .map(|one| one.column.as_str())
            .collect(),
        true => {
            let known = context.certain(&insert.table)?;
            known.columns.iter().map(|one| one.name.as_str()).collect()
        }
    };
    let written = |at: usize| match &insert.rows {
        Rows::Values(rows) => {
            let mut values = rows.iter().filter_map(|row| row.get(at));
            values
                .find(|value| !is_default(value))
                .map(|value| value.span.clone())
        }
        Rows::Query { targets, .. } => {
            let is_listed = !insert.columns.is_empty();
            let target = targets.as_ref().and_then(|targets| targets.get(at));
            let span = target.map(|target| target.span.clone());
            span.or_else(|| is_listed.then(|| context.clause.span.clone()))
        }
        Rows::Default | Rows::Copied => None,
    };
    let mut numbered = names.iter().enumerate();
    let (column, span) = numbered.find_map(|(at, name)| {
        let column = table.column(name).filter(|column| !may_write(column))?;
        Some((column, written(at)?))
    })?;
    let is_identity = matches!(column.value, ColumnValue::Identity(_));
    let help = match is_identity {
        true => {
            "leave out the column, or write DEFAULT. To choose the numbers write OVERRIDING SYSTEM VALUE before VALUES"
        }
        false => "leave out the column: PostgreSQL computes it from the row",
    };
    Some(refused(
        &span,
        format!(
            "{}.{} is GENERATED ALWAYS, and this INSERT writes it",
            table.name, column.name
        ),
        "cannot insert a non-DEFAULT value into the column (428C9)",
        help,
    ))
}

fn updated(table: &Relation, set: &[Assignment]) -> Option<SpannedMessage> {
    set.iter().find_map(|assignment| {
        let [written] = assignment.columns.as_slice() else {
            return None;
        };
        let column = table.column(&written.column)?;
        (writes_itself(column) && !is_default(&assignment.value)).then(|| {
            refused(
                &written.span,
                format!(
                    "{}.{} is GENERATED ALWAYS, and this writes it",
                    table.name, column.name
                ),
                "column can only be updated to DEFAULT (428C9)",
                "remove the assignment: PostgreSQL writes the column",
            )
        })
    })
}

fn target(context: &Context<'_>, insert: &Insert, conflict: &OnConflict) -> Option<SpannedMessage> {
    let table = &insert.table;
    if conflict.update.is_some() && conflict.keys.is_empty() && conflict.constraint.is_none() {
        return Some(refused(
            &conflict.span,
            format!("ON CONFLICT DO UPDATE of {table} names no key"),
            "ON CONFLICT DO UPDATE requires inference specification or constraint name (42601)",
            "name the columns of a unique key: `ON CONFLICT (<columns>) DO UPDATE ...`",
        ));
    }
    let name = conflict.constraint.as_ref()?;
    let mut constraints = context.existing(table)?.constraints.iter();
    let known = constraints.find(|one| one.name == *name)?;
    let why = match &known.kind {
        ConstraintKind::Exclude(_) if conflict.update.is_some() => {
            "ON CONFLICT DO UPDATE is not supported with exclusion constraints (42809)"
        }
        ConstraintKind::Check { .. }
        | ConstraintKind::NotNull
        | ConstraintKind::ForeignKey { .. } => {
            "a constraint in ON CONFLICT must have an index (42809)"
        }
        ConstraintKind::Exclude(_) | ConstraintKind::PrimaryKey | ConstraintKind::Unique => {
            return None;
        }
    };
    Some(refused(
        &conflict.span,
        format!(
            "ON CONFLICT uses the {} {name} of {table}",
            known.kind.word()
        ),
        why,
        "name a PRIMARY KEY or UNIQUE constraint, or write DO NOTHING",
    ))
}
