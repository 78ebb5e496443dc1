//! Which rows do not belong where an attached partition would have them.

use super::question::Asked;
use super::rows::Rows;
use crate::schema::{Relation, Schema};
use crate::statement::to_sql::quote_name;
use crate::statement::{Bound, IndexKey, Name, PartitionBy};
use crate::text::quote::quote_ident;
use crate::text::split::tokens;

/// `ATTACH PARTITION`: the partition's own rows are within its bound, and those of the default partition are not.
pub(super) fn attached(
    schema: &Schema,
    parent: &Relation,
    partition: &Name,
    bound: &Bound,
) -> Vec<Asked> {
    let own = schema
        .relation(partition)
        .zip(outside(schema, parent, bound));
    let own = own.map(|(partition, outside)| {
        let demand = format!("every row of {} belongs into it", partition.name);
        Rows::of(partition).none(demand, &outside)
    });
    own.into_iter()
        .chain(not_in_default(schema, parent, partition, bound))
        .collect()
}

/// No row of the default partition belongs into a new one.
pub(super) fn not_in_default(
    schema: &Schema,
    parent: &Relation,
    partition: &Name,
    bound: &Bound,
) -> Option<Asked> {
    let default = schema.default_partition(&parent.name)?;
    let within = within(parent, bound)?;
    let demand = format!("no row of {} belongs into {partition}", default.name);
    Some(Rows::of(default).none(demand, &within))
}

/// The default partition has what no other one takes.
fn outside(schema: &Schema, parent: &Relation, bound: &Bound) -> Option<String> {
    if *bound != Bound::Default {
        return Some(format!("NOT ({})", within(parent, bound)?));
    }
    let bounds = schema.relations().filter_map(|sibling| {
        let (of, bound) = sibling.partition_of.as_ref()?;
        (of.id == Some(parent.id)).then_some(bound)
    });
    let all: Vec<String> = bounds
        .map(|bound| within(parent, bound))
        .collect::<Option<_>>()?;
    (!all.is_empty()).then(|| all.join(" OR "))
}

/// A condition that is true or false for each row; `None` where it is not known how values compare.
fn within(parent: &Relation, bound: &Bound) -> Option<String> {
    let by = parent.partition_by.as_ref()?;
    let keys = keys(by)?;
    match bound {
        Bound::Default => None,
        Bound::In(list) => {
            let [key] = keys.as_slice() else { return None };
            let is_null = |value: &&str| value.eq_ignore_ascii_case("null");
            let values = values(list);
            let others: Vec<&str> = { values.iter().copied() }
                .filter(|one| !is_null(one))
                .collect();
            let listed = format!("coalesce({key} IN ({}), false)", others.join(", "));
            Some(match (values.iter().any(is_null), others.is_empty()) {
                (true, true) => format!("{key} IS NULL"),
                (true, false) => format!("({listed} OR {key} IS NULL)"),
                (false, _) => listed,
            })
        }
        Bound::Range { from, to } => {
            let nulls = keys.iter().map(|key| format!("{key} IS NOT NULL"));
            let nulls = nulls.collect::<Vec<_>>().join(" AND ");
            let (from, to) = (beyond(&keys, from)?, beyond(&keys, to)?);
            Some(format!("({nulls} AND ({from}) AND NOT ({to}))"))
        }
        Bound::Hash(_) => {
            let (modulus, remainder) = bound.modulus()?;
            let table = quote_name(&parent.name).replace('\'', "''");
            Some(format!(
                "satisfies_hash_partition('{table}'::regclass, {modulus}, {remainder}, {})",
                keys.join(", ")
            ))
        }
    }
}

/// A row at this end of a range or behind it.
fn beyond(keys: &[String], end: &str) -> Option<String> {
    let values = values(end);
    if values.len() != keys.len() {
        return None;
    }
    let is = |value: &str, word: &str| value.eq_ignore_ascii_case(word);
    let mut equal: Vec<String> = Vec::new();
    let mut ways: Vec<String> = Vec::new();
    for (key, value) in keys.iter().zip(values) {
        let first = |last: &[String]| [&equal[..], last].concat().join(" AND ");
        if is(value, "MINVALUE") || is(value, "MAXVALUE") {
            // Everything with the values before it, or nothing.
            if is(value, "MINVALUE") {
                ways.push(match equal.is_empty() {
                    true => "true".to_owned(),
                    false => first(&[]),
                });
            }
            return Some(any(&ways));
        }
        ways.push(first(&[format!("{key} > {value}")]));
        equal.push(format!("{key} = {value}"));
    }
    ways.push(equal.join(" AND "));
    Some(any(&ways))
}

fn any(ways: &[String]) -> String {
    match ways {
        [] => "false".to_owned(),
        ways => ways.join(" OR "),
    }
}

/// The key, unless it compares in a way of its own.
fn keys(by: &PartitionBy) -> Option<Vec<String>> {
    let keys = by.parts.iter().map(|key| match key {
        IndexKey {
            collation: None,
            class: None,
            column: Some(column),
            ..
        } => Some(quote_ident(column)),
        IndexKey {
            collation: None,
            class: None,
            column: None,
            expression,
            ..
        } => Some(format!("({expression})")),
        IndexKey { .. } => None,
    });
    keys.collect()
}

/// The values between the commas that are in no parentheses.
fn values(list: &str) -> Vec<&str> {
    let (mut values, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    for token in tokens(list) {
        let span = token.span();
        match list.get(span.clone()).unwrap_or_default() {
            "(" | "[" => depth = depth.saturating_add(1),
            ")" | "]" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                values.push(list.get(start..span.start).unwrap_or_default().trim());
                start = span.end;
            }
            _ => {}
        }
    }
    values.push(list.get(start..).unwrap_or_default().trim());
    values
}
