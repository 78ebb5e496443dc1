//! Whether a condition can be true, false or null, with what that depends on.

use std::collections::BTreeSet;

/// Whether something can happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Can {
    Never,
    /// Nothing rules it out, and these parts are not known.
    Unknown(BTreeSet<String>),
    /// It happens for some row or session, where these are so.
    Yes(BTreeSet<String>),
}

impl Can {
    pub(super) fn always() -> Self {
        Self::Yes(BTreeSet::new())
    }

    pub(super) fn unknown(what: impl Into<String>) -> Self {
        Self::Unknown(BTreeSet::from([what.into()]))
    }

    pub(super) fn where_is(what: impl Into<String>) -> Self {
        Self::Yes(BTreeSet::from([what.into()]))
    }

    fn certainly(is: bool) -> Self {
        if is { Self::always() } else { Self::Never }
    }

    /// Both happen together.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, _) | (_, Self::Never) => Self::Never,
            (Self::Yes(mut one), Self::Yes(other)) => {
                one.extend(other);
                Self::Yes(one)
            }
            (Self::Unknown(mut one), Self::Unknown(other)) => {
                one.extend(other);
                Self::Unknown(one)
            }
            (Self::Unknown(one), Self::Yes(_)) | (Self::Yes(_), Self::Unknown(one)) => {
                Self::Unknown(one)
            }
        }
    }

    /// One of them happens. What happens with fewer conditions is the clearer answer.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, other) => other,
            (one, Self::Never) => one,
            (Self::Yes(one), Self::Yes(other)) => {
                Self::Yes(if one.len() <= other.len() { one } else { other })
            }
            (Self::Yes(one), Self::Unknown(_)) | (Self::Unknown(_), Self::Yes(one)) => {
                Self::Yes(one)
            }
            (Self::Unknown(mut one), Self::Unknown(other)) => {
                one.extend(other);
                Self::Unknown(one)
            }
        }
    }
}

/// A condition with three values. An error is none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Truth {
    pub(super) is_true: Can,
    pub(super) is_false: Can,
    pub(super) is_null: Can,
}

impl Truth {
    pub(super) fn of(is: bool) -> Self {
        Self {
            is_true: Can::certainly(is),
            is_false: Can::certainly(!is),
            is_null: Can::Never,
        }
    }

    /// Always null.
    pub(super) fn null() -> Self {
        Self {
            is_true: Can::Never,
            is_false: Can::Never,
            is_null: Can::always(),
        }
    }

    /// An error, in every row.
    pub(super) const fn error() -> Self {
        Self {
            is_true: Can::Never,
            is_false: Can::Never,
            is_null: Can::Never,
        }
    }

    pub(super) fn unknown(what: &str) -> Self {
        Self {
            is_true: Can::unknown(what),
            is_false: Can::unknown(what),
            is_null: Can::unknown(what),
        }
    }

    /// True for some rows or sessions and false for others.
    pub(super) fn free(what: &str) -> Self {
        Self {
            is_true: Can::where_is(what),
            is_false: Can::where_is(format!("not {what}")),
            is_null: Can::unknown(what),
        }
    }

    pub(super) fn not(self) -> Self {
        Self {
            is_true: self.is_false,
            is_false: self.is_true,
            is_null: self.is_null,
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            is_true: self.is_true.and(other.is_true),
            is_false: self.is_false.or(other.is_false),
            is_null: self.is_null.or(other.is_null),
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// `IS TRUE`, `IS FALSE`, which are never null.
    pub(super) fn is(self, of: bool) -> Self {
        let (yes, no) = match of {
            true => (self.is_true, self.is_false),
            false => (self.is_false, self.is_true),
        };
        Self {
            is_true: yes,
            is_false: no.or(self.is_null),
            is_null: Can::Never,
        }
    }

    /// `IS NULL`.
    pub(super) fn nullness(self) -> Self {
        Self {
            is_true: self.is_null,
            is_false: self.is_true.or(self.is_false),
            is_null: Can::Never,
        }
    }

    /// `COALESCE (self, other)`.
    pub(super) fn or_else(self, other: Self) -> Self {
        Self {
            is_true: self.is_true.or(self.is_null.clone().and(other.is_true)),
            is_false: self.is_false.or(self.is_null.clone().and(other.is_false)),
            is_null: self.is_null.and(other.is_null),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_never_true_stays_so_beside_what_is_not_known() {
        let closed = Truth::of(false);
        let unknown = Truth::unknown("f()");
        assert_eq!(closed.clone().and(unknown.clone()).is_true, Can::Never);
        assert_eq!(
            closed.clone().or(unknown.clone()).is_true,
            Can::unknown("f()")
        );
        assert_eq!(Truth::of(true).or(unknown).is_true, Can::always());
        assert_eq!(Truth::null().not(), Truth::null());
        assert_eq!(Truth::null().is(true).not().is_true, Can::always());
        assert_eq!(Truth::error().or(closed).is_true, Can::Never);
        assert_eq!(
            Truth::null().or_else(Truth::of(true)).is_true,
            Can::always()
        );
    }
}
