//! What an `UPDATE` does when it runs a second time.

use crate::check::context::FileContext;
use crate::rules::facts::rows::changing;
use crate::schema::Relation;
use crate::schema::proof::{After, Claim, Operand, Reader, Sign, words};
use crate::statement::{Assignment, Condition, Expression, Name};

/// The first assignment that changes the value again with each run: the condition still selects a row
/// that has the new values.
pub(in crate::rules) fn growing<'a>(
    around: &FileContext<'_>,
    table: &Name,
    set: &'a [Assignment],
    condition: Option<&Condition>,
    alone: bool,
) -> Option<&'a Assignment> {
    let relation = around.schema.relation(table);
    let asks = condition.zip(relation).map(|(condition, relation)| Asks {
        reader: match alone {
            true => Reader::of_statement(around.schema, relation),
            false => Reader::new(around.schema, relation),
        },
        around,
        relation,
        condition,
    });
    if asks
        .as_ref()
        .is_some_and(|asks| asks.finds_no_row_again(set))
    {
        return None;
    }
    set.iter().find(|assignment| {
        let mut columns = assignment.columns.iter().map(|written| &written.column);
        let is_tested = |column: &String| match &asks {
            Some(asks) => asks.may_exclude(column, &assignment.value),
            None => condition.is_some_and(|one| one.expression.columns.contains(column)),
        };
        assignment.accumulates && !columns.any(is_tested)
    })
}

/// The condition of a statement on the rows of a known table.
struct Asks<'a> {
    around: &'a FileContext<'a>,
    reader: Reader<'a>,
    relation: &'a Relation,
    condition: &'a Condition,
}

impl Asks<'_> {
    /// Whether a term is not true for any row with the new values.
    fn finds_no_row_again(&self, set: &[Assignment]) -> bool {
        let is_never_null = |value: &Expression| self.is_never_null(value);
        After::new(&self.reader, &is_never_null).finds_no_row_again(self.condition, set)
    }

    fn is_never_null(&self, value: &Expression) -> bool {
        let is_plain = value.columns.is_empty() && changing(self.around, value).is_some();
        is_plain && value.calls.len() == 1
    }

    /// Whether the condition has a term about the column that may be false for the new value.
    fn may_exclude(&self, column: &str, value: &Expression) -> bool {
        let direction = Direction::of(column, value);
        let of = Operand::column(column);
        let stays = |term: &Claim| self.stays(term, &of, direction);
        let is_never_null = |value: &Expression| self.is_never_null(value);
        let terms = After::new(&self.reader, &is_never_null).terms(self.condition);
        let mut about = terms.iter().filter(|term| term.names(column));
        self.relation.column(column).is_none() || about.any(|term| !stays(term))
    }

    /// Whether a term that is true for the old value is true for the new one.
    fn stays(&self, term: &Claim, of: &Operand, direction: Option<Direction>) -> bool {
        match term {
            Claim::NotNull(one) => one == of,
            Claim::Any(parts) => parts.iter().any(|part| self.stays(part, of, direction)),
            Claim::Compare(one, sign, _) if one == of => match sign {
                Sign::Above | Sign::Least => direction == Some(Direction::Up),
                Sign::Below | Sign::Most => direction == Some(Direction::Down),
                Sign::Other => direction.is_some(),
                Sign::Equal => false,
            },
            Claim::Compare(..)
            | Claim::All(_)
            | Claim::List(..)
            | Claim::Null(_)
            | Claim::Other(_) => false,
        }
    }
}

/// Where an addition or a multiplication with a positive constant leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

impl Direction {
    fn of(column: &str, value: &Expression) -> Option<Self> {
        let words = words(&value.text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
        match words.as_slice() {
            [own, sign, by] if *own == column && is_number(by) => match *sign {
                "+" | "*" => Some(Self::Up),
                "-" | "/" => Some(Self::Down),
                _ => None,
            },
            [by, "+" | "*", own] if *own == column && is_number(by) => Some(Self::Up),
            [..] => None,
        }
    }
}
