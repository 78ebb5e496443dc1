//! Lookup tables, so that the cost of a statement depends on what it touches and not on the size of the
//! schema.
//!
//! A lookup can return too much but never too little: names and references that no longer exist stay in
//! it. A caller checks the object itself.

use std::collections::{BTreeMap, BTreeSet};

use super::bounds::Bounds;
use super::{ColumnId, ConstraintKind, Reference, RelationId, Schema, TypeKind};
use crate::statement::{Bound, Datum, Name};

/// How a relation refers to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Link {
    /// By a foreign key.
    Key,
    /// Its query reads it.
    Query,
    /// It inherits from it, or is a partition of it.
    Heir,
    /// It is its default partition.
    Default,
}

impl Link {
    const ALL: [Self; 4] = [Self::Key, Self::Query, Self::Heir, Self::Default];
}

/// The names and references that exist or have existed.
#[derive(Clone, Debug, Default)]
pub(super) struct Lookup {
    /// The names of constraints, each in the schema of its table or domain.
    constraints: BTreeSet<Name>,
    /// The relations that refer to a relation, by how they do.
    referrers: BTreeMap<(RelationId, Link), BTreeSet<RelationId>>,
    /// The sequences that a column owns or has owned.
    sequences: BTreeMap<ColumnId, Vec<Name>>,
    /// The values of the partitions' bounds, read once.
    bounds: BTreeMap<RelationId, Vec<Vec<Datum>>>,
    /// The same in order, for each partitioned table.
    partitions: BTreeMap<RelationId, Bounds>,
    /// The temporary tables, and whether they stay until the session ends.
    pub(super) temporary: Vec<(RelationId, bool)>,
}

/// Two schemas are equal if their objects are; the lookup may differ.
impl PartialEq for Lookup {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Lookup {}

impl Lookup {
    pub(super) fn copy_bound(&mut self, from: &Self, of: RelationId) {
        if let Some(bound) = from.bounds.get(&of) {
            self.bounds.insert(of, bound.clone());
        }
    }

    pub(super) fn copy_referrers(&mut self, from: &Self, of: RelationId) {
        for link in Link::ALL {
            if let Some(referrers) = from.referrers.get(&(of, link)) {
                self.referrers.insert((of, link), referrers.clone());
            }
        }
    }
}

impl Schema {
    /// Records that a constraint has this name.
    pub(super) fn note_constraint(&mut self, schema: &str, name: &str) {
        self.lookup.constraints.insert(Name {
            schema: schema.to_owned(),
            name: name.to_owned(),
        });
    }

    /// Records that a relation refers to another one.
    pub(super) fn note_reference(&mut self, from: RelationId, link: Link, to: &Reference) {
        if let Some(to) = to.id {
            let known = self.lookup.referrers.entry((to, link)).or_default();
            known.insert(from);
        }
    }

    /// Records that a sequence with this name belongs to the column.
    pub(super) fn note_sequence(&mut self, column: ColumnId, name: &Name) {
        let names = self.lookup.sequences.entry(column).or_default();
        if let Err(place) = names.binary_search(name) {
            names.insert(place, name.clone());
        }
    }

    /// Makes a table a partition of another one.
    pub(super) fn join_as_partition(&mut self, id: RelationId, of: Reference, bound: &Bound) {
        if *bound == Bound::Default {
            self.note_reference(id, Link::Default, &of);
        }
        self.leave_as_partition(id);
        let lists = bound.lists();
        if let Some(of) = of.id {
            let bounds = self.lookup.partitions.entry(of).or_default();
            bounds.insert(id, bound, &lists);
        }
        self.lookup.bounds.insert(id, lists);
        if let Some(relation) = self.relations.get_mut(&id) {
            relation.partition_of = Some((of, bound.clone()));
        }
    }

    /// Ends that a table is a partition.
    pub(super) fn leave_as_partition(&mut self, id: RelationId) {
        let relation = self.relations.get_mut(&id);
        let left = relation.and_then(|relation| relation.partition_of.take());
        let lists = self.lookup.bounds.remove(&id).unwrap_or_default();
        if let Some((of, bound)) = left
            && let Some(bounds) = of.id.and_then(|of| self.lookup.partitions.get_mut(&of))
        {
            bounds.remove(id, &bound, &lists);
        }
    }

    /// The partitions of a table that can be in the way of a new one with these values, the oldest first; some
    /// are not.
    pub(crate) fn rivals(
        &self,
        of: RelationId,
        bound: &Bound,
        lists: &[Vec<Datum>],
    ) -> BTreeSet<RelationId> {
        let bounds = self.lookup.partitions.get(&of);
        bounds.map_or_else(BTreeSet::new, |bounds| bounds.rivals(bound, lists))
    }

    /// The values of a partition's bound: one list for `IN`, two for `FROM` and `TO`.
    pub(crate) fn bound_of(&self, id: RelationId) -> &[Vec<Datum>] {
        self.lookup.bounds.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The relations that refer to a relation, the oldest first; some may no longer do so.
    pub(super) fn referrers(&self, of: RelationId) -> impl Iterator<Item = RelationId> {
        let links = Link::ALL.into_iter();
        let all: BTreeSet<_> = links.flat_map(|link| self.linked(of, link)).collect();
        all.into_iter()
    }

    /// The relations that refer to a relation in this way, the oldest first; some may no longer do so.
    pub(super) fn linked(&self, of: RelationId, link: Link) -> impl Iterator<Item = RelationId> {
        let known = self.lookup.referrers.get(&(of, link)).into_iter();
        known.flatten().copied()
    }

    /// The sequences that these columns own.
    pub(super) fn owned_by(&self, columns: &[ColumnId]) -> Vec<Name> {
        let names = columns.iter().flat_map(|column| {
            let names = self.lookup.sequences.get(column).into_iter().flatten();
            names.map(|name| (*column, name))
        });
        let owned = names.filter(|(column, name)| {
            let sequence = self.sequences.get(name);
            let owner = sequence.and_then(|sequence| sequence.owner.as_ref());
            owner.is_some_and(|(_, owner)| owner == column)
        });
        owned.map(|(_, name)| name.clone()).collect()
    }

    /// Whether a constraint of any table or domain has this name.
    pub(super) fn has_constraint(&self, schema: &str, name: &str) -> bool {
        let named = Name {
            schema: schema.to_owned(),
            name: name.to_owned(),
        };
        if !self.lookup.constraints.contains(&named) {
            return false;
        }
        let tables = self.relations.values().any(|relation| {
            relation.name.schema == schema && relation.constraints.iter().any(|c| c.name == name)
        });
        let mut types = self.types.iter().filter(|(of, _)| of.schema == schema);
        tables
            || types.any(|(_, known)| match &known.kind {
                TypeKind::Domain(domain) => domain
                    .constraints
                    .iter()
                    .any(|constraint| constraint.name.as_deref() == Some(name)),
                TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Other => false,
            })
    }

    /// Builds the lookup again after a schema was renamed.
    pub(super) fn rebuild_lookup(&mut self) {
        let tables = self.relations.values().flat_map(|relation| {
            let names = relation.constraints.iter().map(|one| one.name.as_str());
            names.map(|name| (relation.name.schema.as_str(), name))
        });
        let domains = self.types.iter().flat_map(|(of, known)| {
            let constraints = match &known.kind {
                TypeKind::Domain(domain) => domain.constraints.as_slice(),
                TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Other => &[],
            };
            let names = constraints.iter().filter_map(|one| one.name.as_deref());
            names.map(|name| (of.schema.as_str(), name))
        });
        let names = tables.chain(domains).map(|(schema, name)| Name {
            schema: schema.to_owned(),
            name: name.to_owned(),
        });
        self.lookup.constraints = names.collect();
        let owned = self.sequences.iter().filter_map(|(name, sequence)| {
            let (_, column) = sequence.owner?;
            Some((column, name.clone()))
        });
        let owned: Vec<(ColumnId, Name)> = owned.collect();
        for (column, name) in owned {
            self.note_sequence(column, &name);
        }
    }
}

/// The table that a constraint references.
pub(super) const fn target(kind: &ConstraintKind) -> Option<&Reference> {
    match kind {
        ConstraintKind::ForeignKey { parent, .. } => Some(parent),
        ConstraintKind::Check { .. }
        | ConstraintKind::NotNull
        | ConstraintKind::PrimaryKey
        | ConstraintKind::Unique
        | ConstraintKind::Exclude(_) => None,
    }
}
