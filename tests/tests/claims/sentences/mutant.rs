//! Sentences with one token dropped, doubled, swapped or replaced.

use super::generator::Random;

/// The tokens of a statement, with the gaps before them; what is quoted stays whole.
pub(super) fn tokens(sql: &str) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let quoted = |quote: char| rest[1..].find(quote).map(|end| end + 2);
        let end = match first {
            '\'' | '"' => quoted(first),
            '$' => dollar(rest),
            '-' if rest.starts_with("--") => rest.find('\n'),
            c if is_word(c) => rest.find(|c| !is_word(c) && c != '.'),
            ':' | '<' | '>' | '=' | '|' => rest.find(|c| !":<>=|".contains(c)),
            _ => Some(first.len_utf8()),
        };
        let (token, more) = rest.split_at(end.unwrap_or(rest.len()));
        if !token.starts_with("--") {
            tokens.push(token.to_owned());
        }
        rest = more.trim_start();
    }
    tokens
}

/// `$tag$ ... $tag$`.
fn dollar(text: &str) -> Option<usize> {
    let tag = text[1..].find('$')? + 2;
    let end = text[tag..].find(&text[..tag])?;
    Some(tag + end + tag)
}

/// Changes one token, or two that are beside each other.
pub(super) fn mutate(tokens: &[String], others: &[String], random: &mut Random) -> Vec<String> {
    let mut mutant = tokens.to_vec();
    let at = random.below(mutant.len());
    match random.below(4) {
        0 => {
            mutant.remove(at);
        }
        1 => mutant.insert(at, mutant[at].clone()),
        2 if at + 1 < mutant.len() => mutant.swap(at, at + 1),
        _ => {
            if let Some(other) = random.pick(others) {
                mutant[at].clone_from(other);
            }
        }
    }
    mutant
}
