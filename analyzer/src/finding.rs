//! What the analysis has to say.

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
    /// Not reported.
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
    /// The way out.
    pub help: String,
    /// Another place that belongs to the story, and what it has to do with it.
    pub related: Option<(Place, String)>,
}

impl Message {
    /// A message without a related place.
    #[must_use]
    pub fn new(what: impl Into<String>, why: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            why: why.into(),
            help: help.into(),
            related: None,
        }
    }

    /// The same message with a related place, when there is one.
    #[must_use]
    pub fn with_related(self, related: Option<(Place, String)>) -> Self {
        Self { related, ..self }
    }
}

/// One thing that is wrong, or worth a warning.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let module = Module::in_memory("auth", [("001_drop.sql", "DROP TABLE auth.users;")]);
/// let analysis = analyze(module);
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
}
