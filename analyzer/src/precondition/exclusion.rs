//! Rows that exclude each other.

use super::question::Asked;
use super::rows::Rows;
use crate::statement::{Expression, IndexKey};
use crate::text::quote::quote_ident;
use crate::text::split::tokens;

/// `EXCLUDE`: no two rows for which every operator is true. All of them are listed.
pub(super) fn exclusion(
    rows: &Rows<'_>,
    elements: &[String],
    keys: &[IndexKey],
    predicate: Option<&Expression>,
) -> Option<Asked> {
    let of = |(key, element): (&IndexKey, &String)| {
        let value = match (&key.column, &key.collation) {
            (_, Some(_)) => return None,
            (Some(column), None) => quote_ident(column),
            (None, None) => format!("({})", key.expression),
        };
        Some((value, operator(element)?.to_owned()))
    };
    let pairs = keys.iter().zip(elements).map(of);
    let pairs: Vec<(String, String)> = pairs.collect::<Option<_>>()?;
    if pairs.is_empty() || keys.len() != elements.len() {
        return None;
    }
    let demand = format!(
        "no two rows of {} exclude each other by {}",
        rows.relation.name,
        elements.join(", ")
    );
    let predicate = predicate.map(|one| one.text.as_str());
    Some(rows.excluding(demand, &pairs, predicate))
}

/// What stands behind the last `WITH`.
fn operator(element: &str) -> Option<&str> {
    let mut spans = tokens(element).into_iter().map(|token| token.span());
    let is_with = |span: &std::ops::Range<usize>| {
        element
            .get(span.clone())
            .is_some_and(|word| word.eq_ignore_ascii_case("WITH"))
    };
    let last = spans.rfind(is_with)?;
    Some(element.get(last.end..)?.trim())
}
