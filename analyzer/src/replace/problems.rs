//! What is wrong with the expressions of a series.

use crate::effect::mutable_call;
use crate::intake::directive::Series;
use crate::replace::expression::read;
use crate::replace::pair::Pair;
use crate::schema::Schema;
use crate::schema::resolve::{Fits, Kind, Path, Resolver, fits};
use crate::statement::{DataType, Name, is_aggregate};

/// What is wrong with the expressions.
pub(crate) fn problems(pair: &Pair<'_>) -> Vec<String> {
    let new = pair.new.iter().map(|new| new.data_type.as_ref());
    wrong(
        pair.schema,
        pair.series,
        pair.old.data_type.as_ref(),
        &new.collect::<Vec<_>>(),
    )
}

/// The same with the types of the columns, of which the new ones need not be there.
pub(super) fn wrong(
    schema: &Schema,
    series: &Series,
    old: Option<&DataType>,
    new: &[Option<&DataType>],
) -> Vec<String> {
    let mut all = Vec::new();
    let old = (series.column.as_str(), old);
    let names = series.targets.iter().map(|target| target.column.as_str());
    let new: Vec<Typed<'_>> = names.zip(new.iter().copied()).collect();
    for (target, to) in series.targets.iter().zip(&new) {
        let using = (&series.table, target.using.as_str());
        all.extend(of(schema, series, using, (&[old], *to)));
    }
    let back = (series.to(), series.back.as_str());
    all.extend(of(schema, series, back, (&new, old)));
    all
}

/// A column's name, and its type if it is known.
type Typed<'a> = (&'a str, Option<&'a DataType>);

/// An expression over some columns of a table, whose value becomes that of a column.
fn of(
    schema: &Schema,
    series: &Series,
    (table, text): (&Name, &str),
    (over, (to, wanted)): (&[Typed<'_>], Typed<'_>),
) -> Vec<String> {
    let say = |what: String| vec![format!("`{text}` {what}")];
    let Some(read) = read(schema.owned(), table, text) else {
        return say("is not an expression over the columns of one row".to_owned());
    };
    let value = &read.expression;
    if value.has_subquery {
        return say("reads other rows: when they change, the copy would not".to_owned());
    }
    let is_over = |column: &str| over.iter().any(|(over, _)| *over == column);
    let names = || over.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let is_new = |column: &str| series.targets.iter().any(|target| target.column == column);
    if let Some(other) = value.columns.iter().find(|column| !is_over(column)) {
        let is_there =
            schema.column(table, other).is_some() || table == series.to() && is_new(other);
        return say(match is_there {
            true => format!(
                "depends on `{other}`, too: when that changes, the copy would not. Use {} only",
                names().join(", ")
            ),
            false => format!(
                "names `{other}`, which is not a column that it can read: {}",
                names().join(", ")
            ),
        });
    }
    let is_used = |name: &str| value.columns.iter().any(|column| column == name);
    if let Some((missing, _)) = over.iter().find(|(name, _)| !is_used(name)) {
        return say(format!("leaves out `{missing}`: its value would be lost"));
    }
    let apart = |call: &&crate::statement::Call| call.windowed || is_aggregate(&call.name);
    if let Some(call) = value.calls.iter().find(apart) {
        return say(format!("calls {}, which needs several rows", call.name));
    }
    if let Some(call) = mutable_call(value, schema) {
        return say(format!(
            "calls {}, which is not immutable: the copy would have another value at another time, or in another session",
            call.name
        ));
    }
    // It names no others.
    let mut resolver =
        Resolver::new(schema, Path::Own, 15).seeing_columns(table, over.iter().copied());
    let kind = resolver.value(&value.value);
    if !resolver.refused().is_empty() {
        return say("is refused by PostgreSQL: a name or a value in it does not fit".to_owned());
    }
    let (Kind::Of(from), Some(wanted)) = (kind, wanted) else {
        return Vec::new();
    };
    match fits(schema, &from, wanted) {
        Fits::No => say(format!(
            "is {from}, and {to} is {wanted}: convert it with `::{wanted}`"
        )),
        Fits::Yes | Fits::Unknown => Vec::new(),
    }
}
