//! Batches of one tenant after another: where they are needed, and which tenants there are.

use std::collections::BTreeSet;

use super::{Ranges, Tenants};
use crate::intake::module::Module;
use crate::intake::settings::Tenancy;
use crate::schema::{ConstraintKind, Relation, RelationId, Schema};
use crate::statement::to_sql::quote_name;
use crate::statement::{Name, Statement};
use crate::tenancy::holds_tenants;
use crate::text::quote::quote_ident;

/// How a batch gets its tenant: when the key begins with the tenant, and the file or the foreign keys say which tenants
/// there are.
pub(super) fn of(
    module: &Module,
    schema: &Schema,
    statement: &Statement,
    ranges: &Ranges,
    declared: Option<String>,
) -> Option<Tenants> {
    let tenancy = module.settings.tenancy.as_ref()?;
    let own = ranges.keys.first()?;
    if own.column != tenancy.column {
        return None;
    }
    let query = match declared {
        Some(query) => query,
        None if hidden(schema, tenancy, statement).is_empty() => return None,
        None => of_key(schema, &ranges.table, &tenancy.column)?,
    };
    Some(Tenants {
        query,
        setting: tenancy.setting.clone(),
    })
}

/// The tables of tenants in a statement whose policies are asked for their owner too: without a tenant none of their
/// rows is seen.
pub(crate) fn hidden<'a>(
    schema: &'a Schema,
    tenancy: &Tenancy,
    statement: &Statement,
) -> Vec<&'a Relation> {
    let clauses = statement.clauses.iter();
    let changed = clauses.filter_map(|clause| clause.change.table());
    let used = statement.uses.iter().map(|one| &one.relation);
    let named: BTreeSet<&Name> = changed.chain(used).collect();
    let relations = named.into_iter().filter_map(|name| schema.relation(name));
    relations
        .filter(|table| holds_tenants(schema, tenancy, table) && is_closed(table))
        .collect()
}

/// Whether its owner is held by its policies.
const fn is_closed(table: &Relation) -> bool {
    table.row_security && table.forced_row_security
}

/// The query for every value that a column can have, by a foreign key to a table that shows its rows.
pub(crate) fn of_key(schema: &Schema, table: &Name, column: &str) -> Option<String> {
    of_keys(
        schema,
        schema.relation(table)?,
        column,
        &mut BTreeSet::new(),
    )
}

fn of_keys(
    schema: &Schema,
    table: &Relation,
    column: &str,
    seen: &mut BTreeSet<RelationId>,
) -> Option<String> {
    if !seen.insert(table.id) {
        return None;
    }
    let own = table.column(column)?.id;
    table.constraints.iter().find_map(|constraint| {
        let ConstraintKind::ForeignKey {
            parent,
            parent_columns,
            ..
        } = &constraint.kind
        else {
            return None;
        };
        // A key with a null in it is not compared.
        let is_compared = |id| {
            let name = table.name_of(id);
            name.is_some_and(|name| table.is_surely_not_null(name))
        };
        let holds_for_all =
            constraint.valid && constraint.enforced && { constraint.columns.iter().copied() }
                .all(is_compared);
        let place = constraint.columns.iter().position(|id| *id == own)?;
        let parent = schema.by_id(parent.id?).filter(|_| holds_for_all)?;
        let column = parent.name_of(*parent_columns.get(place)?)?;
        match is_closed(parent) {
            true => of_keys(schema, parent, column, seen),
            false => {
                let (column, table) = (quote_ident(column), quote_name(&parent.name));
                Some(format!("SELECT {column} FROM {table}"))
            }
        }
    })
}
