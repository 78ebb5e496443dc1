//! Effects of adding, validating and altering constraints, with both sides of a foreign key.

use super::LockMode::{
    self, AccessExclusive, RowShare, Share, ShareRowExclusive, ShareUpdateExclusive,
};
use super::builder::{EffectBuilder, name_of};
use super::lock_levels::{self, Reach};
use super::relation::is_alone;
use super::{Join, types};
use crate::schema::{self, Alike, Reference, Relation, TypeKind};
use crate::statement::{
    Change, Constraint, ConstraintAttributes, ConstraintKind, ForeignKey, Key, Name,
};

impl<'a> EffectBuilder<'a> {
    pub(super) fn add_constraint(
        &mut self,
        change: &Change,
        table: &Name,
        constraint: &Constraint,
    ) {
        if self.is_domain(table) {
            if !constraint.not_valid {
                self.check_domain(table);
            }
            return;
        }
        let level = lock_levels::of_constraint(constraint, || self.major());
        match level.reach {
            Reach::Family => self.lock_family(table, level.mode),
            Reach::Alone => self.lock(table, level.mode),
        }
        let checks = constraint.enforced && !constraint.not_valid;
        match &constraint.kind {
            ConstraintKind::Check(_) => {
                if checks {
                    self.scan_family(table, constraint.no_inherit, |_, _| true);
                }
            }
            ConstraintKind::NotNull { column } => {
                if checks {
                    self.scan_family(table, constraint.no_inherit, |this, member| {
                        !this.holds_no_null(member, column)
                    });
                }
            }
            ConstraintKind::ForeignKey(key) => self.add_foreign_key(table, constraint, key),
            ConstraintKind::PrimaryKey(key) => {
                let columns = self.key_columns(table, key);
                let relation = self.schema.relation(table);
                let null = |column: &String| !relation.is_some_and(|one| is_not_null(one, column));
                // A column becomes NOT NULL in all partitions and inheriting tables.
                if columns.iter().any(null) {
                    self.lock_family(table, AccessExclusive);
                }
                self.scan_family(table, false, |this, member| {
                    let mut columns = columns.iter();
                    columns.any(|column| !this.holds_no_null(member, column))
                });
                self.add_key(change, constraint, table, key);
            }
            ConstraintKind::Unique(key) => self.add_key(change, constraint, table, key),
            ConstraintKind::Exclude { .. } => {
                self.add_key(change, constraint, table, &Key::default());
            }
        }
    }

    fn add_key(&mut self, change: &Change, constraint: &Constraint, table: &Name, key: &Key) {
        if let Some(written) = &key.using_index {
            let index = Name {
                schema: table.schema.clone(),
                name: written.clone(),
            };
            // An index that already has the constraint's name is not renamed.
            let mode = match lock_levels::taken_index(change) == Some(written) {
                true => LockMode::AccessShare,
                false => ShareUpdateExclusive,
            };
            self.lock_index(&index, mode);
        }
        let partitions = self.partitions(table).into_iter();
        for partition in partitions.filter(|one| one.name != *table && !constraint.only) {
            self.lock(&partition.name, Share);
        }
        let relation = self.schema.relation(table).filter(|one| is_alone(one));
        let name = self.schema.free_name_of_key(table, constraint);
        match (relation, name.filter(|_| key.using_index.is_none())) {
            (Some(_), Some(name)) => self.build_first(relation, name),
            (_, _) => self.build_new(change),
        }
    }

    /// The columns of a key, or of the index that it uses; `None` if they are not known.
    fn key_columns(&self, table: &Name, key: &Key) -> Vec<String> {
        let Some(index) = &key.using_index else {
            return key.columns.clone();
        };
        let Some(relation) = self.schema.relation(table) else {
            return Vec::new();
        };
        let index = relation.indexes.iter().find(|one| one.name == *index);
        let columns = index.into_iter().flat_map(|index| &index.keys);
        let columns = columns.filter_map(|key| relation.name_of(key.column?));
        columns.map(str::to_owned).collect()
    }

    fn scan_family(&mut self, table: &Name, alone: bool, needs: impl Fn(&Self, &Relation) -> bool) {
        let mut family = self.family(table);
        if family.is_empty() {
            self.scan_unknown(table);
        }
        family.truncate(if alone { 1 } else { family.len() });
        for member in family {
            if needs(self, member) {
                self.scan(member);
            }
        }
    }

    fn add_foreign_key(&mut self, table: &Name, constraint: &Constraint, key: &ForeignKey) {
        let members = match self.has_heirs(table) && self.major() >= 18 {
            true => self.family(table),
            false => self.partitions(table),
        };
        for member in members {
            self.lock(&member.name, ShareRowExclusive);
        }
        for parent in self.locked_parents(&key.parent) {
            self.lock(&parent, ShareRowExclusive);
        }
        let partitions = { self.schema.relation(table) }.filter(|one| one.partition_by.is_some());
        let unchecked = match partitions {
            Some(relation) => {
                let wanted = self.schema.new_key(constraint, key);
                self.pass_on(&wanted, &key.parent, self.direct_partitions(relation))
            }
            None => vec![(table.clone(), None)],
        };
        if constraint.not_valid || !constraint.enforced {
            return;
        }
        let name = schema::name_of(constraint, table, &key.columns, "fkey");
        for (member, own) in unchecked {
            self.join(Join {
                key: own.unwrap_or_else(|| name.clone()),
                table: member,
                parent: key.parent.clone(),
            });
        }
    }

    fn direct_partitions(&self, table: &Relation) -> Vec<&'a Relation> {
        let partitions = table.children.iter();
        partitions
            .filter_map(|one| self.schema.by_id(*one))
            .collect()
    }

    /// Gives partitions the foreign key of their table, and returns the tables whose rows have to be checked for it,
    /// with the name of the key if they have one of their own.
    ///
    /// A partition takes part with an equal key of its own, before PostgreSQL 18 only with a valid one. The triggers of
    /// that key are dropped, for which the referenced table is locked as well (measured on 15 to 18). If it is valid,
    /// neither the partition nor its own partitions are checked again.
    pub(super) fn pass_on(
        &mut self,
        wanted: &Alike,
        parent: &Name,
        to: Vec<&'a Relation>,
    ) -> Vec<(Name, Option<String>)> {
        let takes_invalid = self.major() >= 18;
        let mut unchecked = Vec::new();
        let mut waiting = to;
        while let Some(partition) = waiting.pop() {
            let own = self.schema.key_like(partition, wanted);
            let own = own.filter(|own| own.valid || takes_invalid);
            if own.is_some() {
                let parents = self.locked_parents(parent);
                // There is a key for each partition of the referenced table, and it is dropped.
                let keyed = (parents.len() > 1).then_some(&partition.name);
                for table in parents.iter().chain(keyed) {
                    self.lock(table, AccessExclusive);
                }
            }
            if own.is_some_and(|own| own.valid) {
                continue;
            }
            match partition.partition_by {
                None => {
                    let own = own.map(|own| own.name.clone());
                    unchecked.push((partition.name.clone(), own));
                }
                Some(_) => waiting.extend(self.direct_partitions(partition)),
            }
        }
        unchecked
    }

    /// A foreign key of a table; for a partitioned table, also that of each partition.
    fn join_all(&mut self, key: &str, table: &Name, parent: &Name) {
        let members = self.partitions(table);
        let with_rows = members
            .iter()
            .filter(|member| member.partition_by.is_none());
        let mut tables: Vec<Name> = with_rows.map(|member| member.name.clone()).collect();
        if members.is_empty() {
            tables.push(table.clone());
        }
        for table in tables {
            self.join(Join {
                key: key.to_owned(),
                table,
                parent: parent.clone(),
            });
        }
    }

    /// The table that a foreign key references, with its partitions.
    pub(super) fn locked_parents(&self, parent: &Name) -> Vec<Name> {
        let mut names = vec![parent.clone()];
        let partitions = self.partitions(parent).into_iter();
        names.extend(
            partitions
                .map(|one| one.name.clone())
                .filter(|name| name != parent),
        );
        names
    }

    /// The table that the constraint references, if it is a foreign key.
    pub(super) fn lock_other_side(&mut self, constraint: &schema::Constraint, mode: LockMode) {
        let Some(parent) = self.parent_of(constraint) else {
            return;
        };
        for parent in self.locked_parents(&parent) {
            self.lock(&parent, mode);
        }
    }

    /// The table that a foreign key references, under its current name.
    pub(super) fn parent_of(&self, constraint: &schema::Constraint) -> Option<Name> {
        match &constraint.kind {
            schema::ConstraintKind::ForeignKey { parent, .. } => Some(self.now(parent)),
            schema::ConstraintKind::Check { .. }
            | schema::ConstraintKind::NotNull
            | schema::ConstraintKind::PrimaryKey
            | schema::ConstraintKind::Unique
            | schema::ConstraintKind::Exclude(_) => None,
        }
    }

    /// The tables that the foreign keys of a table reference.
    pub(super) fn parents_of(&self, table: &Relation) -> Vec<Name> {
        let constraints = table.constraints.iter();
        constraints.filter_map(|key| self.parent_of(key)).collect()
    }

    /// Whether a partition has the foreign key only because its table has it.
    pub(super) fn is_inherited(&self, table: &Relation, key: &schema::Constraint) -> bool {
        let of = table.partition_of.as_ref();
        let above = of.and_then(|(above, _)| self.schema.by_id(above.id?));
        let Some(above) = above else { return false };
        let columns = |relation: &Relation, key: &schema::Constraint| -> Vec<Option<String>> {
            let names = key.columns.iter().map(|column| relation.name_of(*column));
            names.map(|name| name.map(str::to_owned)).collect()
        };
        let parent = self.parent_of(key);
        above.constraints.iter().any(|one| {
            parent.is_some()
                && self.parent_of(one) == parent
                && columns(above, one) == columns(table, key)
        })
    }

    /// The tables with a foreign key of their own that references a table.
    pub(super) fn children_of(&self, table: &Name) -> Vec<&'a Relation> {
        let keys = self.schema.foreign_keys_to(table);
        let own = keys.filter(|(child, key)| !self.is_inherited(child, key));
        own.map(|(child, _)| child).collect()
    }

    /// The current name of a relation.
    pub(super) fn now(&self, reference: &Reference) -> Name {
        let known = reference.id.and_then(|id| self.schema.by_id(id));
        known.map_or(&reference.name, |known| &known.name).clone()
    }

    pub(super) fn validate(&mut self, table: &Name, name: &str) {
        if self.is_domain(table) {
            return self.check_domain(table);
        }
        self.lock(table, ShareUpdateExclusive);
        let known = self.schema.relation(table);
        let constraint = known.and_then(|one| one.constraints.iter().find(|one| one.name == name));
        let Some(constraint) = constraint else {
            return self.scan_unknown(table);
        };
        if let Some(parent) = self.parent_of(constraint) {
            if !constraint.valid {
                self.lock(&parent, RowShare);
                self.join_all(name, table, &parent);
            }
            return;
        }
        if constraint.valid {
            return;
        }
        for member in self.family(table) {
            self.lock(&member.name, ShareUpdateExclusive);
            let mut constraints = member.constraints.iter();
            if constraints.any(|one| one.name == name && !one.valid) {
                self.scan(member);
            }
        }
    }

    pub(super) fn alter_constraint(
        &mut self,
        table: &Name,
        name: &str,
        attributes: &ConstraintAttributes,
    ) {
        let relation = self.schema.relation(table);
        let known = relation.and_then(|one| one.constraints.iter().find(|one| one.name == name));
        let Some((constraint, parent)) = known.and_then(|one| Some((one, self.parent_of(one)?)))
        else {
            return;
        };
        match attributes.enforced {
            Some(false) => self.lock_other_side(constraint, AccessExclusive),
            Some(true) if !constraint.enforced => {
                self.lock_other_side(constraint, ShareRowExclusive);
                self.join_all(name, table, &parent);
            }
            Some(true) | None => {}
        }
    }

    /// A constraint with its index, the tables that inherit it, and the other side of a foreign key.
    pub(super) fn drop_constraint(&mut self, table: &Name, name: &str) {
        if self.is_domain(table) {
            return;
        }
        self.lock(table, AccessExclusive);
        for member in self.family(table) {
            let mut constraints = member.constraints.iter();
            let Some(constraint) = constraints.find(|one| one.name == name) else {
                continue;
            };
            self.lock(&member.name, AccessExclusive);
            self.lock_other_side(constraint, AccessExclusive);
            if !constraint.kind.is_indexed() {
                continue;
            }
            for index in member.indexes.iter().filter(|index| index.name == name) {
                self.lock_index(&name_of(member, index), AccessExclusive);
                for child in self.partitions(table) {
                    if let Some(copy) = self.schema.copy_of(member, index, child) {
                        self.lock(&child.name, AccessExclusive);
                        self.lock_index(&name_of(child, copy), AccessExclusive);
                    }
                }
            }
        }
    }

    pub(super) fn is_domain(&self, name: &Name) -> bool {
        let known = self.schema.type_of(name);
        known.is_some_and(|known| matches!(known.kind, TypeKind::Domain(_)))
    }

    /// Tables with a column of the domain are scanned under a lock that blocks writes.
    pub(super) fn check_domain(&mut self, domain: &Name) {
        let users = self.schema.relations().filter(|relation| {
            let mut columns = relation.columns.iter();
            columns.any(|column| {
                let data_type = column.data_type.as_ref();
                data_type.is_some_and(|of| types::is_made_of(of, domain, self.schema))
            })
        });
        for table in users {
            self.lock(&table.name, Share);
            self.scan(table);
        }
    }
}

fn is_not_null(table: &Relation, column: &str) -> bool {
    table.column(column).is_some_and(|column| column.not_null)
}
