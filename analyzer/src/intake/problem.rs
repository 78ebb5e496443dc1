//! What is wrong before a statement is looked at, as facts: a rule puts each of them into words and gives
//! it a severity.

use crate::finding::{Message, Place};
use crate::intake::directive::WrongDirective;
use crate::intake::file_name::{Category, Version, WrongName};
use crate::text::split::Unclosed;

/// Something wrong, and where.
///
/// ```
/// use onward_analyzer::{problem::Fact, source::Module};
///
/// let module = Module::in_memory("auth", [("001_a.sql", "SELECT 1;"), ("003_b.sql", "SELECT 1;")]);
/// assert!(matches!(module.problems[0].fact, Fact::VersionGap { .. }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, or a part of it.
    pub place: Place,
    /// What is wrong there.
    pub fact: Fact,
}

/// What is wrong.
///
/// ```
/// use onward_analyzer::problem::Fact;
///
/// assert_ne!(Fact::Empty { name: "001_a.sql".into() }, Fact::OnlyComments { name: "001_a.sql".into() });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The folder, a file or its settings cannot be used: no rule and no setting changes that.
    Unusable {
        /// The id of the finding.
        id: &'static str,
        /// The whole message.
        message: Message,
    },
    /// A name that is not a version and a title.
    WrongName {
        /// The file's name.
        name: String,
        /// What is wrong with it.
        wrong: WrongName,
    },
    /// A file without text.
    Empty {
        /// The file's name.
        name: String,
    },
    /// A file of comments only.
    OnlyComments {
        /// The file's name.
        name: String,
    },
    /// Two files with one version.
    DuplicateVersion {
        /// The version of both.
        version: Version,
        /// The name of the first.
        first: String,
        /// The name of the second, where the finding stands.
        second: String,
        /// A free name for the second.
        free: String,
    },
    /// Versions that are missing between two of a category.
    VersionGap {
        /// The last one before the gap.
        before: Version,
        /// The first one after it.
        after: Version,
    },
    /// Text that never ends.
    Unclosed(Unclosed),
    /// The mark of a section that takes the migration back.
    DownSection,
    /// A directive that cannot be read.
    Directive(WrongDirective),
    /// A directive that has no effect where it stands.
    Misplaced(Misplaced),
    /// An allowance that allows nothing.
    Allowance(WrongAllowance),
}

/// Why a directive has no effect where it stands.
///
/// ```
/// use onward_analyzer::{file_name::Category, problem::Misplaced};
///
/// assert_ne!(Misplaced::Batch(Category::Seed), Misplaced::Breaks(Category::Seed));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misplaced {
    /// `batch` outside of a data migration: in one of this category.
    Batch(Category),
    /// `requires` names a data migration that the module does not have.
    Requires(Version),
    /// `transaction none` in a file with several statements.
    TransactionNone,
    /// `breaks` outside of a release migration: in one of this category.
    Breaks(Category),
    /// A directive about the whole file, below its first statement.
    BelowFirstStatement,
}

/// Why an allowance allows nothing.
///
/// ```
/// use onward_analyzer::problem::WrongAllowance;
///
/// assert_ne!(WrongAllowance::Unused("drop-table"), WrongAllowance::WholeFile("drop-table"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongAllowance {
    /// No rule has this name.
    UnknownRule(UnknownRule),
    /// The rule cannot be allowed in this category.
    Forbidden {
        /// The rule.
        rule: &'static str,
        /// What it is about, in one line.
        summary: &'static str,
        /// The category of the file.
        category: Category,
        /// A category in which the statement is accepted with a reason.
        elsewhere: Option<Category>,
    },
    /// The rule can only be allowed one statement at a time.
    WholeFile(&'static str),
    /// The rule finds nothing there.
    Unused(&'static str),
}

/// A name that no rule has, and what was probably meant.
///
/// ```
/// let unknown = onward_analyzer::problem::UnknownRule {
///     name: "drop-tabel".into(),
///     called: vec![],
///     nearest: Some("drop-table"),
/// };
/// assert!(unknown.message().help.contains("did you mean `drop-table`?"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// The name as written.
    pub name: String,
    /// The rules that other linters call so.
    pub called: Vec<&'static str>,
    /// The rule whose name is nearly this one.
    pub nearest: Option<&'static str>,
}

impl UnknownRule {
    /// What is reported about it, in a directive or in the settings.
    #[must_use]
    pub fn message(&self) -> Message {
        let help = match (self.called.as_slice(), self.nearest) {
            ([], Some(nearest)) => format!("did you mean `{nearest}`?"),
            ([], None) => "take the name from the finding that is to be allowed".to_owned(),
            (called, _) => format!("that is `{}` here", called.join("` or `")),
        };
        Message::new(
            format!("there is no rule `{}`", self.name),
            "it would have no effect",
            help,
        )
    }
}
