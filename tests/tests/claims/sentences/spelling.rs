//! What stands in a sentence for the tokens of a grammar.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::generator::Random;
use super::notation::CLASSES;

const NAMES: [&str; 6] = ["a", "b", "t", "u", "x1", "\"q q\""];

/// The keywords of each category, from the analyzer's list.
static KEYWORDS: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let text = include_str!("../../../../analyzer/src/text/keywords.grammar");
    let mut category = "";
    let mut keywords: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with("--")) {
        match line.strip_suffix(':') {
            Some(head) => category = head.split(' ').next().unwrap_or_default(),
            None => keywords
                .entry(category)
                .or_default()
                .extend(line.split_whitespace()),
        }
    }
    keywords
});

/// All keywords of PostgreSQL.
pub(super) fn keywords() -> impl Iterator<Item = &'static str> {
    KEYWORDS.values().flatten().copied()
}

/// A token of the analyzer's grammar.
pub(super) fn ours(token: &str, random: &mut Random) -> String {
    let categories: &[&str] = match token {
        "col_id" => &["unreserved", "column"],
        "type_func" => &["unreserved", "type_or_function"],
        "non_reserved" => &["unreserved", "column", "type_or_function"],
        "label" | "bare_label" => &["unreserved", "column", "type_or_function", "reserved"],
        _ => &[],
    };
    if let Some(category) = random.pick(categories)
        && random.below(3) == 0
    {
        let words = KEYWORDS
            .get(category)
            .map(Vec::as_slice)
            .unwrap_or_default();
        return random
            .pick(words)
            .map(|word| (*word).to_owned())
            .unwrap_or_default();
    }
    value(token, random).unwrap_or_else(|| match CLASSES.contains(&token) {
        true => random
            .pick(&NAMES)
            .map(|name| (*name).to_owned())
            .unwrap_or_default(),
        false => token.to_owned(),
    })
}

/// A token of PostgreSQL's own grammar.
pub(super) fn theirs(token: &str, random: &mut Random) -> String {
    let word = match token {
        "IDENT" => {
            return random
                .pick(&NAMES)
                .map(|name| (*name).to_owned())
                .unwrap_or_default();
        }
        "SCONST" | "USCONST" => "string",
        "ICONST" => "integer",
        "FCONST" => "float",
        "BCONST" | "XCONST" => "bits",
        "PARAM" => "parameter",
        "Op" => "operator",
        "UIDENT" => "a",
        "TYPECAST" => "::",
        "DOT_DOT" => "..",
        "COLON_EQUALS" => ":=",
        "EQUALS_GREATER" => "=>",
        "LESS_EQUALS" => "<=",
        "GREATER_EQUALS" => ">=",
        "NOT_EQUALS" => "<>",
        _ if token.starts_with('\'') => token.trim_matches('\''),
        _ => token.trim_end_matches("_P").trim_end_matches("_LA"),
    };
    value(word, random).unwrap_or_else(|| word.to_owned())
}

/// A literal or an operator.
fn value(class: &str, random: &mut Random) -> Option<String> {
    let values: &[&str] = match class {
        "string" => &["'x'", "'y z'", "E'\\n'"],
        "integer" => &["1", "2", "30"],
        "float" => &["1.5", "2e3"],
        "bits" => &["b'01'", "x'1f'"],
        "parameter" => &["$1"],
        "operator" => &["||", "@>", "~", "->", "<<", "#"],
        _ => return None,
    };
    random.pick(values).map(|value| (*value).to_owned())
}
