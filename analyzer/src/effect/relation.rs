//! Effects of new tables, indexes and views, and of the actions of `ALTER TABLE` on the table itself.

use super::Join;
use super::LockMode::{
    self, AccessExclusive, AccessShare, Share, ShareRowExclusive, ShareUpdateExclusive,
};
use super::builder::{EffectBuilder, name_of};
use super::lock_levels::{self, Reach};
use super::rows::Depth;
use crate::schema::{Alike, Answer, Relation};
use crate::statement::{
    Bound, Change, ConstraintKind, CreateIndex, CreateTable, CreateTrigger, CreateView, Detach,
    Name, ObjectKind, Persistence, ReplicaIdentity, TableAction,
};

impl<'a> EffectBuilder<'a> {
    pub(super) fn create_table(&mut self, change: &Change, create: &CreateTable) {
        if create.if_not_exists
            && self.schema.exists(ObjectKind::Table, &create.table, None) == Answer::Yes
        {
            return;
        }
        let inside = create.columns.iter().flat_map(|column| &column.constraints);
        for constraint in inside.chain(&create.constraints) {
            if let ConstraintKind::ForeignKey(key) = &constraint.kind
                && key.parent != create.table
            {
                for parent in self.locked_parents(&key.parent) {
                    self.lock(&parent, ShareRowExclusive);
                }
            }
        }
        for (like, _) in &create.like {
            self.lock(like, AccessShare);
        }
        for parent in &create.inherits {
            self.lock(parent, ShareUpdateExclusive);
        }
        if let Some((parent, bound)) = &create.partition_of {
            self.lock(parent, AccessExclusive);
            self.new_partition(parent, bound, AccessExclusive);
        }
        if create.from_query {
            self.uses(Depth::Planned);
        }
        if !self.build_key(create) {
            self.build_new(change);
        }
    }

    /// The index of a new table that is like no other one and has a single key, which is how most tables are
    /// written; false if there can be more to it.
    fn build_key(&mut self, create: &CreateTable) -> bool {
        let takes_over = !create.like.is_empty()
            || !create.inherits.is_empty()
            || create.partition_of.is_some()
            || create.of_type.is_some();
        let is_other = create.partition_by.is_some() || create.server.is_some();
        if takes_over || is_other || self.schema.kind_of(&create.table).is_some() {
            return false;
        }
        let inside = create.columns.iter().flat_map(|column| &column.constraints);
        let keys = inside.chain(&create.constraints);
        let mut keys = keys.filter(|one| one.kind.is_indexed());
        match (keys.next(), keys.next()) {
            (None, _) => true,
            (Some(key), None) => {
                let name = self.schema.name_of_first_key(&create.table, key);
                self.build_first(None, name);
                true
            }
            (Some(_), Some(_)) => false,
        }
    }

    /// The effects of a new partition on its table: the table's indexes, its foreign keys, and the
    /// default partition, which must not contain rows of the new one.
    fn new_partition(&mut self, parent: &Name, bound: &Bound, default_mode: LockMode) {
        let Some(table) = self.schema.relation(parent) else {
            return;
        };
        self.lock_indexes(table, ShareUpdateExclusive);
        for parent in self.parents_of(table) {
            for parent in self.locked_parents(&parent) {
                self.lock(&parent, ShareRowExclusive);
            }
        }
        for child in self.children_of(parent) {
            self.lock(&child.name, ShareRowExclusive);
        }
        if let Some(default) = self.schema.default_partition(parent) {
            self.lock(&default.name, default_mode);
            if !self.lies_outside(default, table, bound) {
                for member in self.partitions(&default.name) {
                    if !self.lies_outside(member, table, bound) {
                        self.scan(member);
                    }
                }
            }
        }
    }

    pub(super) fn create_index(&mut self, change: &Change, create: &CreateIndex) {
        let mode = match create.concurrently {
            true => ShareUpdateExclusive,
            false => Share,
        };
        self.lock(&create.table, mode);
        let written = create.index.as_ref().map(|(name, _)| Name {
            schema: create.table.schema.clone(),
            name: name.clone(),
        });
        let is_there =
            |name: &Name| self.schema.exists(ObjectKind::Index, name, None) == Answer::Yes;
        if written.as_ref().is_some_and(is_there) {
            return;
        }
        if !create.only {
            for partition in self.partitions(&create.table) {
                self.lock(&partition.name, mode);
            }
        }
        match (self.schema.relation(&create.table), written) {
            (Some(table), Some(name))
                if is_alone(table) && self.schema.kind_of(&name).is_none() =>
            {
                self.build_first(Some(table), name);
            }
            (Some(_), _) => self.build_new(change),
            (None, Some(name)) => self.build(name),
            (None, None) => {}
        }
    }

    /// The query is only parsed, unless it fills a materialized view.
    pub(super) fn create_view(&mut self, create: &CreateView) {
        if self.schema.relation(&create.view).is_some() {
            if create.if_not_exists {
                return;
            }
            self.lock(&create.view, AccessExclusive);
        }
        let fills = create.materialized && create.with_data;
        self.uses(match fills {
            true => Depth::Planned,
            false => Depth::Parsed,
        });
    }

    pub(super) fn create_trigger(&mut self, create: &CreateTrigger) {
        self.lock(&create.table, ShareRowExclusive);
        if let Some(other) = &create.from {
            self.lock(other, AccessShare);
        }
        if create.for_each_row {
            for partition in self.partitions(&create.table) {
                self.lock(&partition.name, ShareRowExclusive);
            }
        }
    }

    pub(super) fn alter_table(&mut self, change: &Change, table: &Name, action: &TableAction) {
        let level = lock_levels::of_table(action);
        match (action, level.reach) {
            // `ALTER INDEX ... ATTACH PARTITION`.
            (
                TableAction::AttachPartition {
                    partition,
                    bound: None,
                },
                _,
            ) => {
                return self.attach_index(table, partition);
            }
            (TableAction::AlterConstraint { .. } | TableAction::Trigger { .. }, _) => {
                self.lock(table, level.mode);
                for partition in self.partitions(table) {
                    self.lock(&partition.name, level.mode);
                }
            }
            (_, Reach::Family) => self.lock_family(table, level.mode),
            (_, Reach::Alone) => self.lock(table, level.mode),
        }
        match action {
            TableAction::AlterConstraint {
                constraint,
                attributes,
            } => self.alter_constraint(table, constraint, attributes),
            TableAction::AttachPartition { partition, bound } => {
                let default = Bound::Default;
                self.attach(change, table, partition, bound.as_ref().unwrap_or(&default));
            }
            TableAction::DetachPartition { partition, mode } => {
                self.detach(table, partition, *mode);
            }
            TableAction::Inherit(parent) => self.lock(parent, ShareUpdateExclusive),
            TableAction::NoInherit(parent) => self.lock(parent, AccessShare),
            TableAction::ClusterOn(index) => {
                self.lock_own_index(table, index, ShareUpdateExclusive)
            }
            TableAction::ReplicaIdentity(ReplicaIdentity::Index(index)) => {
                self.lock_own_index(table, index, Share);
            }
            TableAction::SetLogged => self.set_persistence(table, Persistence::Permanent),
            TableAction::SetUnlogged => self.set_persistence(table, Persistence::Unlogged),
            TableAction::SetAccessMethod(Some(method)) if method != "heap" => {
                self.rewrite_named(table);
            }
            // The table is copied block by block; the indexes keep their files.
            TableAction::SetTablespace(_) => self.rewrite_alone(table),
            TableAction::SetAccessMethod(_)
            | TableAction::OfType(_)
            | TableAction::NotOfType
            | TableAction::EnableRowSecurity
            | TableAction::DisableRowSecurity
            | TableAction::ForceRowSecurity
            | TableAction::NoForceRowSecurity
            | TableAction::Trigger { .. }
            | TableAction::Rule { .. }
            | TableAction::WithoutCluster
            | TableAction::WithoutOids
            | TableAction::SetParameters(_)
            | TableAction::ResetParameters(_)
            | TableAction::ReplicaIdentity(
                ReplicaIdentity::Default | ReplicaIdentity::Full | ReplicaIdentity::Nothing,
            )
            | TableAction::Options
            | TableAction::ColumnStatistics { .. } => {}
        }
    }

    fn lock_own_index(&mut self, table: &Name, index: &str, mode: LockMode) {
        let index = Name {
            schema: table.schema.clone(),
            name: index.to_owned(),
        };
        self.lock_index(&index, mode);
    }

    /// A table with its indexes and sequences gets new files, unless nothing changes.
    fn set_persistence(&mut self, table: &Name, to: Persistence) {
        let is_so = self
            .schema
            .relation(table)
            .is_some_and(|one| one.persistence == to);
        if is_so {
            return;
        }
        self.rewrite_named(table);
        if let Some(relation) = self.schema.relation(table) {
            for (sequence, _) in self.owned(relation, None) {
                self.lock(&sequence, AccessExclusive);
                self.rewrite_alone(&sequence);
            }
        }
    }

    fn rewrite_named(&mut self, table: &Name) {
        match self.schema.relation(table) {
            Some(relation) => self.rewrite(relation),
            None => self.rewrite_alone(table),
        }
    }

    fn attach_index(&mut self, index: &Name, part: &Name) {
        self.lock_index(index, ShareUpdateExclusive);
        self.lock_index(part, AccessExclusive);
        for index in [index, part] {
            if let Some(table) = self.schema.table_of_index(index) {
                self.lock(&table.name, AccessShare);
            }
        }
    }

    /// The rows of the partition are scanned, unless a valid `CHECK` proves that they belong there.
    fn attach(&mut self, change: &Change, table: &Name, partition: &Name, bound: &Bound) {
        for member in self.partitions(partition) {
            self.lock(&member.name, AccessExclusive);
        }
        self.lock(partition, AccessExclusive);
        self.new_partition(table, bound, AccessExclusive);
        let above = |name: &Name| self.schema.relation(name)?.partition_of.as_ref();
        let mut bounds = Vec::new();
        let mut at = table;
        while let Some((parent, _)) = above(at).filter(|_| bounds.len() < 64) {
            bounds.push(parent.name.clone());
            at = &parent.name;
        }
        for parent in bounds {
            self.lock(&parent, AccessShare);
        }
        let Some(child) = self.schema.relation(partition) else {
            return self.scan_unknown(partition);
        };
        if !self.lies_within(child, table, bound) {
            for member in self.partitions(partition) {
                if !self.lies_within(member, table, bound) {
                    self.scan(member);
                }
            }
        }
        self.build_new(change);
        self.attach_keys(table, child);
    }

    /// The partition gets the foreign keys of the table, or takes part with equal ones of its own.
    fn attach_keys(&mut self, table: &Name, child: &'a Relation) {
        let Some(table) = self.schema.relation(table) else {
            return;
        };
        for key in &table.constraints {
            let (Some(parent), Some(wanted)) = (self.parent_of(key), Alike::of(table, key)) else {
                continue;
            };
            for (unchecked, own) in self.pass_on(&wanted, &parent, vec![child]) {
                if key.valid {
                    self.join(Join {
                        key: own.unwrap_or_else(|| key.name.clone()),
                        table: unchecked,
                        parent: parent.clone(),
                    });
                }
            }
        }
    }

    fn detach(&mut self, table: &Name, partition: &Name, mode: Detach) {
        self.lock(partition, AccessExclusive);
        let Some(child) = self.schema.relation(partition) else {
            return;
        };
        if mode == Detach::Plain {
            if let Some(default) = self.schema.default_partition(table) {
                self.lock(&default.name, AccessExclusive);
            }
            let Some(parent) = self.schema.relation(table) else {
                return;
            };
            // PostgreSQL looks for rows that reference the partition, because the reference would break.
            for (other, _) in self.schema.foreign_keys_to(table) {
                self.lock(&other.name, AccessShare);
            }
            for other in self.children_of(table) {
                self.lock(&other.name, AccessExclusive);
            }
            for other in self.parents_of(parent) {
                for other in self.locked_parents(&other) {
                    self.lock(&other, ShareRowExclusive);
                }
            }
            for index in &parent.indexes {
                if let Some(copy) = self.schema.copy_of(parent, index, child) {
                    self.lock_index(&name_of(child, copy), AccessExclusive);
                }
            }
        }
    }
}

/// Whether a new index of the table is the only one that is built.
pub(super) fn is_alone(table: &Relation) -> bool {
    let is_plain = table.partition_by.is_none() && table.kind != ObjectKind::ForeignTable;
    is_plain && table.children.is_empty()
}
