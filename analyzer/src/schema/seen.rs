//! The relations that were asked for last.
//!
//! Many rules ask for the same few relations at every statement. Each question alone costs several comparisons of
//! names, more with a larger schema, so the answers of the last ones are kept.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::{Relation, RelationId, Schema};
use crate::statement::Name;

const PLACES: usize = 32;

/// For some names the relation that they had last. It can be another one's by now: who asks compares the name.
#[derive(Debug, Default)]
pub(super) struct Seen([Place; PLACES]);

#[derive(Debug, Default)]
struct Place {
    print: AtomicU64,
    id: AtomicUsize,
}

/// A copy of a schema begins without answers.
impl Clone for Seen {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// The length of a name and its last letters.
fn print(name: &Name) -> u64 {
    let mut print = u64::try_from(name.name.len()).unwrap_or_default();
    for byte in name.name.as_bytes().iter().rev().take(6) {
        print = print << 8 | u64::from(*byte);
    }
    print
}

impl Seen {
    fn place(&self, print: u64) -> Option<&Place> {
        let places = u64::try_from(PLACES).ok()?;
        self.0
            .get(usize::try_from(print.wrapping_add(print >> 8) % places).ok()?)
    }
}

impl Schema {
    /// The relation of this name, and its identity.
    pub(super) fn find(&self, name: &Name) -> Option<&Relation> {
        let print = print(name);
        let place = self.lookup.seen.place(print)?;
        if place.print.load(Ordering::Relaxed) == print {
            let id = RelationId(place.id.load(Ordering::Relaxed));
            let known = self.relations.get(&id);
            if let Some(known) = known.filter(|known| known.name == *name) {
                return Some(known);
            }
        }
        let id = self.look_up(name)?;
        place.print.store(print, Ordering::Relaxed);
        place.id.store(id.0, Ordering::Relaxed);
        self.relations.get(&id)
    }
}
