//! What is wrong with the expressions of a series.

use crate::effect::mutable_call;
use crate::replace::expression::read;
use crate::replace::pair::Pair;
use crate::schema::Column;
use crate::schema::resolve::{Fits, Kind, Path, Resolver, Seen, fits};
use crate::statement::{Name, is_aggregate};

/// What is wrong with the expressions.
pub(crate) fn problems(pair: &Pair<'_>) -> Vec<String> {
    let series = pair.series;
    let mut all = Vec::new();
    let old = vec![series.column.clone()];
    for (target, new) in series.targets.iter().zip(&pair.new) {
        all.extend(of(pair, &series.table, &target.using, &old, new));
    }
    let new: Vec<String> = series
        .targets
        .iter()
        .map(|target| target.column.clone())
        .collect();
    all.extend(of(pair, series.to(), &series.back, &new, pair.old));
    all
}

/// An expression over some columns of a table, whose value becomes that of a column.
fn of(pair: &Pair<'_>, table: &Name, text: &str, over: &[String], to: &Column) -> Vec<String> {
    let say = |what: String| vec![format!("`{text}` {what}")];
    let Some(read) = read(pair.schema.owned(), table, text) else {
        return say("is not an expression over the columns of one row".to_owned());
    };
    let value = &read.expression;
    if value.has_subquery {
        return say("reads other rows: when they change, the copy would not".to_owned());
    }
    if let Some(other) = value.columns.iter().find(|column| !over.contains(column)) {
        let is_there = pair.schema.column(table, other).is_some();
        return say(match is_there {
            true => format!(
                "depends on `{other}`, too: when that changes, the copy would not. Use {} only",
                over.join(", ")
            ),
            false => format!(
                "names `{other}`, which is not a column that it can read: {}",
                over.join(", ")
            ),
        });
    }
    if let Some(missing) = over.iter().find(|column| !value.columns.contains(column)) {
        return say(format!("leaves out `{missing}`: its value would be lost"));
    }
    let apart = |call: &&crate::statement::Call| call.windowed || is_aggregate(&call.name);
    if let Some(call) = value.calls.iter().find(apart) {
        return say(format!("calls {}, which needs several rows", call.name));
    }
    if let Some(call) = mutable_call(value, pair.schema) {
        return say(format!(
            "calls {}, which is not immutable: the copy would have another value at another time, or in another session",
            call.name
        ));
    }
    let mut resolver =
        Resolver::new(pair.schema, Path::Own, 15).seeing_all(Seen::Table(table, None), false);
    let kind = resolver.value(&value.value);
    if !resolver.refused().is_empty() {
        return say("is refused by PostgreSQL: a name or a value in it does not fit".to_owned());
    }
    let (Kind::Of(from), Some(wanted)) = (kind, &to.data_type) else {
        return Vec::new();
    };
    match fits(pair.schema, &from, wanted) {
        Fits::No => say(format!(
            "is {from}, and {} is {wanted}: convert it with `::{wanted}`",
            to.name
        )),
        Fits::Yes | Fits::Unknown => Vec::new(),
    }
}
