//! Rust names for those of the database.

use std::collections::BTreeSet;

/// Words that cannot be names, even with `r#`.
const NEVER: [&str; 5] = ["crate", "self", "Self", "super", "_"];

/// Words that need `r#`, of all editions.
const KEYWORDS: [&str; 49] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized",
    "use", "virtual", "where", "while", "yield",
];

/// For modules and fields: `order_items`, `r#type`.
pub(crate) fn snake(name: &str) -> String {
    let mut text = String::new();
    let mut before = '_';
    for c in name.chars() {
        if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            text.push('_');
        }
        let is_part = c.is_alphanumeric() || c == '_';
        match is_part {
            true => text.extend(c.to_lowercase()),
            false => text.push('_'),
        }
        before = c;
    }
    escaped(started(text))
}

/// For constants: `CREATED_AT`.
pub(crate) fn constant(name: &str) -> String {
    let text = snake(name);
    let bare = text.strip_prefix("r#").unwrap_or(&text);
    let bare = match NEVER.contains(&bare.trim_end_matches('_')) {
        true => bare.trim_end_matches('_'),
        false => bare,
    };
    bare.to_uppercase()
}

/// For types and variants: `InProgress`.
pub(crate) fn camel(name: &str) -> String {
    let mut text = String::new();
    let mut starts = true;
    for c in name.chars() {
        match (c.is_alphanumeric(), starts) {
            (true, true) => text.extend(c.to_uppercase()),
            (true, false) => text.push(c),
            (false, _) => {}
        }
        starts = !c.is_alphanumeric();
    }
    match text.is_empty() {
        true => "Empty".to_owned(),
        false => escaped(started(text)),
    }
}

/// A name does not begin with a digit.
fn started(text: String) -> String {
    match text.starts_with(|c: char| c.is_numeric()) || text.is_empty() {
        true => format!("_{text}"),
        false => text,
    }
}

fn escaped(text: String) -> String {
    if NEVER.contains(&text.as_str()) {
        return format!("{text}_");
    }
    match KEYWORDS.contains(&text.as_str()) {
        true => format!("r#{text}"),
        false => text,
    }
}

/// The names in order, each once: the second `a` is `a_2`.
pub(crate) fn unique(names: impl IntoIterator<Item = String>, taken: &[&str]) -> Vec<String> {
    let mut seen: BTreeSet<String> = taken.iter().map(|one| (*one).to_owned()).collect();
    let each = names.into_iter().map(|name| {
        let tries = (2..).map(|n| format!("{name}_{n}"));
        let free = std::iter::once(name.clone())
            .chain(tries)
            .find(|one| seen.insert(one.clone()));
        free.unwrap_or(name)
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_database_become_names_of_rust() {
        for (name, module, constant_, type_) in [
            ("order_items", "order_items", "ORDER_ITEMS", "OrderItems"),
            ("type", "r#type", "TYPE", "Type"),
            ("OrderItems", "order_items", "ORDER_ITEMS", "OrderItems"),
            ("in progress", "in_progress", "IN_PROGRESS", "InProgress"),
            ("2fa", "_2fa", "_2FA", "_2fa"),
            ("self", "self_", "SELF", "Self_"),
            ("größe", "größe", "GRÖSSE", "Größe"),
            ("a-b", "a_b", "A_B", "AB"),
        ] {
            assert_eq!(snake(name), module);
            assert_eq!(constant(name), constant_);
            assert_eq!(camel(name), type_);
        }
        assert_eq!(camel("!"), "Empty");
    }

    #[test]
    fn the_second_of_a_name_is_numbered() {
        let names = ["a", "a", "b", "a"].map(str::to_owned);
        assert_eq!(unique(names, &["b"]), ["a", "a_2", "b_2", "a_3"]);
    }
}
