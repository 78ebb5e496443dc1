//! A part of the schema that is small enough to try changes on a copy.

use std::collections::{BTreeSet, VecDeque};

use super::{Class, ConstraintKind, Origin, RelationId, Schema};
use crate::statement::{Change, Name, Statement};

impl Schema {
    /// The part with these relations and everything that a change to them can depend on: the relations
    /// above and below them, those that they reference, those that reference them, and the names that
    /// theirs could collide with.
    pub(crate) fn subset<'a>(&self, names: impl Iterator<Item = &'a Name>) -> Self {
        let mut subset = Self {
            own: self.own.clone(),
            major: self.major,
            next: self.next,
            relations: self.relations.beside(),
            types: self.types.clone(),
            routines: self.routines.clone(),
            uncertain_since: self.uncertain_since.clone(),
            publications: self.publications.clone(),
            writers: self.writers.clone(),
            extensions: self.extensions.clone(),
            has_untracked_objects: self.has_untracked_objects,
            has_extensions: self.has_extensions,
            ..Self::default()
        };
        let mut ids = BTreeSet::new();
        for name in names {
            match self.classes.get(name) {
                Some(Class::Relation(id) | Class::Index(id)) => ids.extend(self.surroundings(*id)),
                Some(Class::Sequence | Class::Composite) | None => {}
            }
            self.copy_names(name, &mut subset);
        }
        for id in ids {
            self.copy_relation(id, &mut subset);
            subset.lookup.copy_referrers(&self.lookup, id);
        }
        subset.rebuild_lookup();
        subset
    }

    /// These relations without those that refer to them, of which there may be thousands; for a change
    /// that creates a table or indexes.
    pub(crate) fn part<'a>(&self, names: impl Iterator<Item = &'a Name>) -> Self {
        let mut part = Self {
            own: self.own.clone(),
            next: self.next,
            relations: self.relations.beside(),
            types: self.types.clone(),
            routines: self.routines.clone(),
            ..Self::default()
        };
        for name in names {
            if let Some(id) = self.id(name) {
                self.copy_relation(id, &mut part);
            }
            self.copy_names(name, &mut part);
        }
        part
    }

    /// A relation with its indexes, and the names that its own could collide with.
    fn copy_relation(&self, id: RelationId, part: &mut Self) {
        let Some(relation) = self.relations.get(&id) else {
            return;
        };
        let names = relation.indexes.iter().map(|index| Name {
            schema: relation.name.schema.clone(),
            name: index.name.clone(),
        });
        for name in names {
            part.classes.insert(name, Class::Index(id));
        }
        part.classes
            .insert(relation.name.clone(), Class::Relation(id));
        part.relations.insert(relation.clone());
        part.lookup.copy_bound(&self.lookup, id);
        // A partition gets indexes with generated names of its own.
        self.copy_names(&relation.name, part);
    }

    /// Applies a change without a place in a file.
    pub(crate) fn apply_change(&mut self, change: &Change) {
        let nowhere = Origin {
            file: usize::MAX,
            span: 0..0,
        };
        self.change(change, None, &nowhere);
    }

    /// Applies a statement without a place in a file.
    pub(crate) fn run_statement(&mut self, statement: &Statement) {
        self.run(usize::MAX, statement);
    }

    /// The names that begin like those that PostgreSQL generates for a table.
    fn copy_names(&self, table: &Name, subset: &mut Self) {
        /// PostgreSQL keeps at least this many bytes of a longer name.
        const KEPT: usize = 24;
        let mut prefix = format!("{}_", table.name);
        let mut end = KEPT.min(prefix.len());
        while !prefix.is_char_boundary(end) {
            end -= 1;
        }
        prefix.truncate(end);
        let start = Name {
            schema: table.schema.clone(),
            name: prefix,
        };
        let alike = self.classes.from(&start).take_while(|(name, _)| {
            name.schema == start.schema && name.name.starts_with(&start.name)
        });
        for (name, class) in alike {
            subset.classes.insert(name.clone(), *class);
            if let Some(sequence) = self.sequences.get(name) {
                subset.sequences.insert(name.clone(), sequence.clone());
            }
        }
    }

    fn surroundings(&self, id: RelationId) -> BTreeSet<RelationId> {
        let mut near = BTreeSet::new();
        let mut waiting = VecDeque::from(self.family(id));
        while let Some(id) = waiting.pop_front() {
            let Some(relation) = self.relations.get(&id) else {
                continue;
            };
            if !near.insert(id) {
                continue;
            }
            waiting.extend(relation.parents.iter().filter_map(|parent| parent.id));
        }
        for id in near.clone() {
            near.extend(self.dependents_of(Some(id)).map(|dependent| dependent.id));
            let constraints = self.relations.get(&id).into_iter();
            let constraints = constraints.flat_map(|relation| &relation.constraints);
            near.extend(constraints.filter_map(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey { parent, .. } => parent.id,
                ConstraintKind::Check { .. }
                | ConstraintKind::NotNull
                | ConstraintKind::PrimaryKey
                | ConstraintKind::Unique
                | ConstraintKind::Exclude(_) => None,
            }));
        }
        near
    }
}
