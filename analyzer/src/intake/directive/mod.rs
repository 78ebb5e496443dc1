//! Reads directives: comments that begin with `-- onward:`.
//!
//! Each has a verb, a form that errors show, and a reader of what follows the verb.

mod allowance;
mod data;
mod declarations;
mod object;
mod replace;
mod whole;

use std::ops::Range;

pub(crate) use self::allowance::{Allowance, Reach};
pub use self::data::Batch;
pub(crate) use self::declarations::Declarations;
pub use self::replace::{Moved, Series, Target, column};
use crate::intake::external::External;
use crate::intake::file_name::Version;
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
    External(External),
    /// `breaks the endpoint of 2.3 that lists phones`: which code stops working when this
    /// release migration runs.
    Breaks(String),
    /// `requires DM003`: the migration may run only after that data migration has finished.
    Requires(Version),
    /// `replaces 001 to 087 as <digest>`: the file stands for these startup migrations, which a squash has put
    /// together.
    Replaces {
        /// The last of them.
        through: Version,
        /// SHA-256 over each version and checksum.
        digest: [u8; 32],
    },
    /// `transaction none`: the statement of the file must run outside a transaction.
    TransactionNone,
    /// `batch 1000 by id`: how a data migration is split into batches.
    Batch(Batch),
    /// `in rust`: code of the service does the work of this data migration.
    InRust,
    /// `background`: schema changes that take long, run by the worker of data migrations.
    Background,
    /// `done when SELECT true FROM t WHERE a IS NULL`: a query that returns true for each row that is not
    /// migrated yet.
    DoneWhen(String),
    /// `tenants SELECT id FROM auth.tenants`: a query that lists the tenants, for batches of one after another.
    Tenants(String),
    /// `skip at most 20 rows`: so many rows that fail are left out and reported.
    Skip(u32),
    /// `approve`: an operator has to approve the data migration before it starts.
    Approve,
    /// `healthy when SELECT count(*) < 100 FROM app.queue`: the worker waits while this is not true.
    HealthyWhen(String),
    /// `replace shop.orders.total with total_cents using (total * 100) back (total_cents / 100.0)`: begins a series of
    /// files that replaces a column.
    Replace(Box<Series>),
    /// `replace shop.orders.total ends`: the file drops the old column.
    ReplaceEnds {
        /// The table of the old column.
        table: Name,
        /// The old column.
        column: String,
    },
}

impl Directive {
    /// Its verb as it is written, for messages.
    ///
    /// ```
    /// use onward_analyzer::directive::Directive;
    ///
    /// assert_eq!(Directive::Skip(20).verb(), "skip");
    /// ```
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Allow { .. } => "allow",
            Self::AllowFile { .. } => "allow-file",
            Self::SmallTable { .. } => "small-table",
            Self::External(_) => "external",
            Self::Breaks(_) => "breaks",
            Self::Requires(_) => "requires",
            Self::Replaces { .. } => "replaces",
            Self::TransactionNone => "transaction none",
            Self::Batch(_) => "batch",
            Self::InRust => "in rust",
            Self::Background => "background",
            Self::DoneWhen(_) => "done when",
            Self::Tenants(_) => "tenants",
            Self::Skip(_) => "skip",
            Self::Approve => "approve",
            Self::HealthyWhen(_) => "healthy when",
            Self::Replace(_) => "replace",
            Self::ReplaceEnds { .. } => "replace ends",
        }
    }
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

/// What reads the text behind a verb, in a module that owns this schema.
type Reader = fn(&str, &str) -> Result<Directive, WrongDirective>;

/// A verb, how the whole directive is written, and its reader.
struct Verb {
    word: &'static str,
    form: &'static str,
    read: Reader,
}

const fn verb(word: &'static str, form: &'static str, read: Reader) -> Verb {
    Verb { word, form, read }
}

const VERBS: [Verb; 17] = [
    verb(
        "allow",
        "allow <rule> because \"<reason>\"",
        allowance::statement,
    ),
    verb("allow-file", "allow-file", allowance::file),
    verb(
        "small-table",
        "small-table <table> \"<reason>\"",
        object::small_table,
    ),
    verb("external", "external <schema>.<name>", object::external),
    verb("breaks", "breaks <what>", whole::breaks),
    verb("requires", "requires DM001", whole::requires),
    verb(
        "replaces",
        "replaces 001 to 087 as <digest>",
        whole::replaces,
    ),
    verb("transaction", "transaction none", whole::transaction),
    verb("batch", "batch <rows> by <column>", data::batch),
    verb("in", "in rust", data::in_rust),
    verb("background", "background", data::background),
    verb("done", "done when <query>", data::done),
    verb("tenants", "tenants <query>", data::tenants),
    verb("skip", "skip at most <rows> rows", data::skip),
    verb("approve", "approve", data::approve),
    verb("healthy", "healthy when <query>", data::healthy),
    verb("replace", replace::FORM, replace::replace),
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
    let (word, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
    let word = word.trim_end_matches(':').to_ascii_lowercase();
    let known = VERBS.iter().find(|verb| verb.word == word);
    known.map_or_else(
        || Err(unknown(&word)),
        |verb| (verb.read)(rest.trim(), schema),
    )
}

fn wrong(what: impl Into<String>, help: impl Into<String>) -> WrongDirective {
    WrongDirective {
        what: what.into(),
        help: help.into(),
    }
}

fn unknown(word: &str) -> WrongDirective {
    let words = VERBS.iter().map(|verb| verb.word);
    let meant = nearest(word, words).and_then(|near| VERBS.iter().find(|verb| verb.word == near));
    let guess = meant.map(|verb| format!("did you mean `{}`? ", verb.form));
    let forms = VERBS.map(|verb| format!("`{}`", verb.form));
    let (last, others) = match forms.split_last() {
        Some((last, others)) => (last.as_str(), others.join(", ")),
        None => ("", String::new()),
    };
    wrong(
        format!("`{word}` is not a directive"),
        format!(
            "{}the directives are {others} and {last}",
            guess.unwrap_or_default()
        ),
    )
}

/// Stands in suggested files for the reason of an allowance, which only the author of the file knows.
pub(crate) const NO_REASON_YET: &str = "<why>";

/// A single word is not a reason that the next reader could check.
fn is_reason(text: &str) -> bool {
    text.split_whitespace().count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::file_name::Category;

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
                Directive::Batch(Batch {
                    rows: 10,
                    by: vec!["id".to_owned()],
                }),
            ),
            (
                "-- onward: batch 10 by Tenant_ID, \"Id\"",
                Directive::Batch(Batch {
                    rows: 10,
                    by: vec!["tenant_id".to_owned(), "Id".to_owned()],
                }),
            ),
            (
                "-- onward: batch 10",
                Directive::Batch(Batch {
                    rows: 10,
                    by: Vec::new(),
                }),
            ),
            ("-- onward: in Rust", Directive::InRust),
            ("-- onward: background", Directive::Background),
            ("-- onward: approve", Directive::Approve),
            ("-- onward: skip at most 20 rows", Directive::Skip(20)),
            (
                "-- onward: done when SELECT a IS NULL FROM t",
                Directive::DoneWhen("SELECT a IS NULL FROM t".to_owned()),
            ),
            (
                "-- onward: tenants SELECT id FROM auth.tenants",
                Directive::Tenants("SELECT id FROM auth.tenants".to_owned()),
            ),
            (
                "/* onward: healthy when SELECT true */",
                Directive::HealthyWhen("SELECT true".to_owned()),
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
            ("-- onward: batch 10 by", "does not say how"),
            ("-- onward: batch 10 by id,", "does not say how"),
            ("-- onward: batch 10 by lower(a)", "does not say how"),
            ("-- onward: external users", "does not name an object"),
            (
                "-- onward: external auth.users id",
                "does not name an object",
            ),
            ("-- onward: in go", "does not name a language"),
            ("-- onward: approve 1", "`approve` is one word"),
            ("-- onward: skip 20", "does not say how many"),
            ("-- onward: skip at most 0 rows", "does not say how many"),
            ("-- onward: done", "does not name a query"),
            ("-- onward: done if SELECT true", "does not name a query"),
            ("-- onward: tenants", "does not name a query"),
        ] {
            let wrong = read(text, "auth").and_then(Result::err);
            assert!(
                wrong.as_ref().is_some_and(|w| w.what.contains(what)),
                "{text}: {wrong:?}"
            );
        }
    }
}
