//! The actions of one `ALTER TABLE`, as they are written in the text.

use std::ops::Range;

use crate::text::split::{Token, TokenKind, tokens};

/// The statement with another action, or none, in place of the action that contains the byte `at`.
///
/// `None` if it is not an `ALTER TABLE`, or if no action would remain.
pub(crate) fn instead(statement: &str, at: usize, action: Option<&str>) -> Option<String> {
    let actions = actions(statement)?;
    let index = actions.iter().position(|one| one.contains(&at))?;
    let this = actions.get(index)?;
    let (kept, rest) = match (action, index.checked_sub(1)) {
        (Some(_), _) => (this.start, this.end),
        (None, Some(before)) => (actions.get(before)?.end, this.end),
        (None, None) => (this.start, actions.get(1)?.start),
    };
    let (before, behind) = (statement.get(..kept)?, statement.get(rest..)?);
    (actions.len() > 1).then(|| [before, action.unwrap_or_default(), behind].concat())
}

/// The action that contains the byte `at`.
pub(crate) fn containing(statement: &str, at: usize) -> Option<&str> {
    let action = actions(statement)?
        .into_iter()
        .find(|one| one.contains(&at))?;
    statement.get(action)
}

/// The byte range of each action, without the commas between them.
fn actions(statement: &str) -> Option<Vec<Range<usize>>> {
    let mut all = tokens(statement);
    all.retain(|token| token.kind != TokenKind::Comment);
    let tokens = all.get(head(statement, &all)?..)?;
    let mut depth = 0_usize;
    let parts = tokens.split(|token| match token.kind {
        TokenKind::Symbol('(' | '[') => {
            depth += 1;
            false
        }
        TokenKind::Symbol(')' | ']') => {
            depth = depth.saturating_sub(1);
            false
        }
        TokenKind::Symbol(',') => depth == 0,
        TokenKind::Symbol(_)
        | TokenKind::Word
        | TokenKind::QuotedWord
        | TokenKind::Literal
        | TokenKind::Number
        | TokenKind::Comment
        | TokenKind::Psql => false,
    });
    let span = |part: &[Token]| Some(part.first()?.span().start..part.last()?.span().end);
    parts.map(span).collect()
}

/// The number of tokens of `ALTER TABLE IF EXISTS ONLY a.b *`, as far as they are written.
fn head(statement: &str, tokens: &[Token]) -> Option<usize> {
    let mut at = 0;
    let mut eat = |is: &dyn Fn(TokenKind, &str) -> bool| {
        let token = tokens.get(at);
        let is_it = token.is_some_and(|token| {
            statement
                .get(token.span())
                .is_some_and(|text| is(token.kind, text))
        });
        at += usize::from(is_it);
        is_it.then_some(())
    };
    let is = |wanted: &'static str| {
        move |kind: TokenKind, text: &str| {
            matches!(kind, TokenKind::Word | TokenKind::Symbol(_))
                && text.eq_ignore_ascii_case(wanted)
        }
    };
    let is_name =
        |kind: TokenKind, _: &str| matches!(kind, TokenKind::Word | TokenKind::QuotedWord);
    eat(&is("alter"))?;
    eat(&is("foreign"));
    eat(&is("table"))?;
    if eat(&is("if")).is_some() {
        eat(&is("exists"))?;
    }
    eat(&is("only"));
    eat(&is_name)?;
    while eat(&is(".")).is_some() {
        eat(&is_name)?;
    }
    eat(&is("*"));
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::instead;

    const THREE: &str = "ALTER TABLE IF EXISTS ONLY \"a,b\".c\n  ADD x numeric(3, 1), -- one, two\n  ADD y int[3],DROP z";

    fn without(word: &str) -> Option<String> {
        instead(THREE, THREE.find(word)?, None)
    }

    #[test]
    fn an_action_is_removed_with_its_comma() {
        let head = "ALTER TABLE IF EXISTS ONLY \"a,b\".c\n  ";
        assert_eq!(without("x num"), Some(format!("{head}ADD y int[3],DROP z")));
        assert_eq!(
            without("y int"),
            Some(format!("{head}ADD x numeric(3, 1),DROP z"))
        );
        assert_eq!(
            without("z"),
            Some(format!(
                "{head}ADD x numeric(3, 1), -- one, two\n  ADD y int[3]"
            ))
        );
        assert_eq!(without("c\n"), None, "the head is not an action");
    }

    #[test]
    fn an_action_is_replaced_by_another() {
        let text = "alter foreign table t * add x int, drop y";
        let at = text.find("x int").unwrap_or_default();
        assert_eq!(
            instead(text, at, Some("ADD x bigint")).as_deref(),
            Some("alter foreign table t * ADD x bigint, drop y")
        );
    }

    #[test]
    fn a_single_action_is_not_removed() {
        for text in [
            "ALTER TABLE t DROP x",
            "DROP TABLE t, x",
            "ALTER TYPE t ADD x int, DROP y",
        ] {
            let at = text.find('x').unwrap_or_default();
            assert_eq!(instead(text, at, None), None, "{text}");
        }
    }
}
