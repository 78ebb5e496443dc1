//! Extended statistics over the old column, which are created for the new one too.

use crate::replace::index::following;
use crate::replace::pair::Pair;
use crate::statement::Name;
use crate::statement::to_sql::quote_name;
use crate::text::quote::quote_ident;
use crate::text::split::{Token, TokenKind, tokens};

/// Whether the statement that creates statistics names the column.
pub(super) fn uses(pair: &Pair<'_>, text: &str) -> bool {
    let tokens = tokens(text);
    tokens.iter().any(|token| is_old(pair, text, token))
}

/// The same statistics with the new column; `None` if it is not certain what they should be.
pub(super) fn beside(pair: &Pair<'_>, name: &Name, text: &str) -> Option<String> {
    let ([new], None) = (pair.new.as_slice(), &pair.series.moved) else {
        return None;
    };
    let tokens = tokens(text);
    let outside = outside(text, &tokens);
    let at = |word: &str| {
        let mut all = outside.iter().copied();
        all.find(|at| is_word(text, tokens.get(*at), word))
    };
    let (on, from) = (at("on")?, at("from")?);
    let listed = tokens.get(on + 1..from)?;
    if listed.iter().any(|token| is(text, token, "(")) && !pair.is_rename() {
        return None;
    }
    let start = tokens.get(on)?.span().end;
    let mut columns = text.get(start..tokens.get(from)?.span().start)?.to_owned();
    for token in listed
        .iter()
        .rev()
        .filter(|token| is_old(pair, text, token))
    {
        let span = token.span();
        columns.replace_range(
            span.start - start..span.end - start,
            &quote_ident(&new.name),
        );
    }
    let name = Name {
        schema: name.schema.clone(),
        name: following(pair, &name.name),
    };
    Some(format!(
        "CREATE STATISTICS {}{} ON {} FROM {};\n",
        quote_name(&name),
        kinds(text, tokens.get(..on)?).unwrap_or_default(),
        columns.trim(),
        quote_name(&pair.table.name)
    ))
}

/// The kinds in parentheses before `ON`.
fn kinds(text: &str, before: &[Token]) -> Option<String> {
    let open = before.iter().find(|token| is(text, token, "("))?;
    let close = before.last()?;
    let inner = text.get(open.span().start..close.span().end)?;
    Some(format!(" {inner}"))
}

/// The places of the tokens that stand in no parentheses.
fn outside(text: &str, tokens: &[Token]) -> Vec<usize> {
    let mut depth = 0_usize;
    let mut all = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if is(text, token, "(") {
            depth += 1;
        } else if is(text, token, ")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            all.push(at);
        }
    }
    all
}

fn is(text: &str, token: &Token, symbol: &str) -> bool {
    text.get(token.span()) == Some(symbol)
}

fn is_word(text: &str, token: Option<&Token>, word: &str) -> bool {
    token.is_some_and(|token| {
        matches!(token.kind, TokenKind::Word)
            && text
                .get(token.span())
                .is_some_and(|found| found.eq_ignore_ascii_case(word))
    })
}

fn is_old(pair: &Pair<'_>, text: &str, token: &Token) -> bool {
    let found = text.get(token.span()).unwrap_or_default();
    match token.kind {
        TokenKind::Word => found.to_lowercase() == pair.series.column,
        TokenKind::QuotedWord => {
            found == format!("\"{}\"", pair.series.column.replace('"', "\"\""))
        }
        TokenKind::Literal
        | TokenKind::Number
        | TokenKind::Symbol(_)
        | TokenKind::Comment
        | TokenKind::Psql => false,
    }
}
