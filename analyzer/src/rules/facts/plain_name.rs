//! Names that need no quotes.

/// Whether the name needs no quotes. Does not check for reserved words, which need them too.
pub(in crate::rules) fn is_plain(name: &str) -> bool {
    let starts_well = !name.starts_with(|first: char| first.is_ascii_digit() || first == '$');
    let mut signs = name.chars();
    starts_well
        && signs.all(|sign| match sign.is_ascii() {
            true => matches!(sign, 'a'..='z' | '0'..='9' | '_' | '$'),
            false => sign.is_alphabetic(),
        })
}
