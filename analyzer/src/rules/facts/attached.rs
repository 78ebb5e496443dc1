//! What a table lacks that it is attached to a partitioned table.

use crate::check::context::FileContext;
use crate::schema::{Constraint, ConstraintKind, Index, IndexKey, Reference, Relation};
use crate::statement::{Bound, Change, Name, TableAction};

/// `ATTACH PARTITION` of a table that other sessions may use, whose partitioned table is known as well.
pub(in crate::rules) struct Attached<'a> {
    pub(in crate::rules) table: &'a Relation,
    pub(in crate::rules) partition: &'a Relation,
    pub(in crate::rules) bound: &'a Bound,
}

pub(in crate::rules) fn attached<'a>(
    around: &FileContext<'a>,
    change: &'a Change,
) -> Option<Attached<'a>> {
    let Change::AlterTable {
        table,
        action:
            TableAction::AttachPartition {
                partition,
                bound: Some(bound),
            },
        ..
    } = change
    else {
        return None;
    };
    let both = around
        .schema
        .relation(table)
        .zip(around.schema.relation(partition));
    let (table, partition) = both.filter(|_| around.is_old_table(partition))?;
    Some(Attached {
        table,
        partition,
        bound,
    })
}

impl<'a> Attached<'a> {
    /// The indexes of the partitioned table for which PostgreSQL finds no equal one, as `CompareIndexInfo()`
    /// compares them, and so builds one. An index of a key needs one that is a key too.
    pub(in crate::rules) fn missing_indexes(&self) -> Vec<&'a Index> {
        let indexes = self.table.indexes.iter();
        indexes.filter(|index| !self.has_index(index)).collect()
    }

    /// The key that an index of the partitioned table enforces.
    pub(in crate::rules) fn key_of(&self, index: &Index) -> Option<&'a Constraint> {
        let mut constraints = self.table.constraints.iter();
        constraints.find(|one| one.name == index.name && one.kind.is_indexed())
    }

    /// The index of the partition that is equal to one of the partitioned table, but does not belong to a key.
    pub(in crate::rules) fn equal_index(&self, index: &Index) -> Option<&'a Index> {
        let mut own = self.partition.indexes.iter();
        own.find(|own| own.valid && self.is_equal(index, own))
    }

    /// The foreign key of the partition that is equal to one of the partitioned table, but not valid.
    pub(in crate::rules) fn equal_key(&self, key: &Constraint) -> Option<&'a Constraint> {
        let mut own = self.partition.constraints.iter();
        own.find(|own| own.enforced && self.is_alike(key, own))
    }

    fn has_index(&self, index: &Index) -> bool {
        let key = self.key_of(index).map(|key| &key.kind);
        let is_kept = |own: &Index| {
            let mut constraints = self.partition.constraints.iter();
            key.is_none() || constraints.any(|one| one.name == own.name && Some(&one.kind) == key)
        };
        let mut own = self.partition.indexes.iter();
        own.any(|own| self.is_equal(index, own) && is_kept(own))
    }

    fn is_equal(&self, index: &Index, own: &Index) -> bool {
        let predicate = |index: &Index| index.predicate.as_ref().map(|one| plain(&one.text));
        let keys = index.keys.iter().zip(&own.keys);
        index.keys.len() == own.keys.len()
            && { keys }.all(|(one, other)| self.is_same_key(one, other))
            && self.names(&index.include) == names(self.partition, &own.include)
            && index.unique == own.unique
            && index.nulls_not_distinct == own.nulls_not_distinct
            && index.method == own.method
            && predicate(index) == predicate(own)
    }

    fn is_same_key(&self, one: &IndexKey, other: &IndexKey) -> bool {
        let named = |relation: &Relation, key: &IndexKey| {
            let column = key.column.and_then(|column| relation.name_of(column));
            column.map_or_else(|| plain(&key.expression.text), str::to_owned)
        };
        named(self.table, one) == named(self.partition, other)
            && one.class == other.class
            && one.collation == other.collation
    }

    /// The foreign keys of the partitioned table that PostgreSQL checks for each row of the partition: it finds
    /// no equal one that is valid.
    pub(in crate::rules) fn missing_keys(&self) -> Vec<&'a Constraint> {
        let constraints = self.table.constraints.iter();
        let keys = constraints.filter(|one| {
            matches!(one.kind, ConstraintKind::ForeignKey { .. }) && one.valid && one.enforced
        });
        keys.filter(|key| {
            !self
                .partition
                .constraints
                .iter()
                .any(|own| self.is_same_fk(key, own))
        })
        .collect()
    }

    fn is_same_fk(&self, key: &Constraint, own: &Constraint) -> bool {
        own.valid && own.enforced && self.is_alike(key, own)
    }

    fn is_alike(&self, key: &Constraint, own: &Constraint) -> bool {
        points_alike(&key.kind, &own.kind)
            && (key.deferrable, key.initially_deferred) == (own.deferrable, own.initially_deferred)
            && self.names(&key.columns) == names(self.partition, &own.columns)
    }

    fn names(&self, columns: &[crate::schema::ColumnId]) -> Vec<&'a str> {
        names(self.table, columns)
    }

    /// The name of the partition.
    pub(in crate::rules) fn name(&self) -> &'a Name {
        &self.partition.name
    }
}

/// Whether two foreign keys reference the same columns with the same actions; a table can have another name
/// since.
fn points_alike(one: &ConstraintKind, other: &ConstraintKind) -> bool {
    let renamed = |kind: &ConstraintKind| match kind.clone() {
        ConstraintKind::ForeignKey {
            parent: Reference { id: Some(id), .. },
            parent_columns,
            match_full,
            on_delete,
            set_columns,
            on_update,
        } => ConstraintKind::ForeignKey {
            parent: Reference {
                id: Some(id),
                name: Name::default(),
            },
            parent_columns,
            match_full,
            on_delete,
            set_columns,
            on_update,
        },
        kind => kind,
    };
    renamed(one) == renamed(other)
}

fn names<'a>(relation: &'a Relation, columns: &[crate::schema::ColumnId]) -> Vec<&'a str> {
    columns
        .iter()
        .filter_map(|one| relation.name_of(*one))
        .collect()
}

/// An expression without white space, and without the order of an index.
fn plain(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let words = lower.split_whitespace();
    words
        .filter(|word| !matches!(*word, "asc" | "desc" | "nulls" | "first" | "last"))
        .collect()
}
