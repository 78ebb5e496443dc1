//! Collects the effect of a statement, piece by piece.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Effect, Join, Lock, LockMode, Mode};
use crate::schema::{Index, Relation, Schema};
use crate::statement::{Change, Name, ObjectKind, Statement, TableAction};

/// An effect under construction.
pub(super) struct EffectBuilder<'a> {
    pub(super) statement: &'a Statement,
    pub(super) schema: &'a Schema,
    major: u8,
    /// Whether something depends on the major version.
    asked: Cell<bool>,
    locks: BTreeMap<Name, LockMode>,
    index_locks: BTreeMap<Name, LockMode>,
    rewrites: BTreeSet<Name>,
    scans: BTreeSet<Name>,
    joins: BTreeSet<Join>,
    builds: BTreeSet<Name>,
    indexed: BTreeSet<Name>,
    /// The views that are followed at the moment: two of them can read each other.
    following: Vec<Name>,
    opaque: bool,
}

impl<'a> EffectBuilder<'a> {
    pub(super) fn new(statement: &'a Statement, schema: &'a Schema, major: u8) -> Self {
        Self {
            statement,
            schema,
            major,
            asked: Cell::new(false),
            locks: BTreeMap::new(),
            index_locks: BTreeMap::new(),
            rewrites: BTreeSet::new(),
            scans: BTreeSet::new(),
            joins: BTreeSet::new(),
            builds: BTreeSet::new(),
            indexed: BTreeSet::new(),
            following: Vec::new(),
            opaque: false,
        }
    }

    /// Does something with each relation that a view reads.
    pub(super) fn below(&mut self, view: &Relation, mut each: impl FnMut(&mut Self, &Name)) {
        if view.kind != ObjectKind::View || self.following.contains(&view.name) {
            return;
        }
        self.following.push(view.name.clone());
        for read in &view.reads {
            let name = self.now(read);
            each(self, &name);
        }
        self.following.pop();
    }

    /// The major version, for what differs between versions.
    pub(super) fn major(&self) -> u8 {
        self.asked.set(true);
        self.major
    }

    pub(super) fn depends_on_version(&self) -> bool {
        self.asked.get()
    }

    pub(super) fn finish(mut self, mode: Mode) -> Effect {
        let rewrites = &self.rewrites;
        if !rewrites.is_empty() {
            self.scans.retain(|table| !rewrites.contains(table));
            self.indexed.retain(|table| !rewrites.contains(table));
        }
        Effect {
            locks: listed_locks(self.locks),
            index_locks: listed_locks(self.index_locks),
            rewrites: listed(self.rewrites),
            scans: listed(self.scans),
            joins: self.joins.into_iter().collect(),
            builds: listed(self.builds),
            indexed: listed(self.indexed),
            opaque: self.opaque,
            mode,
        }
    }

    pub(super) fn merge(&mut self, other: EffectBuilder<'_>) {
        for (name, mode) in other.locks {
            strengthen(&mut self.locks, &name, mode);
        }
        for (name, mode) in other.index_locks {
            strengthen(&mut self.index_locks, &name, mode);
        }
        self.rewrites.extend(other.rewrites);
        self.scans.extend(other.scans);
        self.joins.extend(other.joins);
        self.builds.extend(other.builds);
        self.indexed.extend(other.indexed);
        self.opaque |= other.opaque;
        self.asked.set(self.asked.get() | other.asked.get());
    }

    /// Merges the effect of an inner statement, without the objects that the statements before it
    /// created.
    pub(super) fn include(&mut self, inner: Effect, made: &BTreeSet<Name>, asked: bool) {
        self.asked.set(self.asked.get() | asked);
        let old = |name: &Name| !made.contains(name);
        for lock in inner.locks.into_iter().filter(|lock| old(&lock.relation)) {
            strengthen(&mut self.locks, &lock.relation, lock.mode);
        }
        for lock in inner
            .index_locks
            .into_iter()
            .filter(|lock| old(&lock.relation))
        {
            strengthen(&mut self.index_locks, &lock.relation, lock.mode);
        }
        self.rewrites.extend(inner.rewrites.into_iter().filter(old));
        self.scans.extend(inner.scans.into_iter().filter(old));
        self.joins.extend(inner.joins);
        self.builds.extend(inner.builds);
        self.indexed.extend(inner.indexed.into_iter().filter(old));
        self.opaque |= inner.opaque;
    }

    pub(super) fn is_opaque(&mut self) {
        self.opaque = true;
    }

    /// A lock on the relation or index with this name.
    pub(super) fn lock(&mut self, name: &Name, mode: LockMode) {
        // Every statement reads the catalogs, and nothing waits for that.
        if name.schema == "pg_catalog" && mode == LockMode::AccessShare {
            return;
        }
        match self.schema.table_of_index(name) {
            Some(_) => self.lock_index(name, mode),
            None => strengthen(&mut self.locks, name, mode),
        }
    }

    pub(super) fn lock_index(&mut self, index: &Name, mode: LockMode) {
        strengthen(&mut self.index_locks, index, mode);
    }

    /// A table with its partitions and the tables that inherit from it, or with `ONLY` the table alone.
    pub(super) fn lock_family(&mut self, table: &Name, mode: LockMode) {
        self.lock(table, mode);
        for member in self.family(table) {
            self.lock(&member.name, mode);
        }
    }

    pub(super) fn lock_indexes(&mut self, table: &Relation, mode: LockMode) {
        for index in &table.indexes {
            self.lock_index(&name_of(table, index), mode);
        }
    }

    /// The indexes that the planner locks; before PostgreSQL 16 those of a partitioned table are not
    /// among them.
    pub(super) fn plan_indexes(&mut self, table: &Relation, mode: LockMode) {
        if table.partition_by.is_none() || self.major() >= 16 {
            self.lock_indexes(table, mode);
        }
    }

    /// The tables that `ALTER TABLE` changes: with `ONLY` the table alone.
    pub(super) fn family(&self, table: &Name) -> Vec<&'a Relation> {
        match self.statement.only {
            true => self.schema.relation(table).into_iter().collect(),
            false => self.schema.with_children(table).collect(),
        }
    }

    pub(super) fn has_heirs(&self, table: &Name) -> bool {
        let relation = self.schema.relation(table);
        relation.is_some_and(|relation| !relation.children.is_empty())
    }

    /// A table with its partitions, but without tables that only inherit from it.
    pub(super) fn partitions(&self, table: &Name) -> Vec<&'a Relation> {
        if let Some(alone) = self.schema.relation(table)
            && alone.children.is_empty()
        {
            return vec![alone];
        }
        let is_partition = |one: &&Relation| one.name == *table || one.partition_of.is_some();
        self.schema
            .with_children(table)
            .filter(is_partition)
            .collect()
    }

    /// The table is rewritten, and all its indexes are rebuilt.
    pub(super) fn rewrite(&mut self, table: &Relation) {
        if table.partition_by.is_none() {
            self.rewrites.insert(table.name.clone());
            for index in &table.indexes {
                let index = name_of(table, index);
                self.lock_index(&index, LockMode::AccessExclusive);
                self.rewrites.insert(index.clone());
                self.builds.insert(index);
            }
        }
    }

    /// A new file for an object that has no indexes, or whose indexes are not known.
    pub(super) fn rewrite_alone(&mut self, name: &Name) {
        self.rewrites.insert(name.clone());
    }

    /// An index that is rebuilt under the same name; its old file is removed.
    pub(super) fn replaces(&mut self, index: &Name) {
        self.rewrites.remove(index);
    }

    /// Every row is scanned; a partitioned table has no rows of its own.
    pub(super) fn scan(&mut self, table: &Relation) {
        if table.partition_by.is_none() {
            self.scans.insert(table.name.clone());
        }
    }

    pub(super) fn scan_unknown(&mut self, table: &Name) {
        self.scans.insert(table.clone());
    }

    /// An existing index that is built again.
    pub(super) fn build(&mut self, index: Name) {
        let table = self.schema.table_of_index(&index);
        self.indexed.extend(table.map(|table| table.name.clone()));
        self.builds.insert(index);
    }

    /// A new index under a name that is free, on an existing table whose rows are read for it, or on a new one.
    pub(super) fn build_first(&mut self, table: Option<&Relation>, index: Name) {
        self.indexed.extend(table.map(|table| table.name.clone()));
        self.builds.insert(index);
    }

    pub(super) fn join(&mut self, join: Join) {
        // The check is one query on both tables, so the planner locks the indexes of both.
        for table in [&join.table, &join.parent] {
            for member in self.partitions(table) {
                self.lock(&member.name, LockMode::AccessShare);
                self.plan_indexes(member, LockMode::AccessShare);
            }
        }
        self.joins.insert(join);
    }

    /// The indexes that a change creates, under the names that they will have.
    pub(super) fn build_new(&mut self, change: &Change) {
        let names = super::lock_levels::named(change);
        // Only the new partition gets indexes; the table can have thousands of others.
        let is_alone = |name: &Name| {
            let attaches = matches!(
                change,
                Change::AlterTable { table, action: TableAction::AttachPartition { .. }, .. } if name == table
            );
            attaches || matches!(change, Change::CreateTable(_))
        };
        let names = names.into_iter().flat_map(|name| match is_alone(name) {
            true => vec![name],
            // The partitions and heirs of an existing table get indexes of their own.
            false => {
                let all = self.schema.with_children(name);
                all.map(|relation| &relation.name).collect()
            }
        });
        let mut after = self.schema.part(names);
        after.apply_change(change);
        let taken = super::lock_levels::taken_index(change);
        for relation in after.relations() {
            // An index of a partitioned table has no file.
            if relation.partition_by.is_some() || relation.kind == ObjectKind::ForeignTable {
                continue;
            }
            let before = self.schema.by_id(relation.id);
            for index in &relation.indexes {
                let has = |table: &Relation| table.indexes.iter().any(|one| one.name == index.name);
                let is_taken = taken.is_some_and(|taken| taken == index.name);
                if !before.is_some_and(has) && !is_taken {
                    self.builds.insert(name_of(relation, index));
                    self.indexed
                        .extend(before.map(|before| before.name.clone()));
                }
            }
        }
    }

    /// Whether it is certain that `IF EXISTS` finds nothing to drop.
    pub(super) fn is_missing(&self, kind: ObjectKind, name: &Name, part: Option<&str>) -> bool {
        self.schema.has_nothing_to_drop(kind, name, part)
    }
}

pub(super) fn name_of(table: &Relation, index: &Index) -> Name {
    Name {
        schema: table.name.schema.clone(),
        name: index.name.clone(),
    }
}

fn listed(names: BTreeSet<Name>) -> Vec<Name> {
    if names.is_empty() {
        return Vec::new();
    }
    names.into_iter().collect()
}

fn listed_locks(locks: BTreeMap<Name, LockMode>) -> Vec<Lock> {
    let mut all = Vec::with_capacity(locks.len());
    if !locks.is_empty() {
        for (relation, mode) in locks {
            all.push(Lock { relation, mode });
        }
    }
    all
}

fn strengthen(locks: &mut BTreeMap<Name, LockMode>, name: &Name, mode: LockMode) {
    match locks.get_mut(name) {
        Some(known) => *known = (*known).max(mode),
        None => {
            locks.insert(name.clone(), mode);
        }
    }
}
