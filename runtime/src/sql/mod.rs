//! SQL texts and the one function that puts values into them.
//!
//! The texts are files. A value gets into a text only as a [`Fragment`], which knows how it is
//! quoted, so that nothing in this crate pastes strings into SQL.

use crate::plan::checksum::Checksum;

/// A value that is put into a SQL text, as `{{name}}` in the file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fragment<'a> {
    /// A name, quoted.
    Identifier(&'a str),
    /// A string literal that may stand in a block between dollar quotes: it has no dollar.
    Code(&'a str),
    /// A string literal.
    Text(&'a str),
    /// A string literal that holds a qualified name, for `to_regclass` and its like.
    NameText(&'a [&'a str]),
    /// A string literal that holds an array of texts.
    Texts(&'a [String]),
    /// A number, as a string literal: the texts cast it where its type matters.
    Integer(i64),
    /// A digest in hexadecimal, as a string literal.
    Digest(Checksum),
    /// No value.
    Null,
    /// The parameter of a function, by its number from 1.
    Parameter(usize),
    /// SQL of a plan, which was checked at build time, or what [`execute_each`] returned.
    Trusted(&'a str),
}

impl Fragment<'_> {
    fn render(&self) -> String {
        match self {
            Self::Identifier(name) => identifier(name),
            Self::Code(text) => code(text),
            Self::Text(text) => literal(text),
            Self::NameText(path) => {
                let quoted: Vec<_> = path.iter().map(|name| identifier(name)).collect();
                literal(&quoted.join("."))
            }
            Self::Texts(texts) => literal(&array(texts)),
            Self::Integer(number) => literal(&number.to_string()),
            Self::Digest(digest) => literal(&digest.to_string()),
            Self::Null => "NULL".to_owned(),
            Self::Parameter(number) => format!("${number}"),
            Self::Trusted(sql) => (*sql).to_owned(),
        }
    }
}

/// Puts the fragments into the text, in one pass: what a fragment holds is never searched again.
pub(crate) fn fill(text: &str, fragments: &[(&str, Fragment<'_>)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((name, after)) = after.split_once("}}") else {
            filled.push_str("{{");
            rest = after;
            continue;
        };
        match fragments.iter().find(|(known, _)| *known == name) {
            Some((_, fragment)) => filled.push_str(&fragment.render()),
            // Left as it is, the server refuses the whole message before anything runs.
            None => filled.extend(["{{", name, "}}"]),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn identifier(name: &str) -> String {
    ["\"", &name.replace('"', "\"\""), "\""].concat()
}

/// The text of an array, whose elements are quoted whatever they hold.
fn array(texts: &[String]) -> String {
    let quoted: Vec<_> = texts
        .iter()
        .map(|text| text.replace('\\', "\\\\").replace('"', "\\\""))
        .map(|text| ["\"", &text, "\""].concat())
        .collect();
    ["{", &quoted.join(","), "}"].concat()
}

/// Reads the same whatever `standard_conforming_strings` says.
fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        [" E'", &quoted.replace('\\', "\\\\"), "'"].concat()
    } else {
        ["'", &quoted, "'"].concat()
    }
}

fn code(text: &str) -> String {
    let quoted = text.replace('\\', "\\\\").replace('\'', "''");
    [" E'", &quoted.replace('$', "\\044"), "'"].concat()
}

/// A dollar quote that the text cannot end: not even the beginning of its tag occurs in it.
fn dollar_quote(text: &str) -> String {
    let mut number = 0_u32;
    let mut tag = String::from("$onward_0");
    while text.contains(&tag) {
        number += 1;
        tag = format!("$onward_{number}");
    }
    [&tag, "$", text, &tag, "$"].concat()
}

/// One `DO` block that executes the statements one by one.
///
/// Inside a block the server refuses every way to end the transaction, so a statement cannot part
/// its effects from the ledger entry. One `EXECUTE` per statement keeps positions in an error
/// relative to the statement, and [`lines_of`] finds the statement when there is no position.
pub(crate) fn execute_each<'a>(statements: impl IntoIterator<Item = &'a str>) -> String {
    let mut block = String::from("BEGIN");
    for statement in statements {
        block.push_str("\nEXECUTE ");
        block.push_str(&dollar_quote(statement));
        block.push(';');
    }
    block.push_str("\nEND");
    ["DO ", &dollar_quote(&block), ";"].concat()
}

/// The line of the block on which each statement's `EXECUTE` stands, as PL/pgSQL counts them.
pub(crate) fn lines_of<'a>(
    statements: impl IntoIterator<Item = &'a str>,
) -> impl Iterator<Item = usize> {
    statements.into_iter().scan(2, |next, statement| {
        let line = *next;
        *next += 1 + statement.matches('\n').count();
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_fragment_is_quoted() {
        for (fragment, expected) in [
            (Fragment::Identifier("a\"b"), r#""a""b""#),
            (Fragment::Text("it's"), "'it''s'"),
            (Fragment::Text(r"a\'"), r" E'a\\'''"),
            (Fragment::Code(r"a\'$$"), r" E'a\\''\044\044'"),
            (Fragment::NameText(&["a", "b\"'"]), r#"'"a"."b""''"'"#),
            (Fragment::Texts(&[]), "'{}'"),
            (
                Fragment::Texts(&["a'b".to_owned(), r#"c"d\"#.to_owned()]),
                r#" E'{"a''b","c\\"d\\\\"}'"#,
            ),
            (Fragment::Integer(i64::from(i32::MIN)), "'-2147483648'"),
        ] {
            assert_eq!(fill("{{x}}", &[("x", fragment)]), expected);
        }
    }

    #[test]
    fn a_fragment_is_never_searched_for_names() {
        let filled = fill(
            "{{a}} {{b}} {{c",
            &[("a", Fragment::Text("{{b}}")), ("b", Fragment::Integer(1))],
        );
        assert_eq!(filled, "'{{b}}' '1' {{c");
        assert_eq!(fill("{{unknown}}", &[]), "{{unknown}}");
    }

    #[test]
    fn the_tag_of_a_dollar_quote_is_absent_from_its_text() {
        for text in [
            "",
            "$",
            "$onward_0",
            "$onward_0$; DROP",
            "$onward_0$onward_1$",
            "a $onward_",
        ] {
            let quoted = dollar_quote(text);
            let tag_end = quoted
                .get(1..)
                .and_then(|rest| rest.find('$'))
                .map_or(0, |end| end + 2);
            let (tag, rest) = quoted.split_at(tag_end);
            assert_eq!(rest.strip_suffix(tag), Some(text), "{text}");
            assert_eq!(
                rest.find(tag.trim_end_matches('$')),
                Some(text.len()),
                "{text}"
            );
        }
    }

    #[test]
    fn each_statement_starts_on_the_line_that_is_told() {
        let statements = ["a", "b\nb\nb", "c"];
        let block = execute_each(statements);
        let lines: Vec<_> = block.split('\n').collect();
        for (statement, line) in statements.iter().zip(lines_of(statements)) {
            let first = statement.split('\n').next().unwrap_or_default();
            let found = lines.get(line - 1).copied().unwrap_or_default();
            assert!(found.contains(&["$", first].concat()), "{found}");
        }
    }
}
