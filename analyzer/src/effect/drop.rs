//! Which objects a `DROP` removes, and what it locks for that.

use super::LockMode::{AccessExclusive, ShareUpdateExclusive};
use super::builder::{EffectBuilder, name_of};
use crate::schema::{Namespace, Object};
use crate::statement::{Change, Name, ObjectKind};

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
                self.drop_constraint(name, part.as_deref().unwrap_or_default());
            }
            return;
        }
        if *cascade {
            self.drop_dependents(*kind, name, part.as_deref());
        }
        self.drop_one(*kind, name, part.as_deref(), *concurrently);
    }

    fn drop_one(&mut self, kind: ObjectKind, name: &Name, part: Option<&str>, concurrently: bool) {
        match Namespace::of(kind) {
            Namespace::Relation => self.drop_relation(name),
            Namespace::Sequence => self.lock(name, AccessExclusive),
            Namespace::Index => self.drop_index(name, concurrently),
            Namespace::Constraint => self.drop_constraint(name, part.unwrap_or_default()),
            Namespace::Trigger => self.lock_trigger(name, part.unwrap_or_default()),
            Namespace::Policy | Namespace::Rule => self.lock(name, AccessExclusive),
            Namespace::Schema => self.drop_schema(&name.name),
            Namespace::Attribute => {
                for table in self.typed(name) {
                    self.lock(&table.name, AccessExclusive);
                }
            }
            Namespace::Other => {
                let statistics = self.schema.table_of_statistics(name);
                if let Some(table) = statistics.filter(|_| kind == ObjectKind::Statistics) {
                    self.lock(table, ShareUpdateExclusive);
                }
            }
            Namespace::Type | Namespace::Routine | Namespace::Column | Namespace::Label => {}
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

    /// The locks on what `CASCADE` drops in addition.
    pub(super) fn drop_dependents(&mut self, kind: ObjectKind, name: &Name, part: Option<&str>) {
        let Some(object) = self.schema.object(kind, name, part) else {
            return;
        };
        for falling in self.schema.falls(&[object]) {
            let Some((kind, name, part)) = self.schema.named(&falling) else {
                continue;
            };
            match falling {
                Object::Default(..) => self.lock(&name, AccessExclusive),
                // It only leaves the publication.
                Object::Published(..) => {}
                Object::Column(..) => self.drop_column(&name, part.as_deref().unwrap_or_default()),
                Object::Relation(_)
                | Object::Constraint(..)
                | Object::Index(..)
                | Object::Trigger(..)
                | Object::Policy(..)
                | Object::Rule(..)
                | Object::Type(_)
                | Object::Attribute(..)
                | Object::Routine(_)
                | Object::Sequence(_)
                | Object::Collation(_)
                | Object::Extension(_)
                | Object::Schema(_) => self.drop_one(kind, &name, part.as_deref(), false),
            }
        }
    }

    /// A table with its partitions, indexes and sequences; the tables on the other side of its foreign
    /// keys; and the table of which it is a partition, because other sessions must not plan queries with
    /// the partition any more.
    fn drop_relation(&mut self, name: &Name) {
        self.lock(name, AccessExclusive);
        for member in self.partitions(name) {
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
            self.drop_dependents(ObjectKind::Table, &name, None);
            self.drop_relation(&name);
        }
        let sequences = self.schema.sequences().filter(|(name, _)| inside(name));
        for name in sequences.map(|(name, _)| name.clone()).collect::<Vec<_>>() {
            self.lock(&name, AccessExclusive);
        }
    }
}
