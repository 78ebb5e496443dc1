//! The constraints of a domain, written as checks of a column.

use crate::statement::{Column, ConstraintKind};
use crate::text::quote::quote_ident;
use crate::text::split::{TokenKind, tokens};

/// The domain's checks for a column: `VALUE` becomes the column's name, `NOT NULL` becomes a check.
pub(in crate::rules) fn checks(domain: &Column, column: &str) -> Vec<String> {
    let not_null = domain
        .not_null
        .then(|| format!("{} IS NOT NULL", quote_ident(column)));
    let written = domain.constraints.iter().filter_map(|one| match &one.kind {
        ConstraintKind::Check(value) => Some(check(&value.text, column)),
        ConstraintKind::NotNull { .. } => Some(format!("{} IS NOT NULL", quote_ident(column))),
        ConstraintKind::ForeignKey(_)
        | ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Exclude { .. } => None,
    });
    let mut checks: Vec<String> = not_null.into_iter().chain(written).collect();
    checks.dedup();
    checks
}

/// The expression of a domain's check, with `VALUE` replaced by the column's name.
pub(in crate::rules) fn check(text: &str, column: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut at = 0;
    for token in tokens(text) {
        let span = token.span();
        let word = text.get(span.clone()).unwrap_or_default();
        if token.kind == TokenKind::Word && word.eq_ignore_ascii_case("value") {
            said += text.get(at..span.start).unwrap_or_default();
            said += &quote_ident(column);
            at = span.end;
        }
    }
    said + text.get(at..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn value_becomes_the_column_and_nothing_else_does() {
        assert_eq!(
            check("VALUE > 0 AND value <> 'value'", "a"),
            "a > 0 AND a <> 'value'"
        );
        assert_eq!(check("VALUE ~ '@'", "Mail"), "\"Mail\" ~ '@'");
    }
}
