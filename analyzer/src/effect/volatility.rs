//! Which expressions PostgreSQL evaluates once, and which for each row.
//!
//! A default that is not volatile is evaluated once and stored in the catalog; a volatile one must be
//! written into every row.

use std::cmp::Ordering;

use crate::schema::{Routine, Schema};
use crate::statement::{Call, Expression, Name, Volatility};

/// `select distinct proname from pg_proc where provolatile = 'v'` in `pg_catalog`, the union of
/// PostgreSQL 15 to 18, sorted. Only `ts_rewrite` has a variant that is not volatile.
const VOLATILE: &str = include_str!("volatile.txt");

/// The other names of functions in `pg_catalog`, and the functions with a syntax of their own.
const STEADY: &str = include_str!("steady.txt");

/// `select proname from pg_proc` in `pg_catalog` of PostgreSQL 15, where each function of the name is
/// `STABLE` and not written in SQL, whose body the planner would use; and the keywords that are calls. Only
/// names for users, sorted.
const STABLE: &str = include_str!("stable.txt");

/// How deep calls inside of functions are followed.
const DEPTH: usize = 8;

/// Whether it has a different value for each row; unknown functions count as if they had.
pub(super) fn is_volatile(expression: &Expression, schema: &Schema) -> bool {
    asks(expression, schema, DEPTH)
}

/// The call that makes an expression volatile.
pub(super) fn volatile_call<'a>(expression: &'a Expression, schema: &Schema) -> Option<&'a Call> {
    let mut calls = expression.calls.iter();
    calls.find(|call| is_volatile_call(call, schema, DEPTH))
}

fn asks(expression: &Expression, schema: &Schema, depth: usize) -> bool {
    let mut calls = expression.calls.iter();
    calls.any(|call| depth == 0 || is_volatile_call(call, schema, depth))
}

fn is_volatile_call(call: &Call, schema: &Schema, depth: usize) -> bool {
    let is_builtin = call.schema.as_deref().is_none_or(|one| one == "pg_catalog");
    if is_builtin && lists(VOLATILE, &call.name) {
        return true;
    }
    if is_builtin && lists(STEADY, &call.name) {
        return false;
    }
    let name = match &call.schema {
        Some(written) => Name {
            schema: written.clone(),
            name: call.name.clone(),
        },
        None => schema.own_name(&call.name),
    };
    match schema.routines(&name) {
        [] => true,
        routines => routines
            .iter()
            .any(|one| is_volatile_routine(one, schema, depth)),
    }
}

/// The declared volatility. For an SQL function that the planner inlines, that of the inlined expression.
fn is_volatile_routine(routine: &Routine, schema: &Schema, depth: usize) -> bool {
    let inside = || {
        let value = routine.value.as_ref();
        value.is_none_or(|value| asks(value, schema, depth - 1))
    };
    routine.volatility == Volatility::Volatile && inside()
}

/// The call because of which an expression has another value at another time, or with other settings, for
/// certain.
pub(super) fn mutable_call<'a>(expression: &'a Expression, schema: &Schema) -> Option<&'a Call> {
    let mut calls = expression.calls.iter();
    calls.find(|call| is_mutable(call, schema, DEPTH))
}

fn is_mutable(call: &Call, schema: &Schema, depth: usize) -> bool {
    let is_builtin = call.schema.as_deref().is_none_or(|one| one == "pg_catalog");
    let name = match &call.schema {
        Some(written) => Name {
            schema: written.clone(),
            name: call.name.clone(),
        },
        None => schema.own_name(&call.name),
    };
    match schema.routines(&name) {
        [] => is_builtin && (lists(VOLATILE, &call.name) || lists(STABLE, &call.name)),
        routines => {
            let is_known = |routine: &Routine| schema.is_certain(&name, &routine.origin);
            let is_own = call.schema.is_some() || !lists(STEADY, &call.name);
            let mutable = |one: &Routine| is_known(one) && is_mutable_routine(one, schema, depth);
            is_own && routines.iter().all(mutable)
        }
    }
}

/// The planner uses the body of a function in SQL, so that only what that calls counts.
fn is_mutable_routine(routine: &Routine, schema: &Schema, depth: usize) -> bool {
    let inside = |value: &Expression| {
        let mut calls = value.calls.iter();
        depth > 0 && calls.any(|call| is_mutable(call, schema, depth - 1))
    };
    let is_plain = routine.language == "sql";
    match &routine.value {
        _ if routine.volatility == Volatility::Immutable => false,
        Some(value) if is_plain => inside(value),
        Some(_) | None => !is_plain,
    }
}

/// Whether a call may be of a function that is not PostgreSQL's own.
pub(super) fn may_be_code(call: &Call) -> bool {
    let is_builtin = call.schema.as_deref().is_none_or(|one| one == "pg_catalog");
    !(is_builtin && is_of_catalog(&call.name))
}

/// Whether a function of this name is PostgreSQL's own.
pub(super) fn is_of_catalog(name: &str) -> bool {
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

/// The sequences that an expression advances: `nextval('s')`.
pub(super) fn sequences(expression: &Expression, schema: &Schema) -> Vec<Name> {
    let calls = expression.calls.iter();
    let advancing = calls.filter(|call| matches!(call.name.as_str(), "nextval" | "setval"));
    let named = advancing.filter_map(|call| {
        let written = call.constant(0)?;
        Some(match written.split_once('.') {
            Some((of, name)) => Name {
                schema: folded(of),
                name: folded(name),
            },
            None => schema.own_name(&folded(written)),
        })
    });
    named.collect()
}

fn folded(written: &str) -> String {
    let quoted = written
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    quoted.map_or_else(|| written.to_ascii_lowercase(), str::to_owned)
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
