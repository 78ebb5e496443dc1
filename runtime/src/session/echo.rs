//! What an error shows of a statement: its first line, with every literal cut out.

/// At most so many characters.
const LONGEST: usize = 100;

/// The first line of a statement, without comments, with `?` for every literal: a file may hold secrets and
/// values of rows, and errors are logged.
pub(crate) fn echo(sql: &str) -> String {
    let mut shown = String::new();
    let mut rest = sql.trim_start();
    while let Some(c) = rest.chars().next() {
        if c == '\n' && !shown.trim().is_empty() {
            break;
        }
        let after_name = shown.chars().next_back().is_some_and(|last| {
            last.is_alphanumeric() || last == '_' || last == '"' || last == '$'
        });
        let (length, is_literal) = token(rest, c, after_name);
        let (token, behind) = rest.split_at(length);
        match (is_literal, is_comment(token)) {
            (true, _) => shown.push('?'),
            (false, true) => {}
            (false, false) => shown.push_str(token),
        }
        rest = behind;
    }
    let shown = shown.trim();
    match shown.char_indices().nth(LONGEST) {
        Some((end, _)) => [&shown[..end], "..."].concat(),
        None => shown.to_owned(),
    }
}

fn is_comment(token: &str) -> bool {
    token.starts_with("--") || token.starts_with("/*")
}

/// How long the token at the beginning of `rest` is, and whether it is a literal.
fn token(rest: &str, first: char, after_name: bool) -> (usize, bool) {
    let prefixed = |prefix: &str| {
        rest.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    if rest.starts_with("--") {
        return (rest.find('\n').unwrap_or(rest.len()), false);
    }
    if rest.starts_with("/*") {
        return (comment(rest), false);
    }
    if first == '\'' {
        return (quoted(rest, 1, false), true);
    }
    if first == '"' {
        let end = rest.get(1..).and_then(|inner| inner.find('"'));
        return (end.map_or(rest.len(), |end| end + 2), false);
    }
    if !after_name {
        if prefixed("e'") {
            return (quoted(rest, 2, true), true);
        }
        if prefixed("b'") || prefixed("x'") || prefixed("n'") {
            return (quoted(rest, 2, false), true);
        }
        if prefixed("u&'") {
            return (quoted(rest, 3, false), true);
        }
        if let Some(length) = dollar_quoted(rest) {
            return (length, true);
        }
        if first.is_ascii_digit() {
            let is_part = |c: char| c.is_alphanumeric() || c == '.' || c == '_';
            return (rest.find(|c| !is_part(c)).unwrap_or(rest.len()), true);
        }
    }
    if first.is_alphabetic() || first == '_' {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        return (rest.find(|c| !is_part(c)).unwrap_or(rest.len()), false);
    }
    (first.len_utf8(), false)
}

/// To the end of a string whose quote opens before `from`.
fn quoted(rest: &str, from: usize, escapes: bool) -> usize {
    let mut characters = rest
        .char_indices()
        .skip_while(|(at, _)| *at < from)
        .peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' if escapes => {
                characters.next();
            }
            '\'' if characters.peek().is_some_and(|(_, next)| *next == '\'') => {
                characters.next();
            }
            '\'' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn dollar_quoted(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('$')?;
    let end = inner.find('$')?;
    let tag = inner.get(..end)?;
    let is_tag = !tag.starts_with(|c: char| c.is_ascii_digit())
        && tag.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !is_tag {
        return None;
    }
    let opening = end + 2;
    let closing = rest.get(opening..)?.find(rest.get(..opening)?);
    Some(closing.map_or(rest.len(), |closing| opening + closing + opening))
}

/// Comments nest.
fn comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(inner) = rest.get(at..).filter(|inner| !inner.is_empty()) {
        if inner.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if inner.starts_with("*/") {
            (depth, at) = (depth.saturating_sub(1), at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += inner.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// What the server says of a statement, without the values that it quotes: those of a data exception, and
/// what stands at the place of a syntax error unless it is a word.
pub(crate) fn without_values(sqlstate: &str, said: &str) -> String {
    let is_value = |quoted: &str| {
        sqlstate.starts_with("22")
            || (sqlstate == "42601" && !quoted.chars().all(|c| c.is_alphabetic() || c == '_'))
    };
    let mut shown = String::with_capacity(said.len());
    let mut rest = said;
    while let Some((before, after)) = rest.split_once('"') {
        shown.push_str(before);
        // The server does not escape what it quotes, so a value may hold quotes: the last one ends it.
        let closing = match sqlstate.starts_with("22") {
            true => after.rfind('"'),
            false => after.find('"'),
        };
        let (quoted, behind) = closing.map_or((after, ""), |end| {
            (
                after.get(..end).unwrap_or_default(),
                after.get(end + 1..).unwrap_or_default(),
            )
        });
        shown.push_str(match is_value(quoted) {
            true => "\"?\"",
            false => "\"",
        });
        if !is_value(quoted) {
            shown.push_str(quoted);
            shown.push('"');
        }
        rest = behind;
    }
    shown.push_str(rest);
    shown
}

/// The server's DETAIL line without the values of rows; `None` where it may consist of nothing else. An error
/// about a constraint shows them in brackets, `Key (k)=(v) already exists.`, and one about data in any form.
pub(crate) fn detail_without_values(sqlstate: &str, detail: &str) -> Option<String> {
    match sqlstate.get(..2) {
        Some("22") => None,
        Some("23") => {
            let opens = detail.find("=(").map(|at| at + 1);
            let opens = opens.or_else(|| detail.find('('));
            // A value may hold brackets: the last one ends it.
            let closes = detail.rfind(')');
            match (opens, closes) {
                (Some(opens), Some(closes)) if opens < closes => {
                    let before = detail.get(..opens)?;
                    Some([before, "(?)", detail.get(closes + 1..)?].concat())
                }
                _ => None,
            }
        }
        _ => Some(without_values(sqlstate, detail)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_cut_out() {
        for (sql, shown) in [
            (
                "INSERT INTO t (k, v) VALUES ('api', 's3cr3t''B')",
                "INSERT INTO t (k, v) VALUES (?, ?)",
            ),
            (
                "SELECT E'a\\'b', x'1F', U&'d', $$a$$, $t$ $$ '$t$, 4711, 1.5e3",
                "SELECT ?, ?, ?, ?, ?, ?, ?",
            ),
            (
                "UPDATE \"t'1\" SET a1 = 5 -- s3cret\n WHERE x",
                "UPDATE \"t'1\" SET a1 = ?",
            ),
            ("/* s3cr3t /* nested */ */ DELETE FROM t2", "DELETE FROM t2"),
            (
                "INSERT INTO t VALUES ('over\nlines', 2)",
                "INSERT INTO t VALUES (?, ?)",
            ),
            ("\n  -- why\n  VACUUM t", "VACUUM t"),
            ("DO $$ BEGIN\n x := 's3cr3t'; END $$", "DO ?"),
            ("SELECT 'unterminated", "SELECT ?"),
            ("SELECT $1, a$b$c", "SELECT $1, a$b$c"),
        ] {
            assert_eq!(echo(sql), shown, "{sql}");
        }
        assert_eq!(echo(&"ä".repeat(300)), "ä".repeat(100) + "...");
    }

    #[test]
    fn a_detail_shows_no_value_of_a_row() {
        for (sqlstate, detail, shown) in [
            (
                "23505",
                "Key (lower(mail))=(a) (b)=(c) already exists.",
                Some("Key (lower(mail))=(?) already exists."),
            ),
            (
                "23503",
                "Key (a, b)=(1, s3cr3t) is not present in table \"t\".",
                Some("Key (a, b)=(?) is not present in table \"t\"."),
            ),
            (
                "23514",
                "Failing row contains (1, s3cr3t).",
                Some("Failing row contains (?)."),
            ),
            (
                "23P01",
                "Key (r)=([1,2)) conflicts with existing key (r)=([1,3)).",
                Some("Key (r)=(?)."),
            ),
            (
                "23514",
                "Partition key of the failing row contains (k) = (s3cr3t).",
                Some("Partition key of the failing row contains (?)."),
            ),
            ("23514", "s3cr3t", None),
            ("22P02", "Token \"s3cr3t\" is invalid.", None),
            (
                "2BP01",
                "view a.v depends on table a.t",
                Some("view a.v depends on table a.t"),
            ),
        ] {
            let cut = detail_without_values(sqlstate, detail);
            assert_eq!(cut.as_deref(), shown, "{detail}");
        }
    }

    #[test]
    fn values_that_the_server_quotes_are_cut_out() {
        for (sqlstate, said, shown) in [
            (
                "22P02",
                "invalid input syntax for type integer: \"a\"b\"",
                "invalid input syntax for type integer: \"?\"",
            ),
            (
                "42601",
                "syntax error at or near \"'s3cr3t'\"",
                "syntax error at or near \"?\"",
            ),
            (
                "42601",
                "syntax error at or near \"TABEL\"",
                "syntax error at or near \"TABEL\"",
            ),
            (
                "42703",
                "column \"nope\" does not exist",
                "column \"nope\" does not exist",
            ),
            ("22012", "division by zero", "division by zero"),
        ] {
            assert_eq!(without_values(sqlstate, said), shown);
        }
    }
}
