//! Which expressions PostgreSQL evaluates once, and which for each row.
//!
//! A default that is not volatile is evaluated once and stored in the catalog; a volatile one must be
//! written into every row.

use crate::schema::{Routine, Schema};
use crate::statement::{Call, Expression, Name, Volatility};

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
