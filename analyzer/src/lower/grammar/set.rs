//! A set of small numbers, used for the kinds of tokens.

const WORDS: usize = 9;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Set([u64; WORDS]);

impl Set {
    /// The number of different members that are possible.
    pub(super) const SIZE: usize = WORDS * 64;

    pub(super) fn of(id: usize) -> Self {
        let mut set = Self::default();
        set.insert(id);
        set
    }

    /// All that there can be.
    pub(super) fn all() -> Self {
        Self([u64::MAX; WORDS])
    }

    pub(super) fn insert(&mut self, id: usize) {
        if let Some(word) = self.0.get_mut(id / 64) {
            *word |= 1 << (id % 64);
        }
    }

    pub(super) fn extend(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
    }

    pub(super) fn contains(&self, id: usize) -> bool {
        self.0[id / 64] & (1 << (id % 64)) != 0
    }

    pub(super) fn contains_all(&self, other: &Self) -> bool {
        self.0
            .iter()
            .zip(other.0)
            .all(|(word, all)| word & all == all)
    }

    pub(super) fn without(mut self, other: &Self) -> Self {
        for (word, less) in self.0.iter_mut().zip(other.0) {
            *word &= !less;
        }
        self
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        (0..Self::SIZE).filter(|id| self.contains(*id))
    }
}
