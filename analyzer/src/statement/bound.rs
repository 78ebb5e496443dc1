//! The values of a partition's bounds.

use std::cmp::Ordering;

use super::Bound;
use crate::text::split::tokens;

/// One value of a bound. The order of the variants is that of [`Datum::sortable`] values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Datum {
    /// `MINVALUE`.
    Least,
    /// `NULL`.
    Null,
    /// A whole number.
    Number(i128),
    /// A string, without its quotes and its cast.
    Text(String),
    /// An expression.
    Other,
    /// `MAXVALUE`.
    Greatest,
}

impl Datum {
    fn read(words: &[&str]) -> Self {
        let is = |word: &str, other: &str| word.eq_ignore_ascii_case(other);
        match words {
            [one] if is(one, "MINVALUE") => Self::Least,
            [one] if is(one, "MAXVALUE") => Self::Greatest,
            [one] if is(one, "NULL") => Self::Null,
            ["-", one] => one.parse().map_or(Self::Other, |n: i128| Self::Number(-n)),
            [one] => match one
                .strip_prefix('\'')
                .and_then(|one| one.strip_suffix('\''))
            {
                Some(text) => Self::Text(text.replace("''", "'")),
                None => one.parse().map_or(Self::Other, Self::Number),
            },
            [..] => Self::Other,
        }
    }

    /// The order of two values, where it is the same for every type that accepts both: of numbers, and of
    /// dates and times as ISO 8601 writes them. Other texts are equal or not comparable.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => Some(one.cmp(other)),
            (Self::Text(one), Self::Text(other)) if one == other => Some(Ordering::Equal),
            (Self::Text(one), Self::Text(other)) => {
                let both = is_moment(one) && is_moment(other);
                both.then(|| moment(one).cmp(&moment(other)))
            }
            (Self::Least, Self::Least) | (Self::Greatest, Self::Greatest) => Some(Ordering::Equal),
            (Self::Least, _) | (_, Self::Greatest) => Some(Ordering::Less),
            (Self::Greatest, _) | (_, Self::Least) => Some(Ordering::Greater),
            (
                Self::Number(_) | Self::Text(_) | Self::Null | Self::Other,
                Self::Number(_) | Self::Text(_) | Self::Null | Self::Other,
            ) => None,
        }
    }

    /// The value in a form that sorts as [`Datum::compare`] orders it; `None` where that knows no order.
    pub(crate) fn sortable(&self) -> Option<Self> {
        match self {
            Self::Text(text) => is_moment(text).then(|| Self::Text(moment(text))),
            Self::Least | Self::Number(_) | Self::Greatest => Some(self.clone()),
            Self::Null | Self::Other => None,
        }
    }
}

/// `2026-01-31`, with a time behind it or not, and without a zone.
fn is_moment(text: &str) -> bool {
    const SHAPE: &[u8] = b"0000-00-00 00:00:00";
    let fits = |(byte, shape): (u8, &u8)| match shape {
        b'0' => byte.is_ascii_digit(),
        shape => byte == *shape,
    };
    matches!(text.len(), 10 | 16 | 19) && text.bytes().zip(SHAPE).all(fits)
}

/// The same moment with all of its digits.
fn moment(text: &str) -> String {
    let midnight = "0000-00-00 00:00:00";
    format!("{text}{}", midnight.get(text.len()..).unwrap_or_default())
}

impl Bound {
    /// The values of its lists: one list for `IN`, two for `FROM` and `TO`.
    pub(crate) fn lists(&self) -> Vec<Vec<Datum>> {
        match self {
            Self::Default | Self::Hash(_) => Vec::new(),
            Self::In(list) => vec![values(list)],
            Self::Range { from, to } => vec![values(from), values(to)],
        }
    }

    /// `MODULUS` and `REMAINDER`.
    pub(crate) fn modulus(&self) -> Option<(u64, u64)> {
        let Self::Hash(written) = self else {
            return None;
        };
        let words: Vec<&str> = words(written).collect();
        let value = |name: &str| {
            let at = words
                .iter()
                .position(|word| word.eq_ignore_ascii_case(name))?;
            words.get(at + 1)?.parse().ok()
        };
        Some((value("MODULUS")?, value("REMAINDER")?))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let spans = tokens(text).into_iter().map(|token| token.span());
    spans.filter_map(|span| text.get(span))
}

/// The values between the commas that are in no parentheses.
fn values(text: &str) -> Vec<Datum> {
    let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
    let mut depth = 0_u32;
    for word in words(text) {
        if matches!(word, "(" | "[") {
            depth += 1;
        } else if matches!(word, ")" | "]") {
            depth = depth.saturating_sub(1);
        }
        if word == "," && depth == 0 {
            parts.push(Vec::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(word);
        }
    }
    parts
        .iter()
        .map(|part| Datum::read(without_cast(part)))
        .collect()
}

/// The words in front of a cast: its type is that of the column, or PostgreSQL converts the value to it.
fn without_cast<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    let cast = words.iter().position(|word| matches!(*word, "::" | ":"));
    let value = cast.and_then(|at| words.get(..at)).unwrap_or(words);
    match value {
        [word, text] if text.starts_with('\'') && word.chars().all(char::is_alphabetic) => {
            words.get(1..2).unwrap_or(words)
        }
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_compared_where_every_type_orders_them_alike() {
        let list = |text: &str| values(text);
        assert_eq!(
            list("1, -2, NULL, 'a''b', minvalue, date '2026-01-01', f(1, 2), '7'::text"),
            [
                Datum::Number(1),
                Datum::Number(-2),
                Datum::Null,
                Datum::Text("a'b".into()),
                Datum::Least,
                Datum::Text("2026-01-01".into()),
                Datum::Other,
                Datum::Text("7".into()),
            ]
        );
        let order = |one: &str, other: &str| list(one)[0].compare(&list(other)[0]);
        assert_eq!(order("2", "10"), Some(Ordering::Less));
        assert_eq!(
            order("'2026-01-01'", "'2026-01-01 00:00'"),
            Some(Ordering::Equal)
        );
        assert_eq!(
            order("'2026-02-01'", "'2026-01-31 23:59:59'"),
            Some(Ordering::Greater)
        );
        assert_eq!(
            order("'b'", "'a'"),
            None,
            "the order of texts depends on the collation"
        );
        assert_eq!(order("MINVALUE", "-5"), Some(Ordering::Less));
        let sorted = ["MINVALUE", "-5", "7", "MAXVALUE"].map(|text| list(text)[0].sortable());
        assert!(sorted.is_sorted() && sorted.iter().all(Option::is_some));
        assert_eq!(list("'a'")[0].sortable(), None);
        let hash = Bound::Hash("MODULUS 4, REMAINDER 1".into());
        assert_eq!(hash.modulus(), Some((4, 1)));
    }
}
