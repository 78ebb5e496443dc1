//! Conditions in the form in which PostgreSQL compares them.

use super::constant::Constant;

/// A condition, with every `NOT` pushed down to its terms.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Claim {
    /// All of these; none of them is `TRUE`.
    All(Vec<Claim>),
    /// At least one of these.
    Any(Vec<Claim>),
    /// A comparison with each constant of a list: with all of them, or with at least one.
    List(Quantity, Vec<Claim>),
    /// `IS NULL`.
    Null(Operand),
    /// `IS NOT NULL`.
    NotNull(Operand),
    /// A comparison with a constant.
    Compare(Operand, Sign, Constant),
    /// Any other condition, in its words; it proves only itself.
    Other(String),
}

/// How many constants of a list a comparison must hold for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// `ALL`, `NOT IN`.
    Every,
    /// `ANY`, `IN`.
    One,
}

/// A claim as the server takes it apart.
enum Parts<'a> {
    And(&'a [Claim]),
    Or(&'a [Claim]),
    Atom,
}

/// A column or an expression, in words that are the same wherever it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Operand(pub(super) String);

impl Operand {
    pub(crate) fn column(name: &str) -> Self {
        Self(name.to_owned())
    }
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// `<`
    Below,
    /// `<=`
    Most,
    /// `=`
    Equal,
    /// `>=`
    Least,
    /// `>`
    Above,
    /// `<>`
    Other,
}

impl Sign {
    pub(super) fn spelled(word: &str) -> Option<Self> {
        let signs = [
            ("<", Self::Below),
            ("<=", Self::Most),
            ("=", Self::Equal),
            (">=", Self::Least),
            (">", Self::Above),
            ("<>", Self::Other),
            ("!=", Self::Other),
        ];
        let known = signs.iter().find(|(spelled, _)| *spelled == word);
        known.map(|(_, sign)| *sign)
    }

    /// The comparison that is true where this one is false.
    pub(super) const fn negated(self) -> Self {
        match self {
            Self::Below => Self::Least,
            Self::Most => Self::Above,
            Self::Equal => Self::Other,
            Self::Least => Self::Below,
            Self::Above => Self::Most,
            Self::Other => Self::Equal,
        }
    }

    /// The comparison with its sides exchanged.
    pub(super) const fn mirrored(self) -> Self {
        match self {
            Self::Below => Self::Above,
            Self::Most => Self::Least,
            Self::Equal => Self::Equal,
            Self::Least => Self::Most,
            Self::Above => Self::Below,
            Self::Other => Self::Other,
        }
    }

    /// What must hold between the constants of `a needed p` and `a self c`, as `p test c`, so that the
    /// second proves the first: the table of PostgreSQL's B-tree operators.
    const fn test(self, needed: Self) -> Option<Self> {
        Some(match (self, needed) {
            (Self::Below, Self::Below | Self::Most | Self::Other) => Self::Least,
            (Self::Most, Self::Below | Self::Other) => Self::Above,
            (Self::Most, Self::Most) => Self::Least,
            (Self::Equal, needed) => needed.mirrored(),
            (Self::Least, Self::Least) => Self::Most,
            (Self::Least, Self::Above | Self::Other) => Self::Below,
            (Self::Above, Self::Least | Self::Above | Self::Other) => Self::Most,
            (Self::Other, Self::Other) => Self::Equal,
            (Self::Below, Self::Equal | Self::Least | Self::Above)
            | (Self::Most, Self::Equal | Self::Least | Self::Above)
            | (Self::Least, Self::Below | Self::Most | Self::Equal)
            | (Self::Above, Self::Below | Self::Most | Self::Equal)
            | (Self::Other, Self::Below | Self::Most | Self::Equal | Self::Least | Self::Above) => {
                return None;
            }
        })
    }
}

impl Claim {
    /// Whether a row for which this is not false is one for which the other is not false.
    pub(crate) fn implies(&self, needed: &Self) -> bool {
        match (self.parts(), needed.parts()) {
            (Parts::And(_) | Parts::Atom, Parts::And(parts)) => {
                parts.iter().all(|part| self.implies(part))
            }
            (Parts::And(known), Parts::Or(parts)) => {
                parts.iter().any(|part| self.implies(part))
                    || known.iter().any(|one| one.implies(needed))
            }
            (Parts::And(known), Parts::Atom) => known.iter().any(|one| one.implies(needed)),
            (Parts::Or(known), Parts::Or(parts)) => {
                let proves = |one: &Self| parts.iter().any(|part| one.implies(part));
                !known.is_empty() && known.iter().all(proves)
            }
            (Parts::Or(known), Parts::And(_) | Parts::Atom) => {
                !known.is_empty() && known.iter().all(|one| one.implies(needed))
            }
            (Parts::Atom, Parts::Or(parts)) => parts.iter().any(|part| self.implies(part)),
            (Parts::Atom, Parts::Atom) => self.proves(needed),
        }
    }

    /// Whether the column occurs in it.
    pub(crate) fn names(&self, column: &str) -> bool {
        let says = |words: &str| words.split(' ').any(|word| word == column);
        match self {
            Self::All(parts) | Self::Any(parts) | Self::List(_, parts) => {
                parts.iter().any(|part| part.names(column))
            }
            Self::Null(of) | Self::NotNull(of) | Self::Compare(of, ..) => says(&of.0),
            Self::Other(words) => says(words),
        }
    }

    fn parts(&self) -> Parts<'_> {
        match self {
            Self::All(parts) | Self::List(Quantity::Every, parts) => Parts::And(parts),
            Self::Any(parts) | Self::List(Quantity::One, parts) => Parts::Or(parts),
            Self::Null(_) | Self::NotNull(_) | Self::Compare(..) | Self::Other(_) => Parts::Atom,
        }
    }

    fn proves(&self, needed: &Self) -> bool {
        let (Self::Compare(one, sign, value), Self::Compare(other, wanted, limit)) = (self, needed)
        else {
            return self == needed;
        };
        let test = sign.test(*wanted).filter(|_| one == other);
        test.and_then(|test| limit.is(test, value)) == Some(true)
    }

    /// All of these, or at least one; the parts of a part of the same kind are parts of the whole.
    pub(super) fn joined(parts: impl Iterator<Item = Self>, all: bool) -> Self {
        let mut joined = Vec::new();
        for part in parts {
            match (all, part) {
                (true, Self::All(parts)) | (false, Self::Any(parts)) => joined.extend(parts),
                (_, part) => joined.push(part),
            }
        }
        match (joined.len(), all) {
            (1, _) => joined.swap_remove(0),
            (_, true) => Self::All(joined),
            (_, false) => Self::Any(joined),
        }
    }

    /// The condition that is true where this one is false.
    pub(crate) fn negated(self) -> Self {
        let each = |parts: Vec<Self>| parts.into_iter().map(Self::negated);
        match self {
            Self::All(parts) => Self::joined(each(parts), false),
            Self::Any(parts) => Self::joined(each(parts), true),
            Self::List(Quantity::Every, parts) => Self::List(Quantity::One, each(parts).collect()),
            Self::List(Quantity::One, parts) => Self::List(Quantity::Every, each(parts).collect()),
            Self::Null(of) => Self::NotNull(of),
            Self::NotNull(of) => Self::Null(of),
            Self::Compare(of, sign, Constant::Flag(value)) => {
                Self::Compare(of, sign, Constant::Flag(!value))
            }
            Self::Compare(of, sign, value) => Self::Compare(of, sign.negated(), value),
            Self::Other(words) => Self::Other(match words.strip_prefix("not ") {
                Some(words) => words.to_owned(),
                None => format!("not {words}"),
            }),
        }
    }
}
