//! The functions that PostgreSQL provides.

use std::cmp::Ordering;

use super::Call;

/// `select distinct proname from pg_proc where provolatile = 'v'` in `pg_catalog`, the union of
/// PostgreSQL 15 to 18, sorted. Only `ts_rewrite` has a variant that is not volatile.
const VOLATILE: &str = include_str!("volatile.txt");

/// The other names of functions in `pg_catalog`, and the functions with a syntax of their own.
const STEADY: &str = include_str!("steady.txt");

/// `select proname from pg_proc` in `pg_catalog` of PostgreSQL 15, where each function of the name is
/// `STABLE` and not written in SQL, whose body the planner would use; and the keywords that are calls. Only
/// names for users, sorted.
const STABLE: &str = include_str!("stable.txt");

impl Call {
    /// Whether the name can be that of one of PostgreSQL's own functions: it is written without a schema, or
    /// with `pg_catalog`.
    fn may_be_catalogued(&self) -> bool {
        self.schema.as_deref().is_none_or(|one| one == "pg_catalog")
    }

    /// Whether this is a volatile function of PostgreSQL.
    pub(crate) fn is_volatile_built_in(&self) -> bool {
        self.may_be_catalogued() && lists(VOLATILE, &self.name)
    }

    /// Whether this is a stable or immutable function of PostgreSQL.
    pub(crate) fn is_steady_built_in(&self) -> bool {
        self.may_be_catalogued() && lists(STEADY, &self.name)
    }

    /// Whether this is certainly not an immutable function of PostgreSQL.
    pub(crate) fn is_stable_built_in(&self) -> bool {
        self.may_be_catalogued() && lists(STABLE, &self.name)
    }

    /// Whether this is a function of PostgreSQL.
    pub(crate) fn is_built_in(&self) -> bool {
        self.may_be_catalogued() && is_built_in(&self.name)
    }
}

/// Whether a function of PostgreSQL has this name.
pub(crate) fn is_built_in(name: &str) -> bool {
    lists(VOLATILE, name) || lists(STEADY, name)
}

/// Whether a name is in a sorted list of names, each followed by a space or line break.
fn lists(names: &str, name: &str) -> bool {
    let (mut low, mut high) = (0, names.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let before = names.get(..middle).unwrap_or_default();
        let start = before.rfind([' ', '\n']).map_or(0, |end| end + 1);
        let rest = names.get(start..).unwrap_or_default();
        let Some(known) = rest.split_ascii_whitespace().next() else {
            return false;
        };
        match known.cmp(name) {
            Ordering::Equal => return true,
            Ordering::Less => low = start + known.len() + 1,
            Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_lists_is_found_and_no_other() {
        for list in [VOLATILE, STEADY, STABLE] {
            assert!(list.split_whitespace().all(|name| lists(list, name)));
            for other in ["", "a", "zzz", "now_", "random "] {
                assert!(!lists(list, other), "{other}");
            }
        }
        let mut volatile = VOLATILE.split_whitespace();
        assert!(volatile.all(|name| !lists(STEADY, name)));
    }
}
