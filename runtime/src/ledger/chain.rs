//! What was done to a ledger by hand.

use std::fmt;

use crate::ledger::head::Head;
use crate::plan::checksum::Checksum;

/// The first thing that is wrong with a ledger's hash chain.
///
/// Each line holds a digest over itself and the line before it, and the head row holds the last one.
/// So a change shows at the line that was changed, unless everything behind it was rewritten: then it
/// shows in a [`Head`] that was written down elsewhere.
///
/// ```
/// fn alarm(status: &onward::Status) {
///     if let Some(tampering) = status.tampering() {
///         println!("{}: {tampering}", status.schema());
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tampering {
    /// A line was changed after it had been written.
    Changed {
        /// Its number.
        seq: i64,
        /// The file's name in it.
        name: String,
    },
    /// Lines were removed.
    Removed {
        /// The number of the first.
        first: i64,
        /// The number of the last.
        last: i64,
    },
    /// A line that no run has written.
    Inserted {
        /// Its number.
        seq: i64,
        /// The file's name in it.
        name: String,
    },
    /// The head row was removed.
    NoHead,
    /// The head row has another digest than the last line.
    Head {
        /// The number of the last line.
        seq: i64,
    },
    /// A line has an event or a version that this version of onward does not know.
    Foreign {
        /// Its number.
        seq: i64,
    },
    /// The ledger does not hold the line that was written down elsewhere.
    Anchor(Head),
}

impl fmt::Display for Tampering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { seq, name } => write!(f, "line {seq}, {name}, was changed"),
            Self::Removed { first, last } if first == last => write!(f, "line {first} was removed"),
            Self::Removed { first, last } => write!(f, "lines {first} to {last} were removed"),
            Self::Inserted { seq, name } => write!(f, "line {seq}, {name}, was inserted"),
            Self::NoHead => f.write_str("the head row was removed"),
            Self::Head { seq } => {
                write!(f, "the head row was changed, or line {seq}, the last one")
            }
            Self::Foreign { seq } => write!(
                f,
                "line {seq} has an event or a version that this version of onward does not write"
            ),
            Self::Anchor(head) => write!(f, "line {head} is no longer in the ledger"),
        }
    }
}

/// A line as far as the chain goes.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) seq: i64,
    pub(crate) name: String,
    pub(crate) chain: Checksum,
    /// Whether its predecessor is the line before it.
    pub(crate) follows: bool,
    /// Whether its digest is that of its contents.
    pub(crate) genuine: bool,
}

/// A chain alone does not see that its end was cut off; the head row does.
pub(crate) fn find(
    head: Option<Head>,
    genesis: Option<Checksum>,
    links: &[Link],
) -> Option<Tampering> {
    let Some(head) = head else {
        return Some(Tampering::NoHead);
    };
    let mut before: Option<&Link> = None;
    for link in links {
        let expected = before.map_or(1, |before| before.seq.saturating_add(1));
        let name = || link.name.clone();
        if link.seq < expected || link.seq > head.seq {
            return Some(Tampering::Inserted {
                seq: link.seq,
                name: name(),
            });
        }
        if link.seq > expected {
            return Some(Tampering::Removed {
                first: expected,
                last: link.seq.saturating_sub(1),
            });
        }
        if !link.genuine {
            return Some(Tampering::Changed {
                seq: link.seq,
                name: name(),
            });
        }
        if !link.follows {
            // It is as it was written, so the one before it was rewritten.
            let changed = before.unwrap_or(link);
            return Some(Tampering::Changed {
                seq: changed.seq,
                name: changed.name.clone(),
            });
        }
        before = Some(link);
    }
    let last = before.map_or(0, |last| last.seq);
    if last < head.seq {
        return Some(Tampering::Removed {
            first: last.saturating_add(1),
            last: head.seq,
        });
    }
    let chain = before.map(|last| last.chain).or(genesis);
    (chain != Some(head.chain)).then_some(Tampering::Head { seq: last })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(seq: i64, follows: bool, genuine: bool) -> Link {
        Link {
            seq,
            name: format!("{seq:03}_a.sql"),
            chain: chain(seq),
            follows,
            genuine,
        }
    }

    fn chain(seq: i64) -> Checksum {
        Checksum([u8::try_from(seq).unwrap_or_default(); 32])
    }

    fn found(head: i64, links: &[Link]) -> String {
        let head = Head {
            seq: head,
            chain: chain(head),
        };
        find(Some(head), Some(chain(0)), links)
            .map_or_else(|| "fine".to_owned(), |tampering| tampering.to_string())
    }

    #[test]
    fn the_first_line_that_is_wrong_is_named() {
        let fine = |seq| link(seq, true, true);
        for (head, links, expected) in [
            (0, vec![], "fine"),
            (2, vec![fine(1), fine(2)], "fine"),
            (
                2,
                vec![fine(1), link(2, true, false)],
                "line 2, 002_a.sql, was changed",
            ),
            (
                2,
                vec![fine(1), link(2, false, true)],
                "line 1, 001_a.sql, was changed",
            ),
            (3, vec![fine(1), link(3, false, true)], "line 2 was removed"),
            (4, vec![link(4, false, true)], "lines 1 to 3 were removed"),
            (3, vec![fine(1)], "lines 2 to 3 were removed"),
            (1, vec![fine(1), fine(2)], "line 2, 002_a.sql, was inserted"),
            (
                1,
                vec![link(-1, false, true), fine(1)],
                "line -1, -01_a.sql, was inserted",
            ),
        ] {
            assert_eq!(found(head, &links), expected);
        }
        assert_eq!(find(None, None, &[]), Some(Tampering::NoHead));
        let other = Head {
            seq: 1,
            chain: chain(9),
        };
        let expected = Some(Tampering::Head { seq: 1 });
        assert_eq!(find(Some(other), Some(chain(0)), &[fine(1)]), expected);
    }
}
