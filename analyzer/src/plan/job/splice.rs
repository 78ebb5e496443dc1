//! Puts a range into a statement: its text before the range, and its text after it.

use std::ops::Range;

use crate::statement::{Slot, Walk};
use crate::text::quote::quote_ident;

/// The statement without the range. An old condition is put into parentheses, so that the range holds for
/// each of its sides.
pub(super) fn around(text: &str, statement: &Range<usize>, walk: &Walk) -> [String; 2] {
    let cut = |from, to| text.get(from..to).unwrap_or_default();
    let before = |to| cut(statement.start, to);
    let after = |from| cut(from, statement.end);
    match &walk.slot {
        Slot::Beside(condition) => [
            format!(
                "{}({}) AND (",
                before(condition.start),
                cut(condition.start, condition.end)
            ),
            format!("){}", after(condition.end)),
        ],
        Slot::Where(at) => [
            format!("{} WHERE (", before(*at)),
            format!("){}", after(*at)),
        ],
        Slot::Around(source) => [
            format!(
                "{}(SELECT * FROM {} WHERE (",
                before(source.start),
                cut(source.start, source.end)
            ),
            format!(")) AS {}{}", quote_ident(&walk.alias), after(source.end)),
        ],
    }
}
