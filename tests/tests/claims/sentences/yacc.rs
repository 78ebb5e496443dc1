//! Reads the rules of a grammar in yacc's notation, such as PostgreSQL's own `gram.y`, without its actions.

use std::collections::BTreeMap;

use super::form::{Form, Grammar};

/// The grammar in a text.
pub(super) fn read(text: &str) -> Grammar {
    let body = text.split("\n%%").nth(1).unwrap_or_default();
    let words = words(body);
    let mut rules = BTreeMap::new();
    let is_head = |at: usize| words.get(at + 1).is_some_and(|next| next == ":");
    let mut at = 0;
    while at < words.len() {
        let name = words[at].clone();
        let mut alternatives = vec![Vec::new()];
        at += 2;
        while at < words.len() && words[at] != ";" && !is_head(at) {
            match words[at].as_str() {
                "|" => alternatives.push(Vec::new()),
                // Precedence does not make other sentences.
                "%prec" => at += 1,
                word if word.starts_with('%') => {}
                word => alternatives
                    .last_mut()
                    .into_iter()
                    .for_each(|last| last.push(word.to_owned())),
            }
            at += 1;
        }
        at += usize::from(words.get(at).is_some_and(|word| word == ";"));
        rules.insert(name, alternatives);
    }
    let names: Vec<String> = rules.keys().cloned().collect();
    let form = |word: String| match names.binary_search(&word) {
        Ok(_) => Form::Rule(word),
        Err(_) => Form::Token(word),
    };
    let choice = |alternatives: Vec<Vec<String>>| {
        let sequences = alternatives
            .into_iter()
            .map(|words| words.into_iter().map(form));
        Form::Choice(
            sequences
                .map(|items| Form::Sequence(items.collect()))
                .collect(),
        )
    };
    let rules = rules
        .into_iter()
        .map(|(name, alternatives)| (name, choice(alternatives)));
    Grammar::new(rules.collect())
}

/// The words and signs, without comments and without what is in braces.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    let mut braces = 0_usize;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || "_%".contains(c);
        let until = |end: &str| rest.find(end).map(|at| at + end.len());
        let end = match first {
            '/' if rest.starts_with("/*") => until("*/"),
            '/' if rest.starts_with("//") => until("\n"),
            '"' => closing(rest, '"'),
            '\'' => closing(rest, '\''),
            c if is_word(c) => rest.find(|c| !is_word(c)),
            _ => Some(first.len_utf8()),
        };
        let (word, more) = rest.split_at(end.unwrap_or(rest.len()));
        match first {
            '{' => braces += 1,
            '}' => braces -= 1,
            _ if braces > 0 || word.starts_with("/*") || word.starts_with("//") => {}
            _ => words.push(word.to_owned()),
        }
        rest = more.trim_start();
    }
    words
}

/// The end of a quoted text, in which a backslash takes a character along.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut escaped = true;
    for (at, one) in text.char_indices() {
        match one {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            one if one == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}
