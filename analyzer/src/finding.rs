//! Findings: what the analysis reports, where, and how severe it is.

use std::fmt;
use std::ops::Range;

/// How severe a finding is.
///
/// ```
/// use onward_analyzer::Severity;
///
/// assert!(Severity::Deny.is_error());
/// assert!(!Severity::Warn.is_error());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Only a line in the report of `onward check --format json`.
    Allow,
    /// A warning: it is reported, and the build continues.
    Warn,
    /// An error that can be allowed for one statement, with a reason.
    Deny,
    /// An error that cannot be allowed in this category of migrations.
    Forbid,
}

impl Severity {
    /// Whether a finding of this severity stops the build.
    ///
    /// ```
    /// use onward_analyzer::Severity;
    ///
    /// assert!(Severity::Deny.is_error() && !Severity::Warn.is_error());
    /// ```
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
    /// The path as messages show it, relative to the folder in which the search for the migrations began.
    pub path: String,
    /// The byte range in the normalised text; `None` for a file or folder as a whole.
    pub span: Option<Range<usize>>,
}

impl Place {
    /// A file or folder as a whole.
    ///
    /// ```
    /// use onward_analyzer::finding::Place;
    ///
    /// assert_eq!(Place::file("migrations/auth").span, None);
    /// ```
    #[must_use]
    pub fn file(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            span: None,
        }
    }

    /// A part of a file.
    ///
    /// ```
    /// use onward_analyzer::finding::Place;
    ///
    /// assert_eq!(Place::at("001_users.sql", 13..23).span, Some(13..23));
    /// ```
    #[must_use]
    pub fn at(path: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            path: path.into(),
            span: Some(span),
        }
    }
}

/// A message in three parts: what the statement does, who is affected and how, and what to do.
///
/// ```
/// use onward_analyzer::finding::Message;
///
/// let message = Message::new(
///     "drops app.users",
///     "queries of the running release that read it fail",
///     "first deploy code that no longer uses it",
/// );
/// assert!(message.related.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What the statement does, in one line, with the names that the file uses.
    pub what: String,
    /// Who is affected, and how; shown as a note.
    pub why: String,
    /// What to do, in one sentence.
    pub help: String,
    /// The fix as files that can be pasted, in the order in which they run.
    pub suggested_files: Vec<SuggestedFile>,
    /// A second place, such as the one that creates the object, and what happens there.
    pub related: Option<Box<(Place, String)>>,
    /// The highest severity that this finding can have, for a milder form of what its rule finds.
    pub severity_cap: Option<Severity>,
    /// The lowest severity that this finding can have, for a form that certainly fails.
    pub severity_floor: Option<Severity>,
}

/// A file that fixes the finding, or one of several files that do.
///
/// ```
/// use onward_analyzer::finding::SuggestedFile;
///
/// let file = SuggestedFile { file: "003_users_validate.sql".into(), sql: "SELECT 1;".into() };
/// assert_eq!(file.to_string(), "`003_users_validate.sql`:\n    SELECT 1;");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestedFile {
    /// The name: that of the file with the finding, or a new one with the next free version.
    pub file: String,
    /// The text, with the names that the statement uses. In the file with the finding it replaces that
    /// statement, and the other statements of the file stay; if the fix must stand alone in its file, the
    /// file has no other statements.
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
    ///
    /// ```
    /// use onward_analyzer::finding::Message;
    ///
    /// let message = Message::new("drops shop.a", "the running release reads it", "drop it later");
    /// assert_eq!(message.fix(), "drop it later");
    /// ```
    #[must_use]
    pub fn new(what: impl Into<String>, why: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            why: why.into(),
            help: help.into(),
            suggested_files: Vec::new(),
            related: None,
            severity_cap: None,
            severity_floor: None,
        }
    }

    /// The same message with files that can be pasted.
    ///
    /// ```
    /// use onward_analyzer::finding::{Message, SuggestedFile};
    ///
    /// let file = SuggestedFile { file: "100_a.sql".into(), sql: "DROP TABLE shop.a;".into() };
    /// let message = Message::new("drops", "why", "move it").with_files(vec![file]);
    /// assert_eq!(message.fix(), "move it\n`100_a.sql`:\n    DROP TABLE shop.a;");
    /// ```
    #[must_use]
    pub fn with_files(self, suggested_files: Vec<SuggestedFile>) -> Self {
        Self {
            suggested_files,
            ..self
        }
    }

    /// The same message; if `is_mild`, its severity is at most this one.
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

    /// The same message; if `is_severe`, its severity is at least this one.
    ///
    /// ```
    /// use onward_analyzer::{Severity, finding::Message};
    ///
    /// let message = Message::new("a", "b", "c").severe(true, Severity::Deny);
    /// assert_eq!(message.severity_floor, Some(Severity::Deny));
    /// ```
    #[must_use]
    pub fn severe(self, is_severe: bool, severity: Severity) -> Self {
        Self {
            severity_floor: is_severe.then_some(severity).or(self.severity_floor),
            ..self
        }
    }

    /// The help, followed by the suggested files.
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

    /// The same message with a related place, if there is one.
    ///
    /// ```
    /// use onward_analyzer::finding::{Message, Place};
    ///
    /// let place = Place::file("001_a.sql");
    /// let message = Message::new("drops", "why", "help").with_related(Some((place, "created here".into())));
    /// assert!(message.related.is_some());
    /// ```
    #[must_use]
    pub fn with_related(self, related: Option<(Place, String)>) -> Self {
        let related = related.map(Box::new);
        Self { related, ..self }
    }
}

/// One result of a rule: what it found, where, and how severe that is.
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
    /// The rule's severity in the category of the file.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What is reported.
    pub message: Message,
    /// The reason why it is allowed, if a directive allows it.
    pub allowed_because: Option<String>,
}

impl Finding {
    /// A finding that is not allowed.
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

    /// Whether it is printed: not allowed by a directive, and not only a line in the report.
    ///
    /// ```
    /// use onward_analyzer::{analyze, source::Module};
    ///
    /// let table = ("001_users.sql", "CREATE TABLE auth.users (id bigint PRIMARY KEY);");
    /// let drop = ("002_drop.sql", "DROP TABLE auth.users;");
    /// let analysis = analyze(Module::in_memory("auth", [table, drop]));
    /// assert!(analysis.findings[0].is_told());
    /// ```
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.allowed_because.is_none() && self.severity > Severity::Allow
    }
}

impl Severity {
    /// The word for it in settings, messages and JSON.
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
