//! Problems of the folder and its files that are found before any statement is checked. They are facts
//! without words: a rule gives each of them its message and its severity.

use crate::finding::{Message, Place};
use crate::intake::directive::WrongDirective;
use crate::intake::file_name::{Category, Version, WrongName};
use crate::intake::lock_file::Unlocked;
use crate::statement::Name;
use crate::text::split::Unclosed;

/// A problem, and where it is.
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
    /// What the problem is.
    pub fact: Fact,
}

/// The kinds of problems.
///
/// ```
/// use onward_analyzer::problem::Fact;
///
/// assert_ne!(Fact::Empty { name: "001_a.sql".into() }, Fact::OnlyComments { name: "001_a.sql".into() });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The folder, a file or the settings cannot be used. This is always an error, without a rule and
    /// whatever the settings are.
    Unusable {
        /// The id of the finding.
        id: &'static str,
        /// The whole message.
        message: Message,
    },
    /// A name that does not consist of a version and a title.
    WrongName {
        /// The file's name.
        name: String,
        /// What is wrong with it.
        wrong: WrongName,
    },
    /// Several files that are named as another tool names them.
    ForeignNames {
        /// The folder as messages show it.
        folder: String,
        /// Each file's name and its name here, in the order in which that tool runs them. The last ones have no
        /// name here when the numbers do not suffice.
        names: Vec<(String, Option<String>)>,
    },
    /// A file without text.
    Empty {
        /// The file's name.
        name: String,
    },
    /// A file that contains only comments.
    OnlyComments {
        /// The file's name.
        name: String,
    },
    /// Two files with the same version.
    DuplicateVersion {
        /// The version of both.
        version: Version,
        /// The name of the first.
        first: String,
        /// The name of the second, which the finding points to.
        second: String,
        /// A free name for the second; `None` when no number is free.
        free: Option<String>,
    },
    /// Missing versions between two versions of the same category.
    VersionGap {
        /// The last one before the gap.
        before: Version,
        /// The first one after it.
        after: Version,
    },
    /// The files and `onward.lock` disagree.
    Unlocked(Unlocked),
    /// A comment, quote or bracket that is never closed.
    Unclosed(Unclosed),
    /// The mark with which other tools begin a section that reverts the migration.
    DownSection,
    /// A directive that cannot be read.
    Directive(WrongDirective),
    /// A directive that has no effect at its place.
    Misplaced(Misplaced),
    /// An allowance that allows nothing.
    Allowance(WrongAllowance),
    /// A declaration of an object of another schema that has no effect.
    Unneeded(Unneeded),
}

impl Fact {
    /// Whether a file could not be read, or has no version of its own, so that a plan would not have it.
    pub(crate) const fn leaves_a_file_out(&self) -> bool {
        self.hides_a_file() || matches!(self, Self::DuplicateVersion { .. })
    }

    /// Whether a file could not be read, so that the schema may hold more than the files show. A file that would undo
    /// a migration is not missed.
    pub(crate) const fn hides_a_file(&self) -> bool {
        match self {
            Self::Unusable { .. } | Self::ForeignNames { .. } => true,
            Self::WrongName { wrong, .. } => !wrong.goes_back,
            Self::DuplicateVersion { .. }
            | Self::Empty { .. }
            | Self::OnlyComments { .. }
            | Self::VersionGap { .. }
            | Self::Unlocked(_)
            | Self::Unclosed(_)
            | Self::DownSection
            | Self::Directive(_)
            | Self::Misplaced(_)
            | Self::Allowance(_)
            | Self::Unneeded(_) => false,
        }
    }
}

/// Why a directive has no effect at its place.
///
/// ```
/// use onward_analyzer::{file_name::Category, problem::Misplaced};
///
/// assert_ne!(Misplaced::OutsideData("batch", Category::Seed), Misplaced::Breaks(Category::Seed));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misplaced {
    /// A directive of data migrations, in a migration of this other category.
    OutsideData(&'static str, Category),
    /// `requires` names a data migration that the module does not have.
    Requires(Version),
    /// `requires` in a seed.
    RequiresInSeed(Version),
    /// A data migration requires itself or a later one, which runs after it.
    RequiresLater {
        /// The data migration.
        own: Version,
        /// The one that it requires.
        required: Version,
    },
    /// `replaces` in a file that is not the first startup migration.
    Replaces,
    /// `transaction none` in a file with several statements.
    TransactionNone,
    /// `breaks` in a migration of this category, which is not a release migration.
    Breaks(Category),
    /// A directive about the whole file, below its first statement.
    BelowFirstStatement,
    /// A directive that may stand once, for the second time.
    Twice(&'static str),
    /// Two directives that exclude each other.
    Contradiction {
        /// The directive.
        verb: &'static str,
        /// The one that it contradicts.
        other: &'static str,
    },
    /// `in rust` in a file with statements.
    RustWithStatements,
    /// `skip` without ranges of a key, in which rows could be left out.
    SkipWithoutRanges,
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
        /// What the rule finds, in one line.
        summary: &'static str,
        /// The category of the file.
        category: Category,
        /// A category in which the rule can be allowed.
        elsewhere: Option<Category>,
    },
    /// The rule can be allowed only for single statements, not for a whole file.
    WholeFile(&'static str),
    /// The rule finds nothing in what the allowance covers.
    Unused(&'static str),
}

/// Why the declaration of an object of another schema has no effect.
///
/// ```
/// use onward_analyzer::{problem::Unneeded, statement::Name};
///
/// let users = Name::read("auth.users").unwrap();
/// assert_ne!(Unneeded::Twice(users.clone()), Unneeded::Unused { name: users, meant: None });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unneeded {
    /// It is declared already, in the file or in the settings.
    Twice(Name),
    /// No statement uses it.
    Unused {
        /// The object.
        name: Name,
        /// An object that is used and not declared, if its name is close enough to be meant.
        meant: Option<String>,
    },
}

/// A name that is not a rule's, and the rule that was probably meant.
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
    /// The rules for which another linter uses this name.
    pub called: Vec<&'static str>,
    /// The rule whose name is closest, if one is close enough.
    pub nearest: Option<&'static str>,
}

impl UnknownRule {
    /// The message, for a directive and for the settings.
    ///
    /// ```
    /// use onward_analyzer::problem::UnknownRule;
    ///
    /// let unknown = UnknownRule { name: "drop-colum".into(), called: vec![], nearest: Some("drop-column") };
    /// assert_eq!(unknown.message().help, "did you mean `drop-column`?");
    /// ```
    #[must_use]
    pub fn message(&self) -> Message {
        let help = match (self.called.as_slice(), self.nearest) {
            ([], Some(nearest)) => format!("did you mean `{nearest}`?"),
            ([], None) => "copy the rule's name from the finding".to_owned(),
            (called, _) => format!(
                "write `{}`: onward's name for this rule",
                called.join("` or `")
            ),
        };
        Message::new(
            format!("there is no rule `{}`", self.name),
            "a line for an unknown rule has no effect",
            help,
        )
    }
}
