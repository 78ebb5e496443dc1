//! Quotes identifiers for SQL.

use crate::text::keywords::is_reserved;

/// An identifier, in quotes if it needs them, as PostgreSQL's `quote_ident()` writes it.
pub(crate) fn quote_ident(name: &str) -> String {
    let starts = |c: char| c.is_ascii_lowercase() || c == '_';
    let goes_on = |c: char| starts(c) || c.is_ascii_digit();
    let is_plain = name.starts_with(starts) && name.chars().all(goes_on);
    match is_plain && !is_reserved(name) {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// `a, b`.
pub(crate) fn quote_list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| quote_ident(name)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::quote_ident;

    #[test]
    fn a_name_is_quoted_if_it_needs_quotes() {
        for (name, written) in [
            ("users", "users"),
            ("_a1", "_a1"),
            ("user", "\"user\""),
            ("order", "\"order\""),
            ("Users", "\"Users\""),
            ("a b", "\"a b\""),
            ("1a", "\"1a\""),
            ("a\"b", "\"a\"\"b\""),
            ("ß", "\"ß\""),
            ("", "\"\""),
        ] {
            assert_eq!(quote_ident(name), written);
        }
    }
}
