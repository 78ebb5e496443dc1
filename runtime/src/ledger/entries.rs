//! The lines of a ledger, which are found by their numbers: a history of a thousand asks for each of them several times.

use std::collections::BTreeMap;
use std::ops::Deref;

use crate::ledger::entry::{Entry, LedgerEvent};
use crate::plan::version::Version;

/// In the order of the ledger.
#[derive(Clone, Debug)]
pub(crate) struct Entries {
    all: Vec<Entry>,
    places: BTreeMap<Version, Vec<usize>>,
}

impl Entries {
    pub(crate) const fn new() -> Self {
        Self {
            all: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        let places = self.places.entry(entry.version).or_default();
        places.push(self.all.len());
        self.all.push(entry);
    }

    /// All lines of the number, whatever it stood for.
    pub(crate) fn ever_of(&self, version: Version) -> impl DoubleEndedIterator<Item = &Entry> {
        self.at(self.places(version))
    }

    /// The lines about what the number stands for now.
    pub(crate) fn of(&self, version: Version) -> impl DoubleEndedIterator<Item = &Entry> {
        let places = self.places(version);
        let is_vacated = |place: &usize| {
            let entry = self.all.get(*place);
            entry.is_some_and(|entry| entry.event == LedgerEvent::Vacated)
        };
        let start = places.iter().rposition(is_vacated);
        let start = start.map_or(0, |vacated| vacated.saturating_add(1));
        self.at(places.get(start..).unwrap_or_default())
    }

    fn places(&self, version: Version) -> &[usize] {
        self.places.get(&version).map_or(&[], Vec::as_slice)
    }

    fn at<'a>(&'a self, places: &'a [usize]) -> impl DoubleEndedIterator<Item = &'a Entry> {
        places.iter().filter_map(|place| self.all.get(*place))
    }
}

impl Deref for Entries {
    type Target = [Entry];

    fn deref(&self) -> &[Entry] {
        &self.all
    }
}

impl FromIterator<Entry> for Entries {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut all = Self::new();
        for entry in entries {
            all.push(entry);
        }
        all
    }
}
