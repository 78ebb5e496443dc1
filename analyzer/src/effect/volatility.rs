//! Which expressions PostgreSQL evaluates once, and which for each row.
//!
//! A default that is not volatile is evaluated once and stored in the catalog; a volatile one must be
//! written into every row.

use crate::schema::{Routine, Schema};
use crate::statement::{Call, Expression, Volatility};

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
    if call.is_volatile_built_in() {
        return true;
    }
    if call.is_steady_built_in() {
        return false;
    }
    let name = schema.called(call);
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
    let name = schema.called(call);
    match schema.routines(&name) {
        [] => call.is_volatile_built_in() || call.is_stable_built_in(),
        routines => {
            let is_known = |routine: &Routine| schema.is_certain(&name, &routine.origin);
            let is_own = call.schema.is_some() || !call.is_steady_built_in();
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
