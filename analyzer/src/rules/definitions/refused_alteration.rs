//! Changes of a column that PostgreSQL does not make.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::schema::{Column, Relation};
use crate::statement::{Change, ColumnAction, ColumnValue, Name, ObjectKind, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "refused-alteration",
    summary: "PostgreSQL does not make this change of a column",
    page: include_str!("refused_alteration.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(
        &[
            Subject::AlterColumn,
            Subject::SetNotNull,
            Subject::DropNotNull,
            Subject::ColumnType,
            Subject::DropColumn,
            Subject::Rename,
            Subject::AddColumn,
            Subject::AlterTable,
        ],
        &Check::Parts(check),
    ),
};

/// PostgreSQL's reason, and what to do.
type Reason = (&'static str, String);

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let Some((table, column)) = altered(context.change()) else {
        return of_table(context).into_iter().collect();
    };
    let Some((table, column)) = context
        .certain(table)
        .and_then(|table| Some((table, table.column(column)?)))
    else {
        return Vec::new();
    };
    let reason = of_value(context, column)
        .or_else(|| of_key(context, table, column))
        .or_else(|| of_partition_key(context, table, column))
        .or_else(|| of_heir(context, table, column));
    let found = reason.map(|(why, help)| {
        let what = format!("{}.{} cannot be changed like this", table.name, column.name);
        refused(&context.clause.span, what, why, help)
    });
    found.into_iter().collect()
}

fn altered(change: &Change) -> Option<(&Name, &str)> {
    match change {
        Change::AlterColumn { table, column, .. }
        | Change::SetNotNull { table, column }
        | Change::DropNotNull { table, column }
        | Change::ColumnType { table, column, .. }
        | Change::DropColumn { table, column, .. } => Some((table, column)),
        Change::Rename {
            kind: ObjectKind::Column,
            name,
            part: Some(part),
            ..
        } => Some((name, part)),
        _ => None,
    }
}

/// What the column's value does not allow.
fn of_value(context: &Context<'_>, column: &Column) -> Option<Reason> {
    let action = match context.change() {
        Change::AlterColumn { action, .. } => action,
        Change::DropNotNull { .. } => {
            let is_identity = matches!(column.value, ColumnValue::Identity(_));
            return (is_identity && !drops_identity(context, column)).then(|| {
                (
                    "column is an identity column (42601)",
                    "drop the identity first: ALTER COLUMN ... DROP IDENTITY".to_owned(),
                )
            });
        }
        _ => return None,
    };
    match (action, &column.value) {
        (ColumnAction::SetDefault(_) | ColumnAction::DropDefault, ColumnValue::Identity(_))
            if !drops_identity(context, column) =>
        {
            Some((
                "column is an identity column (42601)",
                "an identity column has no default: drop the identity first, or change its sequence with `SET START`"
                    .to_owned(),
            ))
        }
        (
            ColumnAction::SetDefault(_) | ColumnAction::DropDefault,
            ColumnValue::Generated { .. },
        ) => Some((
            "column is a generated column (42601)",
            "write ALTER COLUMN ... DROP EXPRESSION first: then the column keeps its values and can have a default"
                .to_owned(),
        )),
        (ColumnAction::DropIdentity { if_exists: false } | ColumnAction::SetIdentity { .. }, value)
            if !matches!(value, ColumnValue::Identity(_)) && !adds_identity(context, column) =>
        {
            Some((
                "column is not an identity column (55000)",
                "remove the statement, or write ADD GENERATED ... AS IDENTITY to make it one".to_owned(),
            ))
        }
        (ColumnAction::DropExpression { if_exists: false }, value)
            if !matches!(value, ColumnValue::Generated { .. }) =>
        {
            Some((
                "column is not a stored generated column (55000)",
                "remove the statement".to_owned(),
            ))
        }
        (ColumnAction::AddIdentity(_), value) => of_identity(context, column, value),
        (ColumnAction::Storage(storage), _) if !storage.eq_ignore_ascii_case("plain") => {
            let fixed = [
                "smallint", "integer", "bigint", "real", "double precision", "boolean", "uuid", "date", "interval",
                "timestamp with time zone", "timestamp without time zone", "time without time zone",
            ];
            let data_type = column.data_type.as_ref()?;
            let is_fixed = data_type.is_built_in() && !data_type.array && fixed.contains(&data_type.name.as_str());
            let is_other = !storage.eq_ignore_ascii_case("default");
            (is_fixed && is_other).then(|| {
                (
                    "column data type can only have storage PLAIN (0A000)",
                    "remove the statement: values of this type are never stored outside of the row".to_owned(),
                )
            })
        }
        _ => None,
    }
}

fn of_identity(context: &Context<'_>, column: &Column, value: &ColumnValue) -> Option<Reason> {
    let has_type = |name: &str| matches!(name, "smallint" | "integer" | "bigint");
    let data_type = column.data_type.as_ref();
    let is_of_number =
        data_type.is_none_or(|it| !it.is_built_in() || has_type(&it.name) && !it.array);
    let is_other = |change: &Change, wanted: fn(&Change) -> bool| {
        altered(change).is_some_and(|(_, name)| name == column.name) && wanted(change)
    };
    let sets_not_null = context.others().any(|clause| {
        is_other(&clause.change, |change| {
            matches!(change, Change::SetNotNull { .. })
        })
    });
    let drops_default = context.others().any(|clause| {
        is_other(&clause.change, |change| {
            matches!(
                change,
                Change::AlterColumn {
                    action: ColumnAction::DropDefault,
                    ..
                }
            )
        })
    });
    match value {
        ColumnValue::Identity(_) if !drops_identity(context, column) => Some((
            "column is already an identity column (55000)",
            "remove the statement, or change the sequence with SET".to_owned(),
        )),
        _ if !is_of_number => Some((
            "identity column type must be smallint, integer, or bigint (22023)",
            "use an integer column".to_owned(),
        )),
        _ if !column.not_null && !sets_not_null => Some((
            "column must be declared NOT NULL before identity can be added (55000)",
            "write ALTER COLUMN ... SET NOT NULL first".to_owned(),
        )),
        ColumnValue::Default(_) | ColumnValue::Serial if !drops_default => Some((
            "column already has a default value (55000)",
            "write ALTER COLUMN ... DROP DEFAULT first".to_owned(),
        )),
        ColumnValue::None
        | ColumnValue::Default(_)
        | ColumnValue::Serial
        | ColumnValue::Identity(_)
        | ColumnValue::Generated { .. } => None,
    }
}

fn has_action(context: &Context<'_>, column: &Column, wanted: fn(&ColumnAction) -> bool) -> bool {
    context.others().any(|clause| match &clause.change {
        Change::AlterColumn {
            column: name,
            action,
            ..
        } => *name == column.name && wanted(action),
        _ => false,
    })
}

fn drops_identity(context: &Context<'_>, column: &Column) -> bool {
    has_action(context, column, |action| {
        matches!(action, ColumnAction::DropIdentity { .. })
    })
}

fn adds_identity(context: &Context<'_>, column: &Column) -> bool {
    has_action(context, column, |action| {
        matches!(action, ColumnAction::AddIdentity(_))
    })
}

/// `DROP NOT NULL` of a primary key.
fn of_key(context: &Context<'_>, table: &Relation, column: &Column) -> Option<Reason> {
    let is_in_key = table.primary_key().contains(&column.id);
    let drops = matches!(context.change(), Change::DropNotNull { .. });
    (drops && is_in_key).then(|| {
        (
            "column is in a primary key (42P16)",
            "drop the primary key in an earlier statement".to_owned(),
        )
    })
}

fn of_partition_key(context: &Context<'_>, table: &Relation, column: &Column) -> Option<Reason> {
    let by = table.partition_by.as_ref()?;
    let mut names = by.parts.iter().flat_map(|part| &part.expression.outer);
    let why = match context.change() {
        Change::DropColumn { .. } => {
            "cannot drop a column that is part of the partition key (42P16)"
        }
        // `type-change-with-dependents` reports a change of its type.
        _ => return None,
    };
    names.any(|name| *name == column.name).then(|| {
        (
            why,
            format!(
                "create a new partitioned table, and move the rows of {} there",
                table.name
            ),
        )
    })
}

/// A column that a parent table has.
fn of_heir(context: &Context<'_>, table: &Relation, column: &Column) -> Option<Reason> {
    let parents = table.partition_of.iter().map(|(parent, _)| parent);
    let mut parents = parents.chain(&table.parents);
    let parent = parents.find_map(|parent| {
        let parent = context.certain(&parent.name)?;
        let inherited = parent.column(&column.name)?;
        Some((parent, inherited))
    });
    let (parent, inherited) = parent?;
    let why = match context.change() {
        Change::DropColumn { .. } => "cannot drop an inherited column (42P16)",
        Change::ColumnType { .. } => "cannot alter an inherited column (42P16)",
        Change::Rename { .. } => "cannot rename an inherited column (42P16)",
        Change::DropNotNull { .. } if inherited.not_null && table.partition_of.is_some() => {
            "column is marked NOT NULL in parent table (42P16)"
        }
        _ => return None,
    };
    Some((why, format!("change {}, which passes it on", parent.name)))
}

/// What cannot be done with a partition or a partitioned table.
fn of_table(context: &Context<'_>) -> Option<SpannedMessage> {
    let (table, why, help) = match context.change() {
        Change::AddColumn {
            table,
            column,
            if_not_exists,
        } => {
            let known = context.certain(table)?;
            let is_there = *if_not_exists && known.column(&column.name).is_some();
            let (parent, _) = known.partition_of.as_ref().filter(|_| !is_there)?;
            (
                table,
                "cannot add column to a partition (42809)",
                format!(
                    "add the column to {}: its partitions get it too",
                    parent.name
                ),
            )
        }
        Change::AlterTable {
            kind: ObjectKind::Table,
            table,
            action: TableAction::DetachPartition { partition, .. },
        } => {
            let known = context.certain(table)?;
            let other = context.certain(partition)?;
            let of = other.partition_of.as_ref().map(|(of, _)| &of.name);
            if known.partition_by.is_none() {
                (
                    table,
                    "table is not partitioned (42P17)",
                    "remove the statement".to_owned(),
                )
            } else if of.is_none() {
                (
                    partition,
                    "relation is not a partition of the table (42P01)",
                    "remove the statement".to_owned(),
                )
            } else {
                return None;
            }
        }
        _ => return None,
    };
    Some(refused(
        &context.clause.span,
        format!("{table} cannot be changed like this"),
        why,
        help,
    ))
}
