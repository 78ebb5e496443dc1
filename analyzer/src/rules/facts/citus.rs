//! Where a Citus cluster keeps the tables of the module.

use crate::check::context::FileContext;
use crate::intake::settings::Citus;
use crate::schema::{ColumnId, Placement, Relation};
use crate::statement::{ObjectKind, Persistence};

/// On which servers the rows of a table are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Placed {
    /// Spread by this column.
    By(ColumnId),
    /// Whole on every server.
    Reference,
    /// Whole on one server, with the rest of the schema.
    Schema,
}

/// Where the rows of one of the module's tables are, by the calls of the files or else by `[citus]`; `None` for a table
/// of a single server.
pub(in crate::rules) fn placed(around: &FileContext<'_>, table: &Relation) -> Option<Placed> {
    let is_kept = table.kind == ObjectKind::Table
        && table.persistence != Persistence::Temporary
        && around.schema.is_own(&table.name)
        && around.schema.is_certain(&table.name, &table.origin);
    if !is_kept {
        return None;
    }
    let root = root(around, table);
    match root.placement {
        Some(Placement::Local) => None,
        Some(Placement::Reference) => Some(Placed::Reference),
        Some(Placement::Schema) => Some(Placed::Schema),
        Some(Placement::By(id)) => {
            let column = root.name_of(id).and_then(|name| table.column(name));
            column.map(|column| Placed::By(column.id))
        }
        None => by_settings(around, table),
    }
}

fn by_settings(around: &FileContext<'_>, table: &Relation) -> Option<Placed> {
    let settings = &around.module.settings;
    match settings.citus.as_ref()? {
        Citus::Schema => Some(Placed::Schema),
        Citus::Row { .. } => {
            let tenancy = settings.tenancy.as_ref();
            let is_global = tenancy.is_some_and(|tenancy| tenancy.global.contains_key(&table.name));
            let column = settings.distribution_column().filter(|_| !is_global);
            let column = column.and_then(|column| table.column(column));
            Some(column.map_or(Placed::Reference, |column| Placed::By(column.id)))
        }
    }
}

/// The table itself, or for a partition the table above all.
fn root<'a>(around: &FileContext<'a>, table: &'a Relation) -> &'a Relation {
    let mut root = table;
    while let Some((parent, _)) = &root.partition_of {
        match parent.id.and_then(|id| around.schema.by_id(id)) {
            Some(parent) => root = parent,
            None => break,
        }
    }
    root
}

/// Whether the servers certainly have the table already: an earlier file creates it, or this one distributes it.
pub(in crate::rules) fn is_spread_already(around: &FileContext<'_>, table: &Relation) -> bool {
    root(around, table).placement.is_some() || around.is_old_table(&table.name)
}

/// Whether the cluster refuses a subquery in a policy of the table.
pub(in crate::rules) fn refuses_subqueries(around: &FileContext<'_>, table: &Relation) -> bool {
    placed(around, table).is_some()
}
