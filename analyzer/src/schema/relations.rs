//! The relations by their identity.

use super::{Relation, RelationId};

/// The relations, the oldest first. Identities are numbers from 1 on, so the place of a relation is known unless this
/// is a part of a schema.
#[derive(Clone, Debug, Default)]
pub(super) struct Relations {
    last: usize,
    /// A dropped one leaves its place empty.
    all: Vec<(RelationId, Option<Relation>)>,
}

impl PartialEq for Relations {
    fn eq(&self, other: &Self) -> bool {
        self.values().eq(other.values())
    }
}

impl Eq for Relations {}

impl Relations {
    /// No relations, and identities that are not in the other ones.
    pub(super) const fn beside(&self) -> Self {
        Self {
            last: self.last,
            all: Vec::new(),
        }
    }

    /// An identity that no relation has had.
    pub(super) const fn fresh(&mut self) -> RelationId {
        self.last += 1;
        RelationId(self.last)
    }

    /// The place, or the one where it would be.
    fn place(&self, id: RelationId) -> Result<usize, usize> {
        let usual = id.0.wrapping_sub(1);
        match self.all.get(usual) {
            Some((found, _)) if *found == id => Ok(usual),
            Some(_) | None => self.all.binary_search_by_key(&id, |(id, _)| *id),
        }
    }

    pub(super) fn get(&self, id: &RelationId) -> Option<&Relation> {
        let (_, relation) = self.all.get(self.place(*id).ok()?)?;
        relation.as_ref()
    }

    pub(super) fn get_mut(&mut self, id: &RelationId) -> Option<&mut Relation> {
        let place = self.place(*id).ok()?;
        self.all.get_mut(place)?.1.as_mut()
    }

    pub(super) fn insert(&mut self, relation: Relation) {
        let id = relation.id;
        match self.place(id) {
            Ok(place) => self.all[place].1 = Some(relation),
            Err(place) => self.all.insert(place, (id, Some(relation))),
        }
    }

    pub(super) fn remove(&mut self, id: &RelationId) -> Option<Relation> {
        let place = self.place(*id).ok()?;
        self.all.get_mut(place)?.1.take()
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Relation> {
        self.all
            .iter()
            .filter_map(|(_, relation)| relation.as_ref())
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut Relation> {
        let all = self.all.iter_mut();
        all.filter_map(|(_, relation)| relation.as_mut())
    }
}
