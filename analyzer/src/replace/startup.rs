//! The first two files: the new columns with their trigger, and the data migration.

use crate::intake::directive::Series;
use crate::plan::job::keys_of;
use crate::replace::carried::Carried;
use crate::replace::moved;
use crate::replace::pair::{Pair, Row};
use crate::replace::trigger;
use crate::schema::{Relation, Schema};
use crate::statement::to_sql::quote_name;
use crate::text::quote::{quote_ident, quote_list};

/// `ADD COLUMN` for each new column.
pub(super) fn columns(series: &Series, types: &[String]) -> String {
    let columns = series.targets.iter().zip(types);
    let columns = columns.map(|(target, data_type)| {
        format!("ADD COLUMN {} {data_type}", quote_ident(&target.column))
    });
    format!(
        "ALTER TABLE {} {};\n",
        quote_name(series.to()),
        columns.collect::<Vec<_>>().join(", ")
    )
}

/// The file that begins the series.
pub(super) fn file(
    pair: &Pair<'_>,
    types: &[String],
    carried: &Carried,
    left: &[String],
) -> String {
    let series = pair.series;
    let head = format!(
        "-- onward: {}\n-- {} and {} are kept equal by a trigger, until a release file drops the old one.\n",
        series.directive(),
        series.old(),
        series.successors()
    );
    let left: String = left
        .iter()
        .map(|one| format!("-- left to do: {one}\n"))
        .collect();
    [
        head,
        left,
        columns(series, types),
        carried.at_start.concat(),
        trigger::create(pair),
    ]
    .concat()
}

/// The columns by whose ranges the rows are filled: in a module with tenants, a key that begins with the tenant.
pub(super) fn batch_key(table: &Relation, tenant: Option<&str>) -> Option<Vec<String>> {
    let keys = keys_of(table);
    let of_tenant = tenant.and_then(|tenant| {
        let mut keys = keys.iter();
        keys.find(|key| key.first().is_some_and(|first| first == tenant))
    });
    of_tenant
        .or_else(|| keys.iter().find(|key| !key.is_empty()))
        .cloned()
}

/// The data migration that fills the rows which exist.
pub(super) fn data(pair: &Pair<'_>, key: &[String]) -> String {
    if let Some(moved) = &pair.series.moved {
        return moved::data(pair, moved, key);
    }
    let table = quote_name(&pair.series.table);
    let differs = pair.differs(Row::Stored);
    let set = pair.series.targets.iter().map(|target| {
        format!(
            "{} = {}",
            quote_ident(&target.column),
            pair.using(target, Row::Stored)
        )
    });
    format!(
        "-- onward: batch 1000 by {}\n-- onward: done when SELECT true FROM {table} WHERE {differs}\n\
         UPDATE {table} SET {}\nWHERE {differs};\n",
        quote_list(key),
        set.collect::<Vec<_>>().join(", ")
    )
}

/// The key by which the rows can be filled, or why not.
pub(super) fn key_of(
    schema: &Schema,
    series: &Series,
    tenant: Option<&str>,
) -> Result<Vec<String>, String> {
    let table = schema.relation(&series.table);
    let has = |table: &Relation, tenant: &str| table.row_security && table.column(tenant).is_some();
    let key = table.and_then(|table| batch_key(table, tenant.filter(|tenant| has(table, tenant))));
    key.ok_or_else(|| {
        format!(
            "{} has no primary or unique key without nulls, by which its rows could be filled in batches",
            series.table
        )
    })
}
