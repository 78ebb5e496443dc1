//! How a data migration runs: `batch`, `in rust`, `background`, `done when`, `tenants`, `skip`, `approve`, `healthy when`.

use super::{Directive, WrongDirective, wrong};
use crate::text::split::{TokenKind, tokens_and_comments};

/// How a data migration is split into batches.
///
/// ```
/// let batch = onward_analyzer::directive::Batch { rows: 1000, by: vec!["id".into()] };
/// assert_eq!(batch.rows, 1000);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The number of rows in one batch.
    pub rows: u32,
    /// The folded names of the columns by whose order the table is split; none for a statement that limits
    /// itself.
    pub by: Vec<String>,
}

/// `1000 by tenant_id, id`, or the number alone.
pub(super) fn batch(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    let rest = without_comment(rest);
    let (rows, by) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let by = by.trim();
    let (word, columns) = by.split_once(char::is_whitespace).unwrap_or((by, ""));
    let names = match by.is_empty() {
        true => Some(Vec::new()),
        false if word.eq_ignore_ascii_case("by") => column_names(columns),
        false => None,
    };
    match (rows.parse(), names) {
        (Ok(rows @ 1..), Some(by)) => Ok(Directive::Batch(Batch { rows, by })),
        _ => Err(wrong(
            format!("`batch {rest}` does not say how to split the table"),
            "write `-- onward: batch 1000 by id`: the number of rows in a batch, then the column that orders \
             them, or several: `batch 1000 by tenant_id, id`",
        )),
    }
}

pub(super) fn in_rust(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    match without_comment(rest).eq_ignore_ascii_case("rust") {
        true => Ok(Directive::InRust),
        false => Err(wrong(
            format!("`in {rest}` does not name a language for data migrations"),
            "write `-- onward: in rust`: code of the service, an implementation of `onward::data::Batch`, does the \
             work of this file",
        )),
    }
}

pub(super) fn background(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    alone("background", rest, Directive::Background)
}

pub(super) fn approve(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    alone("approve", rest, Directive::Approve)
}

/// The text before a second `--`, behind which the author may say why.
fn without_comment(rest: &str) -> &str {
    rest.split("--").next().unwrap_or(rest).trim()
}

/// A directive that is one word.
fn alone(word: &str, rest: &str, directive: Directive) -> Result<Directive, WrongDirective> {
    match without_comment(rest).is_empty() {
        true => Ok(directive),
        false => Err(wrong(
            format!("`{word}` is one word, but `{rest}` follows it"),
            format!("write `-- onward: {word}` in a line of its own"),
        )),
    }
}

/// `at most 20 rows`.
pub(super) fn skip(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    let words: Vec<String> = without_comment(rest)
        .split_whitespace()
        .map(str::to_ascii_lowercase)
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let rows = match words.as_slice() {
        ["at", "most", rows, "row" | "rows"] => rows.parse().ok().filter(|rows| *rows > 0),
        _ => None,
    };
    rows.map(Directive::Skip).ok_or_else(|| {
        wrong(
            format!("`skip {rest}` does not say how many rows may be left out"),
            "write `-- onward: skip at most 20 rows`: rows that fail are left out and reported, up to this number; \
             without the line the first row that fails stops the migration",
        )
    })
}

pub(super) fn done(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    let form = "write `-- onward: done when SELECT true FROM <table> WHERE <not migrated yet>`: a query that \
                returns true for each row that is still to do";
    question("done", rest, form).map(Directive::DoneWhen)
}

pub(super) fn healthy(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    let form = "write `-- onward: healthy when SELECT <condition>`: a query of one boolean; the worker waits \
                while it is not true";
    question("healthy", rest, form).map(Directive::HealthyWhen)
}

pub(super) fn tenants(rest: &str, _: &str) -> Result<Directive, WrongDirective> {
    match rest.is_empty() {
        false => Ok(Directive::Tenants(rest.to_owned())),
        true => Err(wrong(
            "`tenants` does not name a query",
            "write `-- onward: tenants SELECT id FROM <table of tenants>`: a query of one column that lists every \
             tenant",
        )),
    }
}

/// `when` and a query.
fn question(verb: &str, rest: &str, form: &str) -> Result<String, WrongDirective> {
    let (word, query) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let query = query.trim();
    match word.eq_ignore_ascii_case("when") && !query.is_empty() {
        true => Ok(query.to_owned()),
        false => Err(wrong(
            format!("`{verb} {rest}` does not name a query"),
            form,
        )),
    }
}

/// Names that commas separate, folded; `None` if the text is anything else.
fn column_names(text: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let tokens = tokens_and_comments(text);
    for (at, token) in tokens.iter().enumerate() {
        let word = text.get(token.span())?;
        match (at % 2, token.kind) {
            (0, TokenKind::Word) => names.push(word.to_ascii_lowercase()),
            (0, TokenKind::QuotedWord) => {
                let inner = word.strip_prefix('"')?.strip_suffix('"')?;
                names.push(inner.replace("\"\"", "\""));
            }
            (1, _) if word == "," => {}
            _ => return None,
        }
    }
    (tokens.len() % 2 == 1).then_some(names)
}
