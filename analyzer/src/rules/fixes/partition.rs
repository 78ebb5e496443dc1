//! The bounds of a partition, written as a condition.

use crate::check::context::Context;
use crate::schema::Relation;
use crate::statement::to_sql::{self, quote_name};
use crate::statement::{Bound, CreateTable, Name, Persistence};
use crate::text::quote::quote_ident;

/// What every row of a partition by one column satisfies: `day IS NOT NULL AND day >= ... AND day <
/// ...`; for a partition of a partition, that of the tables above too.
pub(in crate::rules) fn demand(
    context: &Context<'_>,
    table: &Name,
    bound: &Bound,
) -> Option<String> {
    let relation = context.schema.relation(table)?;
    let own = demand_of(relation, bound)?;
    let Some((above, bound)) = &relation.partition_of else {
        return Some(own);
    };
    let above = context.schema.by_id(above.id?)?;
    let above = demand(context, &above.name, bound)?;
    Some(format!("{own} AND {above}"))
}

fn demand_of(relation: &Relation, bound: &Bound) -> Option<String> {
    let by = relation.partition_by.as_ref()?;
    let [key] = by.keys.as_slice() else {
        return None;
    };
    let limits = match bound {
        Bound::Range { from, to } => {
            let from = (!from.eq_ignore_ascii_case("minvalue")).then(|| format!("{key} >= {from}"));
            let to = (!to.eq_ignore_ascii_case("maxvalue")).then(|| format!("{key} < {to}"));
            from.into_iter().chain(to).collect()
        }
        // A null belongs there too, which is another condition.
        Bound::In(values) if values.to_ascii_lowercase().contains("null") => return None,
        Bound::In(values) => vec![format!("{key} IN ({values})")],
        Bound::Default | Bound::Hash(_) => return None,
    };
    let terms: Vec<String> = [format!("{key} IS NOT NULL")]
        .into_iter()
        .chain(limits)
        .collect();
    Some(terms.join(" AND "))
}

/// What all other rows satisfy. Where the key is null the condition is null too, which a `CHECK`
/// accepts.
pub(in crate::rules) fn denial(
    context: &Context<'_>,
    table: &Name,
    bound: &Bound,
) -> Option<String> {
    let demand = demand_of(context.schema.relation(table)?, bound)?;
    let (_, limits) = demand.split_once(" IS NOT NULL AND ")?;
    Some(format!("NOT ({limits})"))
}

/// Creates a table and attaches it as a partition, without a strong lock on the partitioned table. `None`
/// for a partition that is partitioned itself, or has columns of its own form.
pub(in crate::rules) fn like_and_attach(create: &CreateTable) -> Option<String> {
    let (table, bound) = create.partition_of.as_ref()?;
    if create.partition_by.is_some() || !create.columns.is_empty() {
        return None;
    }
    let (partition, on) = (quote_name(&create.table), quote_name(table));
    let unlogged = match create.persistence {
        Persistence::Unlogged => "UNLOGGED ",
        Persistence::Permanent | Persistence::Temporary => "",
    };
    let constraints = create.constraints.iter().map(|constraint| {
        let name = constraint.name.as_ref();
        let name = name.map(|name| format!("CONSTRAINT {} ", quote_ident(name)));
        format!(
            ", {}{}",
            name.unwrap_or_default(),
            to_sql::constraint(constraint)
        )
    });
    let method = create.method.as_ref();
    let method = method.map(|method| format!(" USING {}", quote_ident(method)));
    let tablespace = create.tablespace.as_ref();
    let tablespace = tablespace.map(|name| format!(" TABLESPACE {}", quote_ident(name)));
    Some(format!(
        "CREATE {unlogged}TABLE {partition} (LIKE {on} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING \
         GENERATED INCLUDING INDEXES INCLUDING STORAGE INCLUDING COMPRESSION{}){}{}{};\nALTER TABLE {on} \
         ATTACH PARTITION {partition} {};",
        constraints.collect::<String>(),
        method.unwrap_or_default(),
        to_sql::with(&create.parameters),
        tablespace.unwrap_or_default(),
        self::bound(bound)
    ))
}

/// A bound as SQL.
pub(in crate::rules) fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Default => "DEFAULT".to_owned(),
        Bound::In(values) => format!("FOR VALUES IN ({values})"),
        Bound::Range { from, to } => format!("FOR VALUES FROM ({from}) TO ({to})"),
        Bound::Hash(words) => format!("FOR VALUES WITH ({words})"),
    }
}
