//! Reads directives: comments that begin with `-- onward:`.

use std::ops::Range;

use crate::intake::file_name::{Category, Version};
use crate::statement::Name;
use crate::text::nearest::nearest;

/// A directive, by its verb.
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
    /// `allow drop-column because "reason"`: allows the findings of these rules on one statement.
    Allow {
        /// The ids of the rules.
        rules: Vec<String>,
        /// Why the findings are acceptable.
        reason: String,
    },
    /// `allow-file unnamed-constraint because "reason"`: the same for every statement of the file.
    AllowFile {
        /// The ids of the rules.
        rules: Vec<String>,
        /// Why the findings are acceptable.
        reason: String,
    },
    /// `small-table app.kinds "at most 50 rows"`: findings about locks and scans of this table are less
    /// severe.
    SmallTable {
        /// The table.
        table: Name,
        /// Why the table stays small.
        reason: String,
    },
    /// `external vuln.advisories`: an object that the module's files do not create but may use.
    External(Name),
    /// `breaks the endpoint of 2.3 that lists phones`: which code stops working when this
    /// release migration runs.
    Breaks(String),
    /// `requires DM003`: the migration may run only after that data migration has finished.
    Requires(Version),
    /// `transaction none`: the statement of the file must run outside a transaction.
    TransactionNone,
    /// `batch 1000 by id`: how a data migration is split into batches.
    Batch {
        /// The number of rows in one batch.
        rows: u32,
        /// The column by whose order the table is split.
        by: String,
    },
}

/// A directive and where it is.
///
/// ```
/// # use onward_analyzer::directive::{Directive, PlacedDirective};
/// let placed = PlacedDirective { span: 0..28, directive: Directive::TransactionNone };
/// assert_eq!(placed.span.len(), 28);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedDirective {
    /// The byte range of the comment in the normalised text.
    pub span: Range<usize>,
    /// The directive.
    pub directive: Directive,
}

/// Why a comment that begins with `onward:` cannot be read as a directive.
///
/// ```
/// let wrong = onward_analyzer::directive::read("-- onward: alow drop-table", "auth");
/// assert!(matches!(wrong, Some(Err(wrong)) if wrong.help.contains("allow")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongDirective {
    /// What is wrong with it.
    pub what: String,
    /// How to write it.
    pub help: String,
}

/// How a data migration is split into batches.
///
/// ```
/// let batch = onward_analyzer::plan::Batch { rows: 1000, by: "id".into() };
/// assert_eq!(batch.rows, 1000);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The number of rows in one batch.
    pub rows: u32,
    /// The column by whose order the table is split.
    pub by: String,
}

/// An `allow` or `allow-file` directive, with the statements that it covers.
pub(crate) struct Allowance<'a> {
    /// The byte range of its comment.
    pub(crate) span: Range<usize>,
    pub(crate) rules: &'a [String],
    pub(crate) reason: &'a str,
    pub(crate) reach: Reach,
}

/// The statements that an allowance covers.
pub(crate) enum Reach {
    /// The statement in this byte range.
    Statement(Range<usize>),
    /// Every statement of the file.
    File,
    /// No statement: none follows the directive.
    Nothing,
}

/// What the directives of a file declare about the file as a whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declarations {
    /// `transaction none`.
    pub(crate) transaction_none: bool,
    /// The data migrations that must have finished first.
    pub(crate) requires: Vec<Version>,
    /// How the data migration is split into batches.
    pub(crate) batch: Option<Batch>,
    /// What stops working in the running release.
    pub(crate) breaks: Option<String>,
    /// The objects of other schemas that the file may use.
    pub(crate) externals: Vec<Name>,
    /// The tables that are declared to be small.
    pub(crate) small_tables: Vec<Name>,
}

impl Declarations {
    /// Collects the directives. Where only one `batch` or `breaks` makes sense, the first counts.
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

/// Reads a comment; `None` if it does not begin with `onward:`. A table name without a schema is taken to be
/// in `schema`, the module's own.
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
    let (name, after) = body.split_at_checked("onward".len())?;
    let has_colon = after.trim_start().starts_with(':');
    if !name.eq_ignore_ascii_case("onward") || !has_colon && !after.starts_with(' ') {
        return None;
    }
    let content = after.trim_start().trim_start_matches(':').trim();
    let content = directive(content, schema);
    // A sentence may begin with the same word, but hardly goes on as a directive does.
    match (has_colon, name == "onward") {
        (true, true) => Some(content),
        (true, false) if content.is_ok() => Some(Err(wrong(
            format!("`{name}:` does not begin a directive, so this comment has no effect"),
            "write `-- onward:` in lower case",
        ))),
        (false, true) if content.is_ok() => Some(Err(wrong(
            "the colon behind `onward` is missing, so this comment has no effect",
            "write `-- onward:`",
        ))),
        (true | false, _) => None,
    }
}

/// Reads what stands behind `onward:`.
fn directive(body: &str, schema: &str) -> Result<Directive, WrongDirective> {
    let (verb, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
    let rest = rest.trim();
    match verb.trim_end_matches(':').to_ascii_lowercase().as_str() {
        "allow" => allow("allow", rest).map(|(rules, reason)| Directive::Allow { rules, reason }),
        "allow-file" => {
            allow("allow-file", rest).map(|(rules, reason)| Directive::AllowFile { rules, reason })
        }
        "small-table" => small_table(rest, schema),
        "external" => external(rest),
        "breaks" => breaks(rest),
        "requires" => requires(rest),
        "transaction" => transaction(rest),
        "batch" => batch(rest),
        other => Err(unknown(other)),
    }
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
        format!("`{verb}` is not a directive"),
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
        return Err(wrong("this `allow` names no rule", form));
    }
    if reason.starts_with('<') && reason.ends_with('>') {
        return Err(wrong(
            format!(
                "the reason of the `allow` for `{}` is not written yet",
                rules.join("`, `")
            ),
            format!(
                "write why the finding is acceptable in place of `{reason}`: a few words that the next \
                 reader can check; if there is no reason, follow the help of the finding"
            ),
        ));
    }
    if !is_reason(reason) {
        return Err(wrong(
            format!("the `allow` for `{}` gives no reason", rules.join("`, `")),
            format!("{form}; the reason is a few words that the next reader can check"),
        ));
    }
    Ok((rules, reason.to_owned()))
}

/// Stands in suggested files for the reason of an allowance, which only the author of the file knows.
pub(crate) const NO_REASON_YET: &str = "<why>";

/// A single word is not a reason that the next reader could check.
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
            format!("`small-table {rest}` does not name a table and the reason why it is small"),
            format!(
                "write `-- onward: small-table {schema}.<table> \"<reason>\"`; the reason is why the table \
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
            format!("`external {rest}` does not name an object of another schema"),
            "write `-- onward: external <schema>.<name>`",
        )
    })
}

fn breaks(rest: &str) -> Result<Directive, WrongDirective> {
    let what = rest.trim_matches('"').trim();
    if !is_reason(what) {
        return Err(wrong(
            "`breaks` does not say what breaks",
            "write `-- onward: breaks <which code stops working>`, in a few words that the \
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
                format!("`{rest}` is not a data migration"),
                "write `-- onward: requires DM001` with the version of a data migration of this module",
            )
        })
}

fn transaction(rest: &str) -> Result<Directive, WrongDirective> {
    match rest {
        "none" => Ok(Directive::TransactionNone),
        other => Err(wrong(
            format!("`transaction {other}` is not a transaction mode"),
            "write `-- onward: transaction none`, or remove the line: onward recognises statements that \
             cannot run in a transaction",
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
            format!("`batch {rest}` does not say how to split the table"),
            "write `-- onward: batch 1000 by id`: the number of rows in a batch, then the column that orders \
             them",
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
    fn every_mistake_has_a_message_about_the_right_form() {
        for (text, what) in [
            ("-- onward: alow a because b c", "`alow` is not a directive"),
            ("-- onward:", "`` is not a directive"),
            ("-- onward: allow", "names no rule"),
            ("-- onward: allow a", "gives no reason"),
            ("-- onward: allow a because \"\"", "gives no reason"),
            ("-- onward: allow a because ok", "gives no reason"),
            ("-- onward: allow a because \"<why>\"", "not written yet"),
            ("-- onward: requires 001", "`001` is not a data migration"),
            ("-- onward: transaction off", "not a transaction mode"),
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
