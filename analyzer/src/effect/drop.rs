//! Which objects a `DROP` removes, and what it locks for that.

use std::collections::BTreeSet;

use super::LockMode::{AccessExclusive, ShareUpdateExclusive};
use super::builder::{EffectBuilder, name_of};
use super::volatility::sequences;
use crate::schema::{Namespace, Relation};
use crate::statement::{Change, ColumnValue, Name, ObjectKind};

impl EffectBuilder<'_> {
    pub(super) fn drop(&mut self, change: &Change) {
        let Change::Drop {
            kind,
            name,
            part,
            if_exists,
            concurrently,
            cascade,
        } = change
        else {
            return;
        };
        // The module's own schema exists before its first file runs.
        let is_schema = matches!(kind, ObjectKind::Schema);
        if *if_exists && !is_schema && self.is_missing(*kind, name, part.as_deref()) {
            // PostgreSQL locks a table before it looks for the constraint or column, but for other parts
            // it does not lock a table when the part is missing.
            if matches!(kind, ObjectKind::Constraint) && part.is_some() {
                self.drop_constraint(name, part.as_deref().unwrap_or_default(), *cascade);
            }
            return;
        }
        match Namespace::of(*kind) {
            Namespace::Relation => self.drop_relation(name, *cascade),
            Namespace::Sequence => {
                self.lock(name, AccessExclusive);
                if *cascade {
                    self.drop_defaults_with(name);
                }
            }
            Namespace::Index => self.drop_index(name, *concurrently),
            Namespace::Constraint => {
                self.drop_constraint(name, part.as_deref().unwrap_or_default(), *cascade);
            }
            Namespace::Trigger => self.lock_trigger(name, part.as_deref().unwrap_or_default()),
            Namespace::Policy | Namespace::Rule => self.lock(name, AccessExclusive),
            Namespace::Schema => self.drop_schema(&name.name),
            Namespace::Type => {
                if *cascade {
                    self.drop_columns_of(name);
                }
            }
            Namespace::Routine => {
                if *cascade {
                    self.drop_triggers_with(name);
                }
            }
            Namespace::Attribute => {
                for table in self.typed(name) {
                    self.lock(&table.name, AccessExclusive);
                }
            }
            Namespace::Other => {
                let statistics = self.schema.table_of_statistics(name);
                if let Some(table) = statistics.filter(|_| *kind == ObjectKind::Statistics) {
                    self.lock(table, ShareUpdateExclusive);
                }
            }
            Namespace::Column | Namespace::Label => {}
        }
    }

    /// A row trigger of a partitioned table also exists on each partition.
    pub(super) fn lock_trigger(&mut self, table: &Name, trigger: &str) {
        self.lock(table, AccessExclusive);
        let relation = self.schema.relation(table);
        let mut triggers = relation.into_iter().flat_map(|one| &one.triggers);
        let passes_on = triggers.any(|one| one.name == trigger && one.definition.for_each_row);
        if passes_on {
            for partition in self.partitions(table) {
                self.lock(&partition.name, AccessExclusive);
            }
        }
    }

    /// `CASCADE` of a sequence drops the defaults that use it.
    fn drop_defaults_with(&mut self, sequence: &Name) {
        let owner = self.schema.sequence(sequence).and_then(|known| known.owner);
        let advances = |table: &&Relation| {
            table.columns.iter().any(|column| match &column.value {
                ColumnValue::Default(value) => sequences(value, self.schema).contains(sequence),
                ColumnValue::Serial => owner == Some((table.id, column.id)),
                ColumnValue::None | ColumnValue::Identity(_) | ColumnValue::Generated { .. } => {
                    false
                }
            })
        };
        let tables = self.schema.relations().filter(advances);
        for table in tables.map(|table| table.name.clone()).collect::<Vec<_>>() {
            self.lock(&table, AccessExclusive);
        }
    }

    /// `CASCADE` of a function drops the triggers that call it.
    fn drop_triggers_with(&mut self, function: &Name) {
        let calls = |table: &&Relation| {
            let mut triggers = table.triggers.iter();
            triggers.any(|trigger| trigger.definition.function == *function)
        };
        for table in self.schema.relations().filter(calls) {
            self.lock(&table.name, AccessExclusive);
        }
    }

    /// A table with its partitions, indexes and sequences; the tables on the other side of its foreign
    /// keys; and the table of which it is a partition, because other sessions must not plan queries with
    /// the partition any more.
    fn drop_relation(&mut self, name: &Name, cascade: bool) {
        self.lock(name, AccessExclusive);
        let family = match cascade {
            true => self.schema.with_children(name).collect(),
            false => self.partitions(name),
        };
        for member in family {
            self.lock(&member.name, AccessExclusive);
            self.lock_indexes(member, AccessExclusive);
            for (sequence, _) in self.owned(member, None) {
                self.lock(&sequence, AccessExclusive);
            }
            let own = member
                .constraints
                .iter()
                .filter(|key| !self.is_inherited(member, key));
            let parents: Vec<Name> = own.filter_map(|key| self.parent_of(key)).collect();
            for parent in parents {
                for parent in self.locked_parents(&parent) {
                    self.lock(&parent, AccessExclusive);
                }
            }
            if let Some((parent, _)) = &member.partition_of {
                let parent = self.now(parent);
                self.lock(&parent, AccessExclusive);
                if let Some(default) = self.schema.default_partition(&parent) {
                    self.lock(&default.name, AccessExclusive);
                }
            }
            if cascade {
                self.lock_children(member, None);
                self.lock_views(member, None);
            }
        }
    }

    /// The views on a relation, or on one of its columns, and the views on these.
    pub(super) fn lock_views(&mut self, relation: &Relation, column: Option<&str>) {
        let reads = |view: &&Relation| {
            let query = view.query.as_ref();
            let says = |column: &str| {
                query.is_some_and(|query| {
                    query.columns.iter().any(|one| one == column) || query.text.contains('*')
                })
            };
            column.is_none_or(says)
        };
        let mut waiting: Vec<&Relation> = self
            .schema
            .views_over(&relation.name)
            .filter(reads)
            .collect();
        // Two views can read each other: CREATE OR REPLACE VIEW can do that, although no SELECT from them
        // works.
        let mut seen = BTreeSet::new();
        while let Some(view) = waiting.pop() {
            if seen.insert(view.id) {
                self.lock(&view.name, AccessExclusive);
                self.lock_indexes(view, AccessExclusive);
                waiting.extend(self.schema.views_over(&view.name));
            }
        }
    }

    fn drop_index(&mut self, name: &Name, concurrently: bool) {
        let mode = match concurrently {
            true => ShareUpdateExclusive,
            false => AccessExclusive,
        };
        self.lock_index(name, mode);
        let Some(table) = self.schema.table_of_index(name) else {
            return;
        };
        self.lock(&table.name, mode);
        let index = table.indexes.iter().find(|index| index.name == name.name);
        for child in self.partitions(&table.name) {
            if let Some(copy) = index.and_then(|index| self.schema.copy_of(table, index, child)) {
                self.lock(&child.name, mode);
                self.lock_index(&name_of(child, copy), mode);
            }
        }
    }

    fn drop_schema(&mut self, schema: &str) {
        let inside = |name: &Name| name.schema == schema;
        let relations = self.schema.relations().filter(|one| inside(&one.name));
        for name in relations.map(|one| one.name.clone()).collect::<Vec<_>>() {
            self.drop_relation(&name, true);
        }
        let sequences = self.schema.sequences().filter(|(name, _)| inside(name));
        for name in sequences.map(|(name, _)| name.clone()).collect::<Vec<_>>() {
            self.lock(&name, AccessExclusive);
        }
    }

    /// `DROP TYPE ... CASCADE` drops the columns of the type.
    fn drop_columns_of(&mut self, name: &Name) {
        let columns = self.schema.relations().flat_map(|table| {
            let columns = table.columns.iter().filter(|column| {
                let data_type = column.data_type.as_ref();
                data_type.is_some_and(|of| super::types::is_made_of(of, name, self.schema))
            });
            columns.map(|column| (table.name.clone(), column.name.clone()))
        });
        for (table, column) in columns.collect::<Vec<_>>() {
            self.drop_column(&table, &column, true);
        }
    }
}
