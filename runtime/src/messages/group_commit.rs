//! Which transactions wait for the server's log, when many are sent one behind the other. Pure.
//!
//! The log is written in order, so what a transaction waits for covers all that were before it. See
//! `docs/adr/0013-one-flush-for-many-transactions.md`.

use std::time::Duration;

use crate::ledger::durability::Durability;

/// How the message of a transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Commit {
    /// Others follow, and one of them waits for the server's log.
    Deferred,
    /// It waits for the server's log, and others follow.
    Flushed,
    /// It waits, and none follows: it leaves a summary for the next first look.
    Last,
}

impl Commit {
    pub(crate) const fn durability(self) -> Durability {
        match self {
            Self::Deferred => Durability::Deferred,
            Self::Flushed | Self::Last => Durability::Flushed,
        }
    }
}

/// How many transactions share one wait: first one, then more and more while they are quick.
///
/// A wait costs a few milliseconds. A migration that takes longer by itself gains nothing, and should be
/// reported at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GroupCommit {
    most: usize,
    size: usize,
    /// Sent since the last one that waits.
    deferred: usize,
}

/// From here on a migration is reported at once.
const SLOW: Duration = Duration::from_millis(10);

impl GroupCommit {
    /// For so many messages in flight at once: while one half waits, the other is sent.
    pub(crate) fn new(depth: usize) -> Self {
        Self {
            most: (depth / 2).max(1),
            size: 1,
            deferred: 0,
        }
    }

    /// How many share a wait now.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// For the message that is sent next. The last one always waits.
    pub(crate) fn next(&mut self, is_last: bool) -> Commit {
        self.deferred += 1;
        if self.deferred < self.size && !is_last {
            return Commit::Deferred;
        }
        self.deferred = 0;
        self.size = (self.size * 2).min(self.most);
        match is_last {
            true => Commit::Last,
            false => Commit::Flushed,
        }
    }

    /// How long a migration took on the server.
    pub(crate) fn took(&mut self, long: Duration) {
        if long >= SLOW {
            self.size = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(group: &mut GroupCommit, messages: usize) -> String {
        (0..messages)
            .map(|_| match group.next(false) {
                Commit::Flushed | Commit::Last => '!',
                Commit::Deferred => '.',
            })
            .collect()
    }

    #[test]
    fn it_grows_while_migrations_are_quick() {
        let mut group = GroupCommit::new(16);
        assert_eq!(sent(&mut group, 23), "!.!...!.......!.......!");
        group.took(Duration::from_millis(9));
        assert_eq!(sent(&mut group, 8), ".......!");
        group.took(SLOW);
        assert_eq!(sent(&mut group, 3), "!.!");
    }

    #[test]
    fn the_last_one_waits_and_so_does_each_that_is_alone() {
        let mut group = GroupCommit::new(16);
        sent(&mut group, 8);
        assert_eq!(group.next(true), Commit::Last);
        for depth in [1, 2, 3] {
            assert_eq!(sent(&mut GroupCommit::new(depth), 3), "!!!");
        }
    }

    #[test]
    fn a_line_tells_how_it_was_committed() {
        for commit in [Durability::Flushed, Durability::Deferred] {
            assert_eq!(Durability::of(&commit.sign("7f")), commit);
            assert!(commit.sign("7f").starts_with("7f"));
        }
        assert_eq!(Durability::of(""), Durability::Flushed);
    }
}
