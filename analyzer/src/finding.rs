//! What the analysis has to say.

use std::fmt;
use std::ops::Range;

/// How much a finding weighs.
///
/// ```
/// use onward_analyzer::Severity;
///
/// assert!(Severity::Deny.is_error());
/// assert!(!Severity::Warn.is_error());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A line in the report of `onward check --format json`, and nothing else.
    Allow,
    /// Reported; the build goes on.
    Warn,
    /// An error that one statement can be excused from, with a reason.
    Deny,
    /// An error that nothing excuses in this range of versions.
    Forbid,
}

impl Severity {
    /// Whether a finding of this severity stops the build.
    #[must_use]
    pub const fn is_error(self) -> bool {
        match self {
            Self::Deny | Self::Forbid => true,
            Self::Allow | Self::Warn => false,
        }
    }
}

/// Where a finding points: a folder, a file, or a part of a file.
///
/// ```
/// use onward_analyzer::finding::Place;
///
/// let place = Place::file("migrations/auth/0001_users.sql");
/// assert_eq!(place.span, None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path as it is shown, relative to where the migrations were looked for.
    pub path: String,
    /// The bytes of the normalised text.
    pub span: Option<Range<usize>>,
}

impl Place {
    /// A file or folder as a whole.
    #[must_use]
    pub fn file(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            span: None,
        }
    }

    /// A part of a file.
    #[must_use]
    pub fn at(path: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            path: path.into(),
            span: Some(span),
        }
    }
}

/// The three parts of a message: what, why, and what to do.
///
/// ```
/// use onward_analyzer::finding::Message;
///
/// let message = Message::new("this drops a table", "old code still reads it", "drop it in a 1xx file");
/// assert!(message.related.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What is wrong, in one line, with the user's own names.
    pub what: String,
    /// Why that hurts.
    pub why: String,
    /// What to do, in one sentence.
    pub help: String,
    /// The fix as files that can be pasted, in the order in which they run.
    pub suggested_files: Vec<SuggestedFile>,
    /// Another place that belongs to the story, and what it has to do with it.
    pub related: Option<Box<(Place, String)>>,
    /// What this one weighs at most, where it is a milder form of what its rule is about.
    pub severity_cap: Option<Severity>,
}

/// A file that fixes the finding, or one of several.
///
/// ```
/// use onward_analyzer::finding::SuggestedFile;
///
/// let file = SuggestedFile { file: "003_users_validate.sql".into(), sql: "SELECT 1;".into() };
/// assert_eq!(file.to_string(), "`003_users_validate.sql`:\n    SELECT 1;");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestedFile {
    /// Its name, with the next free version or that of the file itself.
    pub file: String,
    /// Its text, with the names of the statement that the finding is about. In the file itself it takes
    /// that statement's place, and what else the file says stays; a file that holds one statement alone
    /// says nothing else.
    pub sql: String,
}

impl fmt::Display for SuggestedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`:", self.file)?;
        self.sql
            .lines()
            .try_for_each(|line| write!(f, "\n    {line}"))
    }
}

impl Message {
    /// A message without files and without a related place.
    #[must_use]
    pub fn new(what: impl Into<String>, why: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            why: why.into(),
            help: help.into(),
            suggested_files: Vec::new(),
            related: None,
            severity_cap: None,
        }
    }

    /// The same message with files that can be pasted.
    #[must_use]
    pub fn with_files(self, suggested_files: Vec<SuggestedFile>) -> Self {
        Self {
            suggested_files,
            ..self
        }
    }

    /// The same message about a milder form, which weighs no more than this.
    ///
    /// ```
    /// use onward_analyzer::{Severity, finding::Message};
    ///
    /// let message = Message::new("a", "b", "c").mild(true, Severity::Warn);
    /// assert_eq!(message.severity_cap, Some(Severity::Warn));
    /// ```
    #[must_use]
    pub fn mild(self, is_mild: bool, severity: Severity) -> Self {
        Self {
            severity_cap: is_mild.then_some(severity).or(self.severity_cap),
            ..self
        }
    }

    /// What to do, with the files.
    ///
    /// ```
    /// use onward_analyzer::finding::{Message, SuggestedFile};
    ///
    /// let file = SuggestedFile { file: "100_drop.sql".into(), sql: "DROP TABLE a;".into() };
    /// let message = Message::new("a", "b", "drop it later").with_files(vec![file]);
    /// assert_eq!(message.fix(), "drop it later\n`100_drop.sql`:\n    DROP TABLE a;");
    /// ```
    #[must_use]
    pub fn fix(&self) -> String {
        let files = self.suggested_files.iter().map(|file| format!("\n{file}"));
        self.help.clone() + &files.collect::<String>()
    }

    /// The same message with a related place, when there is one.
    #[must_use]
    pub fn with_related(self, related: Option<(Place, String)>) -> Self {
        let related = related.map(Box::new);
        Self { related, ..self }
    }
}

/// One thing that is wrong, or worth a warning.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let table = ("001_users.sql", "CREATE TABLE auth.users (id bigint PRIMARY KEY);");
/// let drop = ("002_drop.sql", "DROP TABLE auth.users;");
/// let analysis = analyze(Module::in_memory("auth", [table, drop]));
/// assert_eq!(analysis.findings[0].rule, "drop-table");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// What the rule weighs in the file's category.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What it says.
    pub message: Message,
    /// Why it is accepted, if an allowance or a declaration says so.
    pub allowed_because: Option<String>,
}

impl Finding {
    /// One that nothing accepts.
    pub(crate) const fn new(
        rule: &'static str,
        severity: Severity,
        place: Place,
        message: Message,
    ) -> Self {
        Self {
            rule,
            severity,
            place,
            message,
            allowed_because: None,
        }
    }

    /// Whether it is told: neither accepted nor only for the report.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.allowed_because.is_none() && self.severity > Severity::Allow
    }
}

impl Severity {
    /// The word for it.
    ///
    /// ```
    /// assert_eq!(onward_analyzer::Severity::Deny.word(), "deny");
    /// ```
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
            Self::Forbid => "forbid",
        }
    }
}
