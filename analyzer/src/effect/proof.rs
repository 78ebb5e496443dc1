//! What a valid `CHECK` proves, so that PostgreSQL does not scan the rows.
//!
//! PostgreSQL's own prover can prove more. What is not proven here is assumed to need a scan, which is
//! the safe side.

use std::cmp::Ordering;
use std::ops::Range;

use crate::schema::{ConstraintKind, Relation};
use crate::statement::{Bound, PartitionBy};
use crate::text::split::tokens;

/// Whether every row of the table certainly lies within these bounds.
pub(super) fn lies_within(table: &Relation, by: &PartitionBy, bound: &Bound) -> bool {
    let Some(needed) = needed(by, bound) else {
        return false;
    };
    let facts = facts(table);
    needed
        .iter()
        .all(|term| facts.iter().any(|fact| fact.proves(term)))
}

/// Whether no row of the default partition can lie within these bounds.
pub(super) fn lies_outside(default: &Relation, by: &PartitionBy, bound: &Bound) -> bool {
    let Some(needed) = needed(by, bound) else {
        return false;
    };
    let not_null = |term: &Term| matches!(term, Term::NotNull(_));
    let (present, limits): (Vec<Term>, Vec<Term>) = needed.into_iter().partition(not_null);
    let facts = facts(default);
    let known = present
        .iter()
        .all(|term| facts.iter().any(|fact| fact.proves(term)));
    known && texts(default).any(|text| denies(text, &limits))
}

/// `NOT (...)` of exactly the terms that hold in the partition.
fn denies(text: &str, limits: &[Term]) -> bool {
    conjuncts(text).iter().any(|words| {
        let [not, inner @ ..] = words.as_slice() else {
            return false;
        };
        let terms = terms(inner);
        not.eq_ignore_ascii_case("not")
            && !terms.is_empty()
            && terms.len() == split_and(&unwrapped(inner)).len()
            && terms
                .iter()
                .all(|term| limits.iter().any(|limit| limit.proves(term)))
    })
}

/// A condition that the prover understands: one column and constants.
#[derive(Clone, Debug, PartialEq)]
enum Term {
    NotNull(String),
    /// `column >= value`.
    From(String, Value),
    /// `column < value`.
    Below(String, Value),
    /// `column IN (values)`.
    In(String, Vec<Value>),
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Number(i128),
    Text(String),
}

impl Value {
    fn read(words: &[&str]) -> Option<Self> {
        // A cast must name the column's own type, or the server would have refused the bound.
        let words = match words.iter().position(|word| *word == "::") {
            Some(cast) => words.get(..cast)?,
            None => words,
        };
        match words {
            ["-", number] => Some(Self::Number(-number.parse::<i128>().ok()?)),
            [one] => match one.strip_prefix('\'') {
                Some(rest) => Some(Self::Text(rest.strip_suffix('\'')?.to_owned())),
                None => one.parse().ok().map(Self::Number),
            },
            [word, text] if text.starts_with('\'') && word.chars().all(char::is_alphabetic) => {
                Self::read(&[text])
            }
            [..] => None,
        }
    }

    /// Numbers are ordered, and dates in ISO 8601; other texts are only equal or different.
    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => Some(one.cmp(other)),
            (Self::Text(one), Self::Text(other)) if one == other => Some(Ordering::Equal),
            (Self::Text(one), Self::Text(other)) if is_date(one) && is_date(other) => {
                Some(one.cmp(other))
            }
            (Self::Number(_) | Self::Text(_), Self::Number(_) | Self::Text(_)) => None,
        }
    }
}

fn is_date(text: &str) -> bool {
    let shape = |(at, byte): (usize, u8)| match matches!(at, 4 | 7) {
        true => byte == b'-',
        false => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}

impl Term {
    fn proves(&self, needed: &Self) -> bool {
        let is = |one: &Value, other: &Value, orders: &[Ordering]| {
            one.compare(other)
                .is_some_and(|order| orders.contains(&order))
        };
        match (self, needed) {
            (Self::NotNull(one), Self::NotNull(other)) => one == other,
            (Self::From(one, value), Self::From(other, least)) => {
                one == other && is(value, least, &[Ordering::Greater, Ordering::Equal])
            }
            (Self::Below(one, value), Self::Below(other, most)) => {
                one == other && is(value, most, &[Ordering::Less, Ordering::Equal])
            }
            (Self::In(one, values), Self::In(other, all)) => {
                let among =
                    |value: &Value| all.iter().any(|one| is(value, one, &[Ordering::Equal]));
                one == other && values.iter().all(among)
            }
            (
                Self::NotNull(_) | Self::From(..) | Self::Below(..) | Self::In(..),
                Self::NotNull(_) | Self::From(..) | Self::Below(..) | Self::In(..),
            ) => false,
        }
    }
}

/// What holds for the rows of a partition with one key column; `None` if the prover does not understand
/// it.
fn needed(by: &PartitionBy, bound: &Bound) -> Option<Vec<Term>> {
    let [key] = by.keys.as_slice() else {
        return None;
    };
    let key = column(&[key.trim()])?;
    let mut terms = vec![Term::NotNull(key.clone())];
    match bound {
        Bound::Range { from, to } => {
            if !from.eq_ignore_ascii_case("minvalue") {
                terms.push(Term::From(key.clone(), Value::read(&words(from))?));
            }
            if !to.eq_ignore_ascii_case("maxvalue") {
                terms.push(Term::Below(key, Value::read(&words(to))?));
            }
        }
        Bound::In(list) => {
            let words = words(list);
            let values = words.split(|word| *word == ",").map(Value::read);
            terms.push(Term::In(key, values.collect::<Option<_>>()?));
        }
        Bound::Default | Bound::Hash(_) => return None,
    }
    Some(terms)
}

/// What the columns and valid checks of the table say.
fn facts(table: &Relation) -> Vec<Term> {
    let columns = table.columns.iter().filter(|column| column.not_null);
    let mut facts: Vec<Term> = columns
        .map(|column| Term::NotNull(column.name.clone()))
        .collect();
    for text in texts(table) {
        facts.extend(terms(&words(text)));
    }
    facts
}

/// The expressions of the valid checks.
fn texts(table: &Relation) -> impl Iterator<Item = &str> {
    let valid = table
        .constraints
        .iter()
        .filter(|one| one.valid && one.enforced);
    valid.filter_map(|constraint| match &constraint.kind {
        ConstraintKind::Check { expression, .. } => Some(expression.text.as_str()),
        ConstraintKind::NotNull
        | ConstraintKind::ForeignKey { .. }
        | ConstraintKind::PrimaryKey
        | ConstraintKind::Unique
        | ConstraintKind::Exclude(_) => None,
    })
}

/// The terms of the text's top-level `AND` that the prover understands.
fn terms(words: &[&str]) -> Vec<Term> {
    split_and(&unwrapped(words))
        .iter()
        .filter_map(|term| read(term))
        .flatten()
        .collect()
}

fn conjuncts(text: &str) -> Vec<Vec<&str>> {
    split_and(&unwrapped(&words(text)))
}

fn read(term: &[&str]) -> Option<Vec<Term>> {
    let term = unwrapped(term);
    let is = |word: &str, expected: &str| word.eq_ignore_ascii_case(expected);
    match term.as_slice() {
        [name, a, b, c] if is(a, "is") && is(b, "not") && is(c, "null") => {
            Some(vec![Term::NotNull(column(&[name])?)])
        }
        [name, word, rest @ ..] if is(word, "in") => {
            let inner = unwrapped(rest);
            let values = inner.split(|word| *word == ",").map(Value::read);
            Some(vec![Term::In(
                column(&[name])?,
                values.collect::<Option<_>>()?,
            )])
        }
        [name, sign, value @ ..] => {
            let (name, value) = (column(&[name])?, Value::read(&unwrapped(value))?);
            if *sign == ">=" {
                Some(vec![Term::From(name, value)])
            } else if *sign == "<" {
                Some(vec![Term::Below(name, value)])
            } else if *sign == "=" {
                let only = Term::In(name.clone(), vec![value.clone()]);
                Some(vec![only, Term::From(name, value)])
            } else {
                None
            }
        }
        [..] => None,
    }
}

fn column(words: &[&str]) -> Option<String> {
    let [word] = words else { return None };
    if let Some(quoted) = word.strip_prefix('"') {
        return quoted.strip_suffix('"').map(str::to_owned);
    }
    let is_name = word.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_name && !word.is_empty()).then(|| word.to_ascii_lowercase())
}

/// The words of a text; each character of an operator is one word.
fn words(text: &str) -> Vec<&str> {
    let is_sign = |text: &str| matches!(text, "<" | ">" | "=" | "!" | ":");
    let mut spans: Vec<Range<usize>> = Vec::new();
    for span in tokens(text).into_iter().map(|token| token.span()) {
        let of = |span: &Range<usize>| text.get(span.clone()).unwrap_or_default();
        let signs = |span: &Range<usize>| {
            of(span)
                .chars()
                .all(|c| is_sign(c.encode_utf8(&mut [0; 4])))
        };
        match spans.last_mut() {
            Some(last) if last.end == span.start && signs(last) && signs(&span) => {
                last.end = span.end;
            }
            Some(_) | None => spans.push(span),
        }
    }
    spans
        .into_iter()
        .filter_map(|span| text.get(span))
        .collect()
}

/// The words without parentheses around the whole.
fn unwrapped<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut words = words;
    while let ["(", inner @ .., ")"] = words {
        let mut depth = 0_i32;
        let closes_early = inner.iter().any(|word| {
            depth += i32::from(*word == "(") - i32::from(*word == ")");
            depth < 0
        });
        if closes_early {
            break;
        }
        words = inner;
    }
    words.to_vec()
}

/// The parts between the `AND`s at the top level; the whole if there is an `OR`.
fn split_and<'a>(words: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut parts = vec![Vec::new()];
    let mut depth = 0_i32;
    for word in words {
        depth += i32::from(*word == "(") - i32::from(*word == ")");
        if depth == 0 && (word.eq_ignore_ascii_case("or") || word.eq_ignore_ascii_case("between")) {
            return vec![words.to_vec()];
        }
        match depth == 0 && word.eq_ignore_ascii_case("and") {
            true => parts.push(Vec::new()),
            false => parts
                .last_mut()
                .into_iter()
                .for_each(|part| part.push(*word)),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;
    use crate::statement::Name;

    fn proves(columns: &str, checks: &str, bound: &Bound) -> bool {
        let text = format!("CREATE TABLE t ({columns}, CHECK ({checks}))");
        let schema = Schema::after("a", &[&text]);
        let name = Name {
            schema: "a".into(),
            name: "t".into(),
        };
        let by = PartitionBy {
            strategy: crate::statement::PartitionStrategy::Range,
            keys: vec!["k".into()],
            parts: Vec::new(),
        };
        lies_within(schema.relation(&name).expect("t is there"), &by, bound)
    }

    #[test]
    fn a_check_proves_its_own_bounds_and_wider_ones() {
        let range = |from: &str, to: &str| Bound::Range {
            from: from.into(),
            to: to.into(),
        };
        let all = "k IS NOT NULL AND k >= 100 AND k < 200";
        assert!(proves("k int", all, &range("100", "200")));
        assert!(proves("k int", all, &range("0", "MAXVALUE")));
        assert!(!proves("k int", all, &range("101", "200")));
        assert!(!proves(
            "k int",
            "k >= 100 AND k < 200",
            &range("100", "200")
        ));
        assert!(proves(
            "k int NOT NULL",
            "((k >= 100) AND (k < 200))",
            &range("100", "200")
        ));
        assert!(!proves(
            "k int NOT NULL",
            "k >= 100 OR k < 200",
            &range("100", "200")
        ));
        let dates = range("'2026-01-01'", "'2026-02-01'");
        let check = "k >= '2026-01-01'::date AND k < DATE '2026-02-01'";
        assert!(proves("k date NOT NULL", check, &dates));
        let list = Bound::In("'a', 'b'".into());
        assert!(proves("k text NOT NULL", "k IN ('b')", &list));
        assert!(proves("k text NOT NULL", "k = 'a'", &list));
        assert!(!proves("k text NOT NULL", "k IN ('a', 'c')", &list));
    }
}
