//! The query for the rows that a statement still has to change, derived from the statement.

use crate::schema::Schema;
use crate::schema::proof::{After, Reader};
use crate::statement::{
    Change, Condition, Expression, Piece, Statement, Update, Volatility, is_changing,
};

/// `None` where the statement does not say which rows it has changed.
pub(super) fn derived(text: &str, statement: &Statement, schema: &Schema) -> Option<String> {
    let cuts = statement.cuts.as_ref()?;
    let pieces = cuts.rest.iter().map(|piece| match piece {
        Piece::Text(span) => text.get(span.clone()).unwrap_or_default(),
        Piece::Words(words) => words,
    });
    let rest: String = pieces.collect();
    if rest.is_empty() {
        return None;
    }
    // The statement itself is the last of its changes; those of `WITH` stand before it.
    let change = &statement.clauses.last()?.change;
    if let Change::Update(update) = change {
        let condition = update.choice.condition.as_ref()?;
        let left = left_over(update, condition, &cuts.walks.first()?.alias, schema)?;
        return Some(rest + &left);
    }
    if let Change::Insert(insert) = change {
        let own = cuts.rereads.iter().any(|one| one.table == insert.table);
        return (insert.asks_what_is_there && own).then_some(rest);
    }
    matches!(change, Change::Delete(_)).then_some(rest)
}

/// What else holds for the rows that are still to do: nothing, or that their new value is not null. `None`
/// if the condition may still hold for rows that have their new values.
fn left_over(
    update: &Update,
    condition: &Condition,
    alias: &str,
    schema: &Schema,
) -> Option<String> {
    let relation = schema.relation(&update.table)?;
    let reader = Reader::new(schema, relation).known_as(alias);
    let never_null = |value: &Expression| is_never_null(value);
    let after = After::new(&reader, &never_null);
    if after.finds_no_row_again(condition, &update.set) {
        return Some(String::new());
    }
    let mut filled = update.set.iter().filter(|set| after.fills(condition, set));
    let value = &filled.next()?.value;
    let test = format!(
        " AND CASE WHEN ({}) THEN ({}) IS NOT NULL END",
        condition.expression.text, value.text
    );
    // A query that only looks must not call what changes something.
    Some(match is_pure(schema, value) {
        true => test,
        false => String::new(),
    })
}

/// Functions that never return null are called without a column: `now()`, `gen_random_uuid()`.
fn is_never_null(value: &Expression) -> bool {
    let is_plain = value.columns.is_empty() && !value.has_subquery;
    matches!(value.calls.as_slice(), [call] if is_plain && is_changing(&call.name))
}

fn is_pure(schema: &Schema, value: &Expression) -> bool {
    value.calls.iter().all(|call| {
        let routines = schema.routines(&schema.called(call));
        match routines {
            [] => call.is_steady_built_in() || call.is_stable_built_in(),
            routines => routines
                .iter()
                .all(|routine| routine.volatility != Volatility::Volatile),
        }
    })
}
