//! Stored expressions with what only a query can have.

use crate::check::absence::SYSTEM_COLUMNS;
use crate::check::context::Context;
use crate::check::parts::columns;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::placed::{Place, Placed, expressions};
use crate::rules::facts::refusal::refused;
use crate::statement::{Call, ColumnValue, is_aggregate};

pub(super) static RULE: Rule = Rule {
    id: "refused-expression",
    summary: "a stored expression contains what only a query can have",
    page: include_str!("refused_expression.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Expression], &Check::Parts(check)),
};

/// Functions for users that return a set of rows (`proretset` in `pg_proc` of 15).
const SETS: &[&str] = &[
    "generate_series",
    "generate_subscripts",
    "json_array_elements",
    "json_array_elements_text",
    "json_each",
    "json_each_text",
    "json_object_keys",
    "json_populate_recordset",
    "json_to_recordset",
    "jsonb_array_elements",
    "jsonb_array_elements_text",
    "jsonb_each",
    "jsonb_each_text",
    "jsonb_object_keys",
    "jsonb_path_query",
    "jsonb_path_query_tz",
    "jsonb_populate_recordset",
    "jsonb_to_recordset",
    "regexp_matches",
    "regexp_split_to_table",
    "string_to_table",
    "ts_debug",
    "ts_parse",
    "ts_stat",
    "ts_token_type",
    "unnest",
];

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let placed = expressions(context);
    placed
        .iter()
        .filter_map(|placed| {
            subquery(placed)
                .or_else(|| column_of_default(placed))
                .or_else(|| call(context, placed))
                .or_else(|| generated(context, placed))
                .or_else(|| system_column(placed))
                .or_else(|| constant_key(placed))
        })
        .collect()
}

fn subquery(placed: &Placed<'_>) -> Option<SpannedMessage> {
    let help = match placed.place {
        Place::Policy => return None,
        Place::Check => {
            "compare with constants: `IN ('a', 'b')`. For values of another table use a foreign key"
        }
        Place::Default => {
            "write a constant or a call of a function; a function may contain the query"
        }
        Place::Condition => "put the query into the trigger's function",
        Place::Transform => "add a new column and fill it with a data migration",
        Place::Generated | Place::Index | Place::Predicate | Place::PartitionKey => {
            "use only the columns of the same row"
        }
    };
    placed.expression.has_subquery.then(|| {
        refused(
            &placed.span,
            format!(
                "{} of {} contains a subquery",
                placed.place.word(),
                placed.of
            ),
            "cannot use a subquery here (0A000)",
            help,
        )
    })
}

fn column_of_default(placed: &Placed<'_>) -> Option<SpannedMessage> {
    let column = placed.expression.outer.first()?;
    (placed.place == Place::Default).then(|| {
        refused(
            &placed.span,
            format!("a DEFAULT of {} reads the column `{column}`", placed.of),
            "cannot use a column reference in a DEFAULT expression (0A000)",
            format!(
                "for a text write quotes: `'{column}'`. For a value of the same row use \
                 `GENERATED ALWAYS AS (...) STORED` or a trigger"
            ),
        )
    })
}

fn call(context: &Context<'_>, placed: &Placed<'_>) -> Option<SpannedMessage> {
    let mut calls = placed.expression.calls.iter();
    let of_catalog = |call: &&Call| {
        let schema = call.schema.as_deref();
        let own = context.schema.own_name(&call.name);
        !call.in_subquery
            && schema.is_none_or(|schema| schema == "pg_catalog")
            && context.schema.routines(&own).is_empty()
    };
    let (call, (kind, why)) = calls
        .by_ref()
        .filter(of_catalog)
        .find_map(|call| Some((call, kind(call)?)))?;
    Some(refused(
        &call.span,
        format!(
            "{} of {} calls the {kind} {}()",
            placed.place.word(),
            placed.of,
            call.name
        ),
        why,
        "an expression is computed for one row: use a query, a view or a trigger instead",
    ))
}

fn kind(call: &Call) -> Option<(&'static str, &'static str)> {
    let name = call.name.as_str();
    if call.windowed {
        Some((
            "window function",
            "window functions are not allowed here (42P20)",
        ))
    } else if is_aggregate(name) {
        Some((
            "aggregate",
            "aggregate functions are not allowed here (42803)",
        ))
    } else {
        SETS.contains(&name).then_some((
            "set-returning function",
            "set-returning functions are not allowed here (0A000)",
        ))
    }
}

/// A generated column is computed from plain columns only, and is no partition key.
fn generated(context: &Context<'_>, placed: &Placed<'_>) -> Option<SpannedMessage> {
    let is_generated = |name: &&String| {
        let new = columns(context);
        let new = new.iter().find(|new| new.column.name == **name);
        match new {
            Some(new) => matches!(new.column.value, ColumnValue::Generated { .. }),
            None => {
                let known = context.certain(placed.of);
                let known = known.and_then(|known| known.column(name));
                known.is_some_and(|known| matches!(known.value, ColumnValue::Generated { .. }))
            }
        }
    };
    let why = match placed.place {
        Place::Generated => {
            "cannot use a generated column in a column generation expression (42P17)"
        }
        Place::PartitionKey => "cannot use a generated column in a partition key (42P17)",
        Place::Default
        | Place::Check
        | Place::Index
        | Place::Predicate
        | Place::Policy
        | Place::Condition
        | Place::Transform => return None,
    };
    let column = placed.expression.outer.iter().find(is_generated)?;
    Some(refused(
        &placed.span,
        format!(
            "{} of {} reads the generated column `{column}`",
            placed.place.word(),
            placed.of
        ),
        why,
        format!("write the expression of `{column}` here instead of its name"),
    ))
}

fn system_column(placed: &Placed<'_>) -> Option<SpannedMessage> {
    let is_system = |name: &&String| SYSTEM_COLUMNS.contains(&name.as_str());
    let column = placed.expression.outer.iter().find(is_system)?;
    let is_table = column == "tableoid";
    let why = match placed.place {
        Place::Index | Place::Predicate => {
            "index creation on system columns is not supported (0A000)"
        }
        Place::PartitionKey => "cannot use a system column in a partition key (42P17)",
        Place::Generated if !is_table => {
            "cannot use a system column in a column generation expression (42P10)"
        }
        Place::Check if !is_table => {
            "system column reference in a check constraint is invalid (42P10)"
        }
        Place::Default
        | Place::Check
        | Place::Generated
        | Place::Policy
        | Place::Condition
        | Place::Transform => return None,
    };
    Some(refused(
        &placed.span,
        format!(
            "{} of {} uses the system column {column}",
            placed.place.word(),
            placed.of
        ),
        why,
        "use a column of the table's own",
    ))
}

/// A partition key without a column.
fn constant_key(placed: &Placed<'_>) -> Option<SpannedMessage> {
    let expression = &placed.expression;
    let is_constant = expression.outer.is_empty() && expression.calls.is_empty();
    (placed.place == Place::PartitionKey && is_constant).then(|| {
        refused(
            &placed.span,
            format!(
                "a partition key of {} is the constant {}",
                placed.of, expression.text
            ),
            "cannot use a constant expression as partition key (42P17)",
            "partition by a column",
        )
    })
}
