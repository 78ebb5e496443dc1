//! Objects by name.
//!
//! Every rule asks for names, and a search among thousands in order costs a dozen comparisons. So an object stands at
//! a place that its name gives; the order is there for the names that begin alike.

use std::collections::BTreeSet;

use crate::statement::Name;

/// A map from names, which iterates in their order.
#[derive(Clone, Debug)]
pub(super) struct Names<V> {
    order: BTreeSet<Name>,
    /// Each object is at one of them, with the few others whose names give the same place.
    places: Vec<Vec<(Name, V)>>,
}

impl<V> Default for Names<V> {
    fn default() -> Self {
        Self {
            order: BTreeSet::new(),
            places: Vec::new(),
        }
    }
}

impl<V: PartialEq> PartialEq for Names<V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<V: Eq> Eq for Names<V> {}

/// A number that depends on all letters of the name, eight at a time; the schema is mostly the same one.
fn print(name: &Name) -> usize {
    let mut print = 0;
    let mut rest = name.name.as_bytes();
    while let Some((letters, more)) = rest.split_first_chunk() {
        print = mixed(print, u64::from_le_bytes(*letters));
        rest = more;
    }
    // The last letters, of which some are read again.
    match name.name.as_bytes().last_chunk() {
        Some(last) if !rest.is_empty() => print = mixed(print, u64::from_le_bytes(*last)),
        Some(_) => {}
        None => {
            for letter in rest {
                print = mixed(print, u64::from(*letter));
            }
        }
    }
    usize::try_from(print).unwrap_or_default()
}

/// A product has its best digits at the top, and the places are counted by those at the bottom.
const fn mixed(print: u64, letters: u64) -> u64 {
    let product = (print ^ letters).wrapping_mul(0x517c_c1b7_2722_0a95);
    product ^ product >> 47
}

impl<V> Names<V> {
    /// The objects that may have this name.
    fn alike(&self, name: &Name) -> &[(Name, V)] {
        match self.places.len() {
            0 => &[],
            many => &self.places[print(name) % many],
        }
    }

    pub(super) fn get(&self, name: &Name) -> Option<&V> {
        self.get_key_value(name).map(|(_, value)| value)
    }

    pub(super) fn get_key_value(&self, name: &Name) -> Option<(&Name, &V)> {
        for (known, value) in self.alike(name) {
            if known.name == name.name && known.schema == name.schema {
                return Some((known, value));
            }
        }
        None
    }

    pub(super) fn get_mut(&mut self, name: &Name) -> Option<&mut V> {
        let many = self.places.len();
        let place = self.places.get_mut(print(name).checked_rem(many)?)?;
        let found = place.iter_mut().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    }

    pub(super) fn contains_key(&self, name: &Name) -> bool {
        self.get(name).is_some()
    }

    /// Adds an object, or replaces the one of this name.
    pub(super) fn insert(&mut self, name: Name, value: V) {
        if self.order.len() >= self.places.len() {
            self.grow();
        }
        let at = print(&name) % self.places.len();
        let place = &mut self.places[at];
        for (known, old) in place.iter_mut() {
            if known.name == name.name && known.schema == name.schema {
                *old = value;
                return;
            }
        }
        self.order.insert(name.clone());
        place.push((name, value));
    }

    fn put(&mut self, name: Name, value: V) {
        let many = self.places.len();
        let place = print(&name).checked_rem(many);
        if let Some(place) = place.and_then(|at| self.places.get_mut(at)) {
            place.push((name, value));
        }
    }

    fn grow(&mut self) {
        // Each name is put into its place again only a few times.
        let many = (4 * self.places.len()).max(16);
        let new = std::iter::repeat_with(Vec::new).take(many).collect();
        let old = std::mem::replace(&mut self.places, new);
        for (name, value) in old.into_iter().flatten() {
            self.put(name, value);
        }
    }

    pub(super) fn remove(&mut self, name: &Name) -> Option<V> {
        self.order.remove(name);
        let many = self.places.len();
        let place = self.places.get_mut(print(name).checked_rem(many)?)?;
        let at = place.iter().position(|(known, _)| known == name)?;
        Some(place.swap_remove(at).1)
    }

    pub(super) fn retain(&mut self, stays: impl Fn(&Name) -> bool) {
        self.order.retain(&stays);
        for place in &mut self.places {
            place.retain(|(name, _)| stays(name));
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &Name> {
        self.order.iter()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Name, &V)> {
        self.order
            .iter()
            .filter_map(|name| self.get_key_value(name))
    }

    /// The objects from this name on.
    pub(super) fn from<'a>(&'a self, start: &Name) -> impl Iterator<Item = (&'a Name, &'a V)> {
        let names = self.order.range(start..);
        names.filter_map(|name| self.get_key_value(name))
    }

    /// The same objects under other names.
    pub(super) fn renamed(self, to: impl Fn(&Name) -> Name) -> Self {
        let mut renamed = Self::default();
        for (name, value) in self.places.into_iter().flatten() {
            renamed.insert(to(&name), value);
        }
        renamed
    }
}

#[cfg(test)]
mod tests {
    use super::Names;
    use crate::statement::Name;

    fn name(number: usize) -> Name {
        Name {
            schema: "shop".into(),
            name: format!("table_{number}_parent_id_idx"),
        }
    }

    #[test]
    fn an_object_is_found_by_its_name_until_it_is_removed() {
        let mut names = Names::default();
        for number in 0..1000 {
            names.insert(name(number), number);
        }
        names.insert(name(7), 7000);
        let other = Name {
            schema: "auth".into(),
            ..name(8)
        };
        assert_eq!(names.get(&name(7)), Some(&7000));
        assert_eq!(names.get(&other), None);
        assert_eq!(names.remove(&name(7)), Some(7000));
        assert_eq!(names.remove(&name(7)), None);
        assert!(!names.contains_key(&name(7)) && names.contains_key(&name(8)));
        names.retain(|one| one.name < name(2).name);
        let left: Vec<usize> = names.iter().map(|(_, number)| *number).collect();
        assert_eq!(left.len(), 222);
        assert_eq!(
            left.first_chunk(),
            Some(&[0, 100, 101, 102, 103]),
            "in the order of names"
        );
        let start = name(199);
        let after = names.from(&start).map(|(_, number)| *number);
        assert_eq!(after.take(3).collect::<Vec<_>>(), [199, 19, 1]);
    }

    #[test]
    fn the_places_are_used_evenly() {
        for (before, behind) in [("t", ""), ("table_", "_parent_id_idx"), ("orders_", "_id")] {
            let mut names = Names::default();
            for number in 0..1000 {
                let name = Name {
                    schema: "shop".into(),
                    name: format!("{before}{number}{behind}"),
                };
                names.insert(name, ());
            }
            let fullest = names.places.iter().map(Vec::len).max();
            assert!(fullest < Some(12), "{fullest:?} of {before}");
        }
    }
}
