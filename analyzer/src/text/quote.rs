//! Identifiers, as SQL reads them back.

/// The words that PostgreSQL 15 to 18 take as a name only in quotes: what `pg_get_keywords()` calls
/// reserved or "can be function or type name".
const RESERVED: &str = " all analyse analyze and any array as asc asymmetric authorization binary both \
    case cast check collate collation column concurrently constraint create cross current_catalog \
    current_date current_role current_schema current_time current_timestamp current_user default \
    deferrable desc distinct do else end except false fetch for foreign freeze from full grant group \
    having ilike in initially inner intersect into is isnull join lateral leading left like limit \
    localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing \
    primary references returning right select session_user similar some symmetric system_user table \
    tablesample then to trailing true union unique user using variadic verbose when where window with ";

/// An identifier, in quotes where it needs them, as `quote_ident()` of PostgreSQL writes it.
pub(crate) fn quote_ident(name: &str) -> String {
    let starts = |c: char| c.is_ascii_lowercase() || c == '_';
    let goes_on = |c: char| starts(c) || c.is_ascii_digit();
    let is_plain = name.starts_with(starts) && name.chars().all(goes_on);
    match is_plain && !RESERVED.contains(&format!(" {name} ")) {
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
    fn what_is_not_a_plain_name_is_quoted() {
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
