//! Whether functions and triggers are those that follow from the first line of a series.

use crate::lower::lower;
use crate::replace::pair::Pair;
use crate::replace::trigger::create;
use crate::statement::{Change, Scope};
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

/// What the first line of a series asks for, and none of the statements creates as it follows from that line: functions and
/// triggers by their names.
pub(crate) fn lacking(pair: &Pair<'_>, statements: &[&str]) -> Vec<String> {
    let generated = create(pair);
    let written: Vec<Vec<String>> = statements.iter().map(|text| plain(text)).collect();
    let split = split(&generated);
    let lacks = split.statements.iter().filter(|raw| {
        let wanted = generated.get(raw.span.clone()).map(plain);
        wanted.is_some_and(|wanted| !written.contains(&wanted))
    });
    let scope = Scope::from(pair.schema.owned());
    let changes = lacks.flat_map(|raw| lower(&generated, raw, &scope).clauses);
    let named = changes.filter_map(|clause| match clause.change {
        Change::CreateRoutine(create) => Some(format!("the function {}", create.routine)),
        Change::CreateTrigger(create) => Some(format!(
            "the trigger {} of {}",
            create.trigger, create.table
        )),
        _ => None,
    });
    named.collect()
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
