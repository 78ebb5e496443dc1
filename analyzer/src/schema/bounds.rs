//! The bounds of a table's partitions, each read once and kept in order, so that a new bound is compared with
//! its neighbours and not with all others.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Included, Unbounded};

use super::RelationId;
use crate::statement::{Bound, Datum};

/// The bounds of the partitions of one table.
#[derive(Clone, Debug, Default)]
pub(super) struct Bounds {
    /// Ranges that do not overlap, by their lower ends, with their upper ends.
    ranges: BTreeMap<Vec<Datum>, (Vec<Datum>, RelationId)>,
    /// The values of `IN`.
    values: BTreeMap<Datum, RelationId>,
    /// The remainders, by modulus.
    remainders: BTreeMap<u64, BTreeMap<u64, RelationId>>,
    /// The partitions whose bounds have no known order, the default, and those that the server refuses because
    /// of another one.
    others: BTreeSet<RelationId>,
}

impl Bounds {
    /// Adds the bound of a partition; `lists` are its values.
    pub(super) fn insert(&mut self, id: RelationId, bound: &Bound, lists: &[Vec<Datum>]) {
        match bound {
            Bound::Default => {
                self.others.insert(id);
            }
            Bound::Range { .. } => match range(lists) {
                Some((from, to)) if self.beside(&from, &to).next().is_none() => {
                    self.ranges.insert(from, (to, id));
                }
                Some(_) | None => {
                    self.others.insert(id);
                }
            },
            Bound::In(_) => {
                for value in lists.iter().flatten() {
                    let known = *self.values.entry(value.clone()).or_insert(id);
                    if known != id {
                        self.others.insert(id);
                    }
                }
            }
            Bound::Hash(_) => {
                let Some((modulus, remainder)) = bound.modulus() else {
                    return;
                };
                let known = self.remainders.entry(modulus).or_default();
                if *known.entry(remainder).or_insert(id) != id {
                    self.others.insert(id);
                }
            }
        }
    }

    /// Removes the bound of a partition.
    pub(super) fn remove(&mut self, id: RelationId, bound: &Bound, lists: &[Vec<Datum>]) {
        self.others.remove(&id);
        let range = range(lists).map(|(from, _)| from);
        if let Some(from) = range
            && self.ranges.get(&from).is_some_and(|(_, of)| *of == id)
        {
            self.ranges.remove(&from);
        }
        for value in lists.iter().flatten() {
            if self.values.get(value) == Some(&id) {
                self.values.remove(value);
            }
        }
        if let Some((modulus, remainder)) = bound.modulus()
            && let Some(known) = self.remainders.get_mut(&modulus)
            && known.get(&remainder) == Some(&id)
        {
            known.remove(&remainder);
            if known.is_empty() {
                self.remainders.remove(&modulus);
            }
        }
    }

    /// The partitions that can be in the way of a new one, the oldest first: never too few.
    pub(super) fn rivals(&self, bound: &Bound, lists: &[Vec<Datum>]) -> BTreeSet<RelationId> {
        let mut rivals = self.others.clone();
        match bound {
            Bound::Default => {}
            Bound::Range { .. } => match range(lists) {
                Some((from, to)) => rivals.extend(self.beside(&from, &to)),
                None => rivals.extend(self.ranges.values().map(|(_, id)| *id)),
            },
            Bound::In(_) => {
                let values = lists.iter().flatten();
                rivals.extend(values.filter_map(|value| self.values.get(value)));
            }
            Bound::Hash(_) => rivals.extend(self.congruent(bound)),
        }
        rivals
    }

    /// The ranges that begin before `to` and do not end before `from`: of ranges that do not overlap, one can
    /// reach over `from`, and the next one begins behind it.
    fn beside(&self, from: &[Datum], to: &[Datum]) -> impl Iterator<Item = RelationId> {
        let before = self
            .ranges
            .range::<[Datum], _>((Unbounded, Included(from)))
            .next_back()
            .filter(|(_, (end, _))| end.as_slice() > from);
        let after = self
            .ranges
            .range::<[Datum], _>((Included(from), Unbounded))
            .next()
            .filter(|(start, _)| start.as_slice() < to);
        let both = before.into_iter().chain(after);
        both.map(|(_, (_, id))| *id)
    }

    /// Those that have a remainder in common with the bound, or a modulus that does not fit to its own.
    fn congruent(&self, bound: &Bound) -> Vec<RelationId> {
        let Some((modulus, remainder)) = bound.modulus().filter(|(modulus, _)| *modulus > 0) else {
            return Vec::new();
        };
        let of_modulus = |(other, known): (&u64, &BTreeMap<u64, RelationId>)| {
            let fits = modulus.is_multiple_of(*other) || other.is_multiple_of(modulus);
            let found = if !fits {
                known.values().next()
            } else if *other <= modulus {
                known.get(&(remainder % other))
            } else {
                let mut all = known.iter();
                all.find(|(own, _)| *own % modulus == remainder)
                    .map(|(_, id)| id)
            };
            found.copied()
        };
        let known = self.remainders.iter().filter(|(other, _)| **other > 0);
        known.filter_map(of_modulus).collect()
    }
}

/// Both ends of a range that is not empty, if the order of its values is known.
fn range(lists: &[Vec<Datum>]) -> Option<(Vec<Datum>, Vec<Datum>)> {
    let [from, to] = lists else { return None };
    let sortable = |list: &[Datum]| list.iter().map(Datum::sortable).collect();
    let (from, to): (Option<Vec<Datum>>, Option<Vec<Datum>>) = (sortable(from), sortable(to));
    from.zip(to)
        .filter(|(from, to)| from.len() == to.len() && from < to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds_of(all: &[Bound]) -> Bounds {
        let mut bounds = Bounds::default();
        for (at, bound) in all.iter().enumerate() {
            bounds.insert(RelationId(at), bound, &bound.lists());
        }
        bounds
    }

    fn range(from: impl ToString, to: impl ToString) -> Bound {
        let (from, to) = (from.to_string(), to.to_string());
        Bound::Range { from, to }
    }

    fn rivals(bounds: &Bounds, new: &Bound) -> Vec<usize> {
        let rivals = bounds.rivals(new, &new.lists());
        rivals.into_iter().map(|RelationId(id)| id).collect()
    }

    /// The work for a new partition does not grow with the number of partitions.
    #[test]
    fn a_bound_is_compared_with_its_neighbours() {
        let all: Vec<Bound> = (0..1000).map(|at| range(at * 10, at * 10 + 10)).collect();
        let bounds = bounds_of(&all);
        assert_eq!(rivals(&bounds, &range(10_000, 10_010)), [0; 0]);
        assert_eq!(rivals(&bounds, &range(495, 497)), [49]);
        assert_eq!(rivals(&bounds, &range(495, 1000)), [49, 50]);
        let list: Vec<Bound> = (0..1000)
            .map(|at| Bound::In(format!("{at}, 'x{at}'")))
            .collect();
        assert_eq!(
            rivals(&bounds_of(&list), &Bound::In("7, 'x9', 1000".into())),
            [7, 9]
        );
    }

    #[test]
    fn overlaps_stay_visible_when_a_bound_overlaps_itself() {
        let mut bounds = bounds_of(&[range(0, 100), range(10, 20), range(5, 5), Bound::Default]);
        assert_eq!(rivals(&bounds, &range(50, 60)), [0, 1, 2, 3]);
        bounds.remove(RelationId(0), &range(0, 100), &range(0, 100).lists());
        assert_eq!(rivals(&bounds, &range(50, 60)), [1, 2, 3]);
    }

    #[test]
    fn remainders_are_found_under_every_modulus() {
        let hash = |modulus: u64, remainder: u64| {
            Bound::Hash(format!("MODULUS {modulus}, REMAINDER {remainder}"))
        };
        let bounds = bounds_of(&[hash(4, 0), hash(4, 1), hash(8, 2)]);
        assert_eq!(rivals(&bounds, &hash(4, 3)), [0; 0]);
        assert_eq!(rivals(&bounds, &hash(2, 0)), [0, 2]);
        assert_eq!(rivals(&bounds, &hash(16, 5)), [1]);
        assert_eq!(
            rivals(&bounds, &hash(6, 3)),
            [0, 2],
            "4 and 8 are no factors of 6"
        );
    }
}
