//! What holds for a row after an `UPDATE`, and whether the statement's condition can hold for it again.

use super::{Claim, Operand, Reader, Sign};
use crate::statement::{Assignment, Condition, Expression};
use crate::text::quote::quote_ident;

/// Compares assignments with the condition of their statement.
pub(crate) struct After<'a> {
    reader: &'a Reader<'a>,
    /// Whether the value is never null, as far as its calls say.
    is_never_null: &'a dyn Fn(&Expression) -> bool,
}

impl<'a> After<'a> {
    pub(crate) const fn new(
        reader: &'a Reader<'a>,
        is_never_null: &'a dyn Fn(&Expression) -> bool,
    ) -> Self {
        Self {
            reader,
            is_never_null,
        }
    }

    /// The terms of a condition.
    pub(crate) fn terms(&self, condition: &Condition) -> Vec<Claim> {
        match self.reader.claim(&condition.expression.text) {
            Claim::All(terms) => terms,
            only => vec![only],
        }
    }

    /// Whether a term is not true for any row with the new values.
    pub(crate) fn finds_no_row_again(&self, condition: &Condition, set: &[Assignment]) -> bool {
        let after = Claim::All(set.iter().flat_map(|one| self.after(one)).collect());
        let false_then: Vec<Claim> = set.iter().flat_map(|one| self.false_after(one)).collect();
        self.terms(condition)
            .iter()
            .any(|term| false_then.contains(term) || after.implies(&term.clone().negated()))
    }

    /// Whether a term asks for null in the column, and the new value is not null for each row.
    pub(crate) fn fills(&self, condition: &Condition, set: &Assignment) -> bool {
        let [written] = set.columns.as_slice() else {
            return false;
        };
        let asks = Claim::Null(Operand::column(&written.column));
        written.whole && !set.value.is_null && self.terms(condition).contains(&asks)
    }

    /// What holds for a column after the assignment.
    fn after(&self, assignment: &Assignment) -> Vec<Claim> {
        let [written] = assignment.columns.as_slice() else {
            return Vec::new();
        };
        let (of, value) = (Operand::column(&written.column), &assignment.value);
        if !written.whole {
            return Vec::new();
        }
        if value.is_null {
            return vec![Claim::Null(of)];
        }
        match self.reader.compare(&of, Sign::Equal, &value.text) {
            Some(equal) => vec![Claim::NotNull(of), equal],
            None if (self.is_never_null)(value) => vec![Claim::NotNull(of)],
            None => Vec::new(),
        }
    }

    /// Terms that are false after the assignment, in the words in which they are written.
    fn false_after(&self, assignment: &Assignment) -> Vec<Claim> {
        let [written] = assignment.columns.as_slice() else {
            return Vec::new();
        };
        let column = quote_ident(&written.column);
        let value = &assignment.value.text;
        let uses_itself = assignment.value.columns.contains(&written.column);
        let mut terms = Vec::new();
        if !uses_itself {
            terms.push(format!("{column} IS DISTINCT FROM {value}"));
            terms.push(format!("{column} IS DISTINCT FROM ({value})"));
            terms.push(format!("{column} <> {value}"));
        }
        for (flag, other) in [("true", "false"), ("false", "true")] {
            if value.eq_ignore_ascii_case(flag) {
                terms.push(format!("{column} IS NOT {flag}"));
                terms.push(format!("{column} IS {other}"));
                terms.push(format!("{column} IS UNKNOWN"));
            }
        }
        terms.iter().map(|term| self.reader.claim(term)).collect()
    }
}
