//! How both readers spell a fact, so that a difference is always one of reading.

/// `(a, b)`.
pub(super) fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    format!("({})", items.join(", "))
}

/// The words that apply, each after a blank.
pub(super) fn flags<const N: usize>(flags: [(bool, &str); N]) -> String {
    let set = flags.iter().filter(|(set, _)| *set);
    set.map(|(_, words)| format!(" {words}")).collect()
}

/// ` word value`, or nothing.
pub(super) fn with(word: &str, value: Option<String>) -> String {
    value.map_or_else(String::new, |value| format!(" {word} {value}"))
}

/// Without blanks and in lower case: for lists of values, whose layout has no meaning.
pub(super) fn squeezed(text: &str) -> String {
    let text: String = text.split_whitespace().collect();
    text.to_lowercase()
}
