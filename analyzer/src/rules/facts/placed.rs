//! Every expression that a clause stores, and the place that it has.

use std::ops::Range;

use crate::check::context::Context;
use crate::check::parts::{columns, constraints};
use crate::statement::{
    Change, ColumnAction, ColumnValue, ConstraintKind, DomainAction, Expression, IndexKey, Name,
};

/// What an expression is for. PostgreSQL allows less in each of them than in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Place {
    Default,
    Check,
    Generated,
    Index,
    Predicate,
    PartitionKey,
    Policy,
    Condition,
    Transform,
}

impl Place {
    /// The place in a message: "a subquery in ...".
    pub(in crate::rules) const fn word(self) -> &'static str {
        match self {
            Self::Default => "a DEFAULT",
            Self::Check => "a CHECK",
            Self::Generated => "a generated column",
            Self::Index => "an index expression",
            Self::Predicate => "the WHERE of an index",
            Self::PartitionKey => "a partition key",
            Self::Policy => "a policy",
            Self::Condition => "the WHEN of a trigger",
            Self::Transform => "the USING of a new type",
        }
    }
}

/// An expression at its place.
pub(in crate::rules) struct Placed<'a> {
    pub(in crate::rules) place: Place,
    pub(in crate::rules) expression: &'a Expression,
    /// The table or domain.
    pub(in crate::rules) of: &'a Name,
    pub(in crate::rules) span: Range<usize>,
}

pub(in crate::rules) fn expressions<'a>(context: &Context<'a>) -> Vec<Placed<'a>> {
    let mut found = in_columns(context);
    found.extend(in_constraints(context));
    found.extend(in_indexes(context));
    found.extend(alone(context));
    found
}

fn placed<'a>(
    context: &Context<'a>,
    place: Place,
    expression: &'a Expression,
    of: &'a Name,
) -> Placed<'a> {
    Placed {
        place,
        span: match expression.span.is_empty() {
            true => context.clause.span.clone(),
            false => expression.span.clone(),
        },
        expression,
        of,
    }
}

fn in_columns<'a>(context: &Context<'a>) -> Vec<Placed<'a>> {
    let new = columns(context).iter();
    new.filter_map(|new| {
        let (place, expression) = match &new.column.value {
            ColumnValue::Default(expression) => (Place::Default, expression),
            ColumnValue::Generated { expression, .. } => (Place::Generated, expression),
            ColumnValue::None | ColumnValue::Serial | ColumnValue::Identity(_) => return None,
        };
        Some(placed(context, place, expression, new.table))
    })
    .collect()
}

fn in_constraints<'a>(context: &Context<'a>) -> Vec<Placed<'a>> {
    let mut found = Vec::new();
    for new in constraints(context) {
        match &new.constraint.kind {
            ConstraintKind::Check(expression) => {
                found.push(placed(context, Place::Check, expression, new.table));
            }
            ConstraintKind::Exclude {
                predicate, keys, ..
            } => {
                found.extend(in_keys(context, keys, new.table));
                let predicate = predicate.iter();
                found.extend(predicate.map(|it| placed(context, Place::Predicate, it, new.table)));
            }
            ConstraintKind::NotNull { .. }
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_) => {}
        }
    }
    found
}

fn in_indexes<'a>(context: &Context<'a>) -> Vec<Placed<'a>> {
    let mut found = Vec::new();
    match context.change() {
        Change::CreateIndex(create) => {
            let of = &create.table;
            found.extend(in_keys(context, &create.keys, of));
            let predicate = create.predicate.iter();
            found.extend(predicate.map(|it| placed(context, Place::Predicate, it, of)));
        }
        Change::CreateTable(create) => {
            let parts = create.partition_by.iter().flat_map(|by| &by.parts);
            found.extend(parts.map(|part| {
                placed(
                    context,
                    Place::PartitionKey,
                    &part.expression,
                    &create.table,
                )
            }));
        }
        _ => {}
    }
    found
}

/// The keys that are expressions.
fn in_keys<'a>(context: &Context<'a>, keys: &'a [IndexKey], of: &'a Name) -> Vec<Placed<'a>> {
    let keys = keys.iter().filter(|key| !key.expression.text.is_empty());
    keys.map(|key| placed(context, Place::Index, &key.expression, of))
        .collect()
}

/// The expressions of clauses that have nothing else.
fn alone<'a>(context: &Context<'a>) -> Vec<Placed<'a>> {
    let one = |place, expression: &'a Expression, of| vec![placed(context, place, expression, of)];
    match context.change() {
        Change::AlterColumn { table, action, .. } => match action {
            ColumnAction::SetDefault(value) => one(Place::Default, value, table),
            ColumnAction::SetExpression(value) => one(Place::Generated, value, table),
            _ => Vec::new(),
        },
        Change::AlterDomain {
            domain,
            action: DomainAction::SetDefault(value),
        } => one(Place::Default, value, domain),
        Change::ColumnType {
            table,
            using: Some(using),
            ..
        } => one(Place::Transform, using, table),
        Change::CreateTrigger(trigger) => {
            let condition = trigger.condition.iter();
            condition
                .map(|it| placed(context, Place::Condition, it, &trigger.table))
                .collect()
        }
        Change::CreatePolicy(policy) | Change::AlterPolicy(policy) => {
            let expressions = policy.using.iter().chain(&policy.check);
            expressions
                .map(|it| placed(context, Place::Policy, it, &policy.table))
                .collect()
        }
        _ => Vec::new(),
    }
}
