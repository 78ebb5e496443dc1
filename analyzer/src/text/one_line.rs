//! SQL in one line, to be pasted elsewhere.

use super::split::{Token, TokenKind, tokens_and_comments};

/// The SQL in one line, where that does not change it: a line comment would hide what follows, and a
/// string keeps its line breaks.
pub(crate) fn in_one_line(sql: &str) -> String {
    let tokens = tokens_and_comments(sql);
    let is_line_comment = |token: &Token| {
        let text = sql.get(token.span()).unwrap_or_default();
        token.kind == TokenKind::Comment && text.starts_with("--")
    };
    if tokens.iter().any(is_line_comment) {
        return sql.trim().to_owned();
    }
    let mut line = String::with_capacity(sql.len());
    let mut end = None;
    for token in &tokens {
        let span = token.span();
        if end.is_some_and(|end| end < span.start) {
            line.push(' ');
        }
        line += sql.get(span.clone()).unwrap_or_default();
        end = Some(span.end);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::in_one_line;

    #[test]
    fn joined_lines_mean_the_same() {
        for (sql, line) in [
            ("(a)\n  WHERE b = 'x  y'", "(a) WHERE b = 'x  y'"),
            ("(a) -- why\n  WHERE b", "(a) -- why\n  WHERE b"),
            (
                "(a) /* why\n not */\n WHERE b = '--'",
                "(a) /* why\n not */ WHERE b = '--'",
            ),
            ("(\"a  b\")", "(\"a  b\")"),
        ] {
            assert_eq!(in_one_line(sql), line);
        }
    }
}
