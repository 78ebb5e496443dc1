//! The words of a condition.

use crate::text::split::tokens;

/// The words of a text. Signs that form one operator are one word, and keywords and names without
/// quotes are in lower case.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut end = 0;
    for span in tokens(text).into_iter().map(|token| token.span()) {
        let Some(word) = text.get(span.clone()) else {
            continue;
        };
        let joins = span.start == end && is_sign(word);
        end = span.end;
        match words.last_mut().filter(|last| joins && is_sign(last)) {
            Some(last) => last.push_str(word),
            None if word.contains(['\'', '"', '$']) => words.push(word.to_owned()),
            None => words.push(word.to_ascii_lowercase()),
        }
    }
    words.into_iter().flat_map(operator_and_sign).collect()
}

fn is_sign(word: &str) -> bool {
    word.chars().all(|c| "+-*/<>=~!@#%^&|`?:".contains(c))
}

/// An operator does not end with a minus, unless it contains other signs than those of arithmetic and
/// comparison: `>=-1` is `>=` and `-1`.
fn operator_and_sign(word: String) -> Vec<String> {
    let is_long = word.len() > 1
        && is_sign(&word)
        && !word.contains(['~', '!', '@', '#', '%', '^', '&', '|', '`', '?']);
    match word.strip_suffix(['-', '+']).filter(|_| is_long) {
        Some(operator) => {
            let sign = word.get(operator.len()..).unwrap_or_default();
            vec![operator.to_owned(), sign.to_owned()]
        }
        None => vec![word],
    }
}

/// The name that a word is, if it is one.
pub(super) fn name(word: &str) -> Option<String> {
    if let Some(quoted) = word.strip_prefix('"') {
        return Some(quoted.strip_suffix('"')?.replace("\"\"", "\""));
    }
    let mut chars = word.chars();
    let starts = chars
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_');
    let is_name = starts && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '$');
    is_name.then(|| word.to_owned())
}

/// The value of a string without escapes.
pub(super) fn string(word: &str) -> Option<String> {
    let plain = match word
        .strip_prefix(['E', 'e'])
        .filter(|_| !word.contains('\\'))
    {
        Some(plain) => plain,
        None => word,
    };
    let inner = plain.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(inner.replace("''", "'"))
}

/// The words without parentheses around the whole.
pub(super) fn unwrapped<'i, 'a>(words: &'i [&'a str]) -> &'i [&'a str] {
    let mut words = words;
    while let ["(", inner @ .., ")"] = words {
        let mut depth = 0_i32;
        let closes_early = inner.iter().any(|word| {
            depth += change(word);
            depth < 0
        });
        if closes_early {
            break;
        }
        words = inner;
    }
    words
}

/// By how much a word changes the depth of the parentheses around what follows.
fn change(word: &str) -> i32 {
    let opens = matches!(word, "(" | "[" | "case");
    i32::from(opens) - i32::from(matches!(word, ")" | "]" | "end"))
}

/// How deep the parentheses and the `NOT`s are nested.
pub(super) fn depth(words: &[&str]) -> i32 {
    let mut depth = 0_i32;
    let deepest = words.iter().map(|word| {
        depth += change(word);
        depth
    });
    let nots = words.iter().filter(|word| **word == "not").count();
    let deepest = deepest.max().unwrap_or_default();
    deepest.saturating_add(i32::try_from(nots).unwrap_or(i32::MAX))
}

/// The first word outside of parentheses that is one of these.
pub(super) fn position(words: &[&str], is: impl Fn(&str) -> bool) -> Option<usize> {
    let mut depth = 0_i32;
    words.iter().position(|word| {
        depth += change(word);
        depth == 0 && is(word)
    })
}

/// The parts between these words outside of parentheses. The `AND` of a `BETWEEN` separates nothing.
pub(super) fn parts<'i, 'a>(words: &'i [&'a str], separator: &str) -> Vec<&'i [&'a str]> {
    let mut depth = 0_i32;
    let mut between = false;
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, word) in words.iter().enumerate() {
        depth += change(word);
        if depth != 0 {
            continue;
        }
        if *word == "between" {
            between = true;
        } else if *word == "and" && between {
            between = false;
        } else if *word == separator {
            parts.extend(words.get(start..at));
            start = at + 1;
        }
    }
    parts.extend(words.get(start..));
    parts
}
