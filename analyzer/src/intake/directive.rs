//! `-- onward:` comments.

use std::ops::Range;

use crate::intake::file_name::{Category, Version};
use crate::statement::Name;
use crate::text::nearest::nearest;

/// What a directive asks for.
///
/// ```
/// use onward_analyzer::directive::{Directive, read};
///
/// let text = r#"-- onward: allow drop-table because "nothing reads it since 2.4""#;
/// assert!(matches!(read(text, "auth"), Some(Ok(Directive::Allow { .. }))));
/// assert!(read("-- an ordinary comment", "auth").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directive {
    /// `allow drop-column because "reason"`: accepts findings of the next statement.
    Allow {
        /// The rules' ids.
        rules: Vec<String>,
        /// Why it is all right.
        reason: String,
    },
    /// `allow-file unnamed-constraint because "reason"`: the same for every statement of the file.
    AllowFile {
        /// The rules' ids.
        rules: Vec<String>,
        /// Why it is all right.
        reason: String,
    },
    /// `small-table app.kinds "at most 50 rows"`: what locks or reads this table weighs less.
    SmallTable {
        /// The table.
        table: Name,
        /// How it is known that it stays small.
        reason: String,
    },
    /// `external vuln.advisories`: an object that the files do not make and may speak of.
    External(Name),
    /// `breaks the endpoint of 2.3 that lists phones`: what a release migration takes from old code.
    Breaks(String),
    /// `requires DM003`: the migration may run only after that data migration is finished.
    Requires(Version),
    /// `transaction none`: the file's statement has to run outside a transaction.
    TransactionNone,
    /// `batch 1000 by id`: how a data migration is cut.
    Batch {
        /// Rows in one batch.
        rows: u32,
        /// The column whose order cuts the table.
        by: String,
    },
}

/// A directive and the bytes of its comment.
///
/// ```
/// # use onward_analyzer::directive::{Directive, PlacedDirective};
/// let placed = PlacedDirective { span: 0..28, directive: Directive::TransactionNone };
/// assert_eq!(placed.span.len(), 28);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedDirective {
    /// The bytes of the comment.
    pub span: Range<usize>,
    /// What it asks for.
    pub directive: Directive,
}

/// Why a comment that starts with `onward:` is no directive.
///
/// ```
/// let wrong = onward_analyzer::directive::read("-- onward: alow drop-table", "auth");
/// assert!(matches!(wrong, Some(Err(wrong)) if wrong.help.contains("allow")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongDirective {
    /// What is wrong with it.
    pub what: String,
    /// How it is written.
    pub help: String,
}

/// How a data migration is cut.
///
/// ```
/// let batch = onward_analyzer::plan::Batch { rows: 1000, by: "id".into() };
/// assert_eq!(batch.rows, 1000);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Rows in one batch.
    pub rows: u32,
    /// The column whose order cuts the table.
    pub by: String,
}

/// An allowance and what it speaks of.
pub(crate) struct Allowance<'a> {
    /// The bytes of its comment.
    pub(crate) span: Range<usize>,
    pub(crate) rules: &'a [String],
    pub(crate) reason: &'a str,
    pub(crate) reach: Reach,
}

/// What an allowance speaks of.
pub(crate) enum Reach {
    /// The statement with these bytes.
    Statement(Range<usize>),
    /// Every statement of the file.
    File,
    /// Nothing: no statement follows it.
    Nothing,
}

/// What the directives of a file say of it as a whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declarations {
    /// `transaction none`.
    pub(crate) transaction_none: bool,
    /// The data migrations that have to be finished first.
    pub(crate) requires: Vec<Version>,
    /// How a data migration is cut.
    pub(crate) batch: Option<Batch>,
    /// What old code loses.
    pub(crate) breaks: Option<String>,
    /// The objects of other schemas that the file may use.
    pub(crate) externals: Vec<Name>,
    /// The tables that are declared to be small.
    pub(crate) small_tables: Vec<Name>,
}

impl Declarations {
    /// Of one thing that can be said once, the first counts.
    pub(crate) fn of(directives: &[PlacedDirective]) -> Self {
        let mut declared = Self::default();
        for placed in directives {
            match placed.directive.clone() {
                Directive::TransactionNone => declared.transaction_none = true,
                Directive::Requires(version) => declared.requires.push(version),
                Directive::Batch { rows, by } => {
                    declared.batch.get_or_insert(Batch { rows, by });
                }
                Directive::Breaks(what) => {
                    declared.breaks.get_or_insert(what);
                }
                Directive::External(name) => declared.externals.push(name),
                Directive::SmallTable { table, .. } => declared.small_tables.push(table),
                Directive::Allow { .. } | Directive::AllowFile { .. } => {}
            }
        }
        declared
    }
}

const KNOWN: [&str; 8] = [
    "allow",
    "allow-file",
    "small-table",
    "external",
    "breaks",
    "requires",
    "transaction",
    "batch",
];

/// Reads a comment; `None` when it does not start with `onward:`. A table without a schema is one of
/// the module's own `schema`.
///
/// ```
/// use onward_analyzer::directive::{Directive, read};
///
/// assert_eq!(read("-- onward: transaction none", "auth"), Some(Ok(Directive::TransactionNone)));
/// ```
#[must_use]
pub fn read(comment: &str, schema: &str) -> Option<Result<Directive, WrongDirective>> {
    let body = comment
        .strip_prefix("--")
        .or_else(|| comment.strip_prefix("/*")?.strip_suffix("*/"))?
        .trim();
    let body = body
        .strip_prefix("onward:")
        .or_else(|| body.strip_prefix("onward :"))?
        .trim();
    let (verb, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
    let rest = rest.trim();
    Some(
        match verb.trim_end_matches(':').to_ascii_lowercase().as_str() {
            "allow" => {
                allow("allow", rest).map(|(rules, reason)| Directive::Allow { rules, reason })
            }
            "allow-file" => allow("allow-file", rest)
                .map(|(rules, reason)| Directive::AllowFile { rules, reason }),
            "small-table" => small_table(rest, schema),
            "external" => external(rest),
            "breaks" => breaks(rest),
            "requires" => requires(rest),
            "transaction" => transaction(rest),
            "batch" => batch(rest),
            other => Err(unknown(other)),
        },
    )
}

fn wrong(what: impl Into<String>, help: impl Into<String>) -> WrongDirective {
    WrongDirective {
        what: what.into(),
        help: help.into(),
    }
}

fn unknown(verb: &str) -> WrongDirective {
    let guess = nearest(verb, KNOWN).map(|known| format!("did you mean `{known}`? "));
    wrong(
        format!("`{verb}` is no directive"),
        format!(
            "{}the directives are `allow <rule> because \"<reason>\"`, `allow-file`, `small-table \
             <table> \"<reason>\"`, `external <schema>.<name>`, `breaks <what>`, `requires DM001`, \
             `transaction none` and `batch <rows> by <column>`",
            guess.unwrap_or_default()
        ),
    )
}

/// The rules and the reason of an allowance.
fn allow(verb: &str, rest: &str) -> Result<(Vec<String>, String), WrongDirective> {
    let form = format!("write `-- onward: {verb} <rule> because \"<reason>\"`");
    let lower = rest.to_ascii_lowercase();
    let (rules, reason) = match lower.find("because") {
        Some(at) => (&rest[..at], rest[at + "because".len()..].trim()),
        None => (rest, ""),
    };
    let rules: Vec<String> = rules
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|rule| !rule.is_empty())
        .map(str::to_owned)
        .collect();
    let reason = reason.trim_matches('"').trim();
    if rules.is_empty() {
        return Err(wrong("this allowance names no rule", form));
    }
    if !is_reason(reason) {
        return Err(wrong(
            format!("the allowance of `{}` has no reason", rules.join("`, `")),
            format!("{form}: a few words that the next reader can check"),
        ));
    }
    Ok((rules, reason.to_owned()))
}

/// A few words that the next reader can check.
fn is_reason(text: &str) -> bool {
    text.split_whitespace().count() >= 2
}

fn small_table(rest: &str, schema: &str) -> Result<Directive, WrongDirective> {
    let (table, reason) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let full = match table.contains('.') {
        true => table.to_owned(),
        false => format!("{schema}.{table}"),
    };
    let reason = reason.trim().trim_matches('"').trim();
    let table = Name::read(&full).filter(|_| is_reason(reason));
    let table = table.ok_or_else(|| {
        wrong(
            format!("`small-table {rest}` does not say which table is small, and why"),
            format!(
                "write `-- onward: small-table {schema}.<table> \"<reason>\"`: how it is known that it \
                 stays small"
            ),
        )
    })?;
    Ok(Directive::SmallTable {
        table,
        reason: reason.to_owned(),
    })
}

fn external(rest: &str) -> Result<Directive, WrongDirective> {
    let name = rest.split_whitespace().next().and_then(Name::read);
    name.map(Directive::External).ok_or_else(|| {
        wrong(
            format!("`external {rest}` names no object of another schema"),
            "write `-- onward: external <schema>.<name>`",
        )
    })
}

fn breaks(rest: &str) -> Result<Directive, WrongDirective> {
    let what = rest.trim_matches('"').trim();
    if !is_reason(what) {
        return Err(wrong(
            "`breaks` does not say what breaks",
            "write `-- onward: breaks <what code of an older release loses>`, a few words that the \
             operator can check",
        ));
    }
    Ok(Directive::Breaks(what.to_owned()))
}

fn requires(rest: &str) -> Result<Directive, WrongDirective> {
    Version::parse(rest)
        .filter(|version| version.category == Category::Data)
        .map(Directive::Requires)
        .ok_or_else(|| {
            wrong(
                format!("`{rest}` is no data migration"),
                "write `-- onward: requires DM001` with the version of a data migration of this module",
            )
        })
}

fn transaction(rest: &str) -> Result<Directive, WrongDirective> {
    match rest {
        "none" => Ok(Directive::TransactionNone),
        other => Err(wrong(
            format!("`transaction {other}` is no transaction mode"),
            "write `-- onward: transaction none`, or nothing: what cannot run in a transaction is \
             recognised by itself",
        )),
    }
}

fn batch(rest: &str) -> Result<Directive, WrongDirective> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    match words.as_slice() {
        [rows, "by", by] => match rows.parse() {
            Ok(rows @ 1..) => Some(Directive::Batch { rows, by: (*by).to_owned() }),
            Ok(0) | Err(_) => None,
        },
        _ => None,
    }
    .ok_or_else(|| {
        wrong(
            format!("`batch {rest}` does not say how to cut the table"),
            "write `-- onward: batch 1000 by id`: rows in a batch, then the column that orders them",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let allow = |rules: &[&str], reason: &str| Directive::Allow {
            rules: rules.iter().map(|&rule| rule.to_owned()).collect(),
            reason: reason.to_owned(),
        };
        for (text, directive) in [
            ("-- onward: allow a because \"b c\"", allow(&["a"], "b c")),
            (
                "--onward: ALLOW a, b BECAUSE b c",
                allow(&["a", "b"], "b c"),
            ),
            ("-- onward: allow: a because b c", allow(&["a"], "b c")),
            ("/* onward: transaction none */", Directive::TransactionNone),
            (
                "-- onward: batch 10 by id",
                Directive::Batch {
                    rows: 10,
                    by: "id".to_owned(),
                },
            ),
            (
                "-- onward: requires DM003",
                Directive::Requires(Version {
                    category: Category::Data,
                    number: 3,
                }),
            ),
        ] {
            assert_eq!(read(text, "auth"), Some(Ok(directive)), "{text}");
        }
    }

    #[test]
    fn every_wrong_form_says_how_it_is_written() {
        for (text, what) in [
            ("-- onward: alow a because b c", "`alow` is no directive"),
            ("-- onward:", "`` is no directive"),
            ("-- onward: allow", "names no rule"),
            ("-- onward: allow a", "has no reason"),
            ("-- onward: allow a because \"\"", "has no reason"),
            ("-- onward: allow a because ok", "has no reason"),
            ("-- onward: requires 001", "`001` is no data migration"),
            ("-- onward: transaction off", "no transaction mode"),
            ("-- onward: batch 0 by id", "does not say how"),
            ("-- onward: batch id", "does not say how"),
        ] {
            let wrong = read(text, "auth").and_then(Result::err);
            assert!(
                wrong.as_ref().is_some_and(|w| w.what.contains(what)),
                "{text}: {wrong:?}"
            );
        }
    }
}
