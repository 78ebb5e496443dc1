//! Whether a function is the one that follows from the first line of a series.

use crate::replace::pair::Pair;
use crate::replace::trigger::create;
use crate::text::split::{TokenKind, split, tokens};

/// Whether the statement creates the same function as the generated one, apart from comments, blanks and case.
pub(crate) fn expected(pair: &Pair<'_>, statement: &str) -> bool {
    let generated = create(pair);
    let split = split(&generated);
    let wanted = split
        .statements
        .first()
        .and_then(|raw| generated.get(raw.span.clone()));
    wanted.is_some_and(|wanted| plain(wanted) == plain(statement))
}

/// The tokens, with those of a body among them.
fn plain(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for token in tokens(text) {
        let word = text.get(token.span()).unwrap_or_default();
        match token.kind {
            TokenKind::Literal if word.starts_with('$') => {
                let tag = word
                    .get(1..)
                    .and_then(|rest| rest.find('$'))
                    .map_or(1, |at| at + 2);
                let body = word
                    .get(tag..word.len().saturating_sub(tag))
                    .unwrap_or_default();
                all.extend(plain(body));
            }
            TokenKind::Word => all.push(word.to_lowercase()),
            TokenKind::Literal
            | TokenKind::QuotedWord
            | TokenKind::Number
            | TokenKind::Symbol(_)
            | TokenKind::Comment
            | TokenKind::Psql => all.push(word.to_owned()),
        }
    }
    let is_filler = |word: &String| word == "or" || word == "replace" || word == ";";
    let head = all.iter().position(|word| word == "function").unwrap_or(0);
    let rest = all.split_off(head);
    all.retain(|word| !is_filler(word));
    all.extend(rest);
    all
}
