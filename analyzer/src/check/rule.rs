//! What a rule is, and when it runs.

use std::ops::Range;

use crate::check::context::{Context, FileContext};
use crate::check::subject::{Subject, Subjects};
use crate::finding::{Message, Severity};
use crate::intake::file_name::Category;
use crate::intake::problem::Fact;

/// A rule: its name, its page, its severities, and a function that finds the problem.
///
/// ```
/// let rule = onward_analyzer::RULES.iter().find(|rule| rule.id == "drop-table");
/// assert!(rule.is_some_and(|rule| rule.page.contains("## ")));
/// ```
#[derive(Debug)]
pub struct Rule {
    /// The name. It names the problem, so that "allow drop-column" reads as English.
    pub id: &'static str,
    /// What the rule finds, in one line.
    pub summary: &'static str,
    /// The page in Markdown: the documentation, the text of `onward explain`, and the rule's test.
    pub page: &'static str,
    /// The names of the same rule in other linters.
    pub aliases: &'static [&'static str],
    /// The kind of harm that the rule prevents.
    pub group: Group,
    /// The severity in each category of migrations.
    pub levels: Levels,
    pub(crate) check: Check,
}

/// The kind of harm that a rule prevents.
///
/// ```
/// use onward_analyzer::rule::Group;
///
/// assert_eq!(Group::Locks.word(), "locks");
/// assert!(!Group::Locks.allows_whole_files() && Group::Design.allows_whole_files());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The statement breaks the running release. `-- onward: breaks <what>` at the top of a release
    /// migration declares that this is intended.
    Compatibility,
    /// A lock, a rewrite or a scan makes other sessions wait. `-- onward: small-table <table> <reason>`
    /// declares that the table is so small that the wait is short.
    Locks,
    /// What a migration file may contain, and how it is written.
    Hygiene,
    /// Objects of other modules' schemas.
    Isolation,
    /// Tenants and row-level security.
    Tenancy,
    /// Seeds, which run again whenever they change.
    Seeds,
    /// Data migrations, which run in batches.
    Data,
    /// Types, keys and indexes that are hard to change later.
    Design,
    /// Definitions that every server refuses.
    Definitions,
    /// What a Citus cluster refuses.
    Citus,
}

impl Group {
    /// The word for it in JSON and in lists.
    ///
    /// ```
    /// assert_eq!(onward_analyzer::rule::Group::Locks.word(), "locks");
    /// ```
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Compatibility => "compatibility",
            Self::Locks => "locks",
            Self::Hygiene => "hygiene",
            Self::Isolation => "isolation",
            Self::Tenancy => "tenancy",
            Self::Seeds => "seeds",
            Self::Data => "data",
            Self::Design => "design",
            Self::Definitions => "definitions",
            Self::Citus => "citus",
        }
    }

    /// Whether `allow-file` and `onward.toml` may relax the group's rules for a whole file or module.
    /// What breaks or blocks other sessions can be allowed only for single statements.
    ///
    /// ```
    /// use onward_analyzer::rule::Group;
    ///
    /// assert!(Group::Hygiene.allows_whole_files() && !Group::Locks.allows_whole_files());
    /// ```
    #[must_use]
    pub const fn allows_whole_files(self) -> bool {
        match self {
            Self::Compatibility | Self::Locks => false,
            Self::Hygiene
            | Self::Isolation
            | Self::Tenancy
            | Self::Seeds
            | Self::Data
            | Self::Design
            | Self::Definitions
            | Self::Citus => true,
        }
    }
}

/// An error that cannot be allowed.
pub(crate) const FORBID: Option<Severity> = Some(Severity::Forbid);
/// An error that can be allowed for one statement.
pub(crate) const DENY: Option<Severity> = Some(Severity::Deny);
/// A warning.
pub(crate) const WARN: Option<Severity> = Some(Severity::Warn);
/// Only a line in the report.
pub(crate) const ALLOW: Option<Severity> = Some(Severity::Allow);
/// The rule does not run.
pub(crate) const NEVER: Option<Severity> = None;

/// The severity of a rule in each category; `None` where the rule does not run.
///
/// ```
/// use onward_analyzer::Severity;
/// use onward_analyzer::file_name::Category;
/// use onward_analyzer::rule::Levels;
///
/// assert_eq!(Levels::all(Severity::Deny).of(Category::Seed), Some(Severity::Deny));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the categories")]
pub struct Levels {
    pub startup: Option<Severity>,
    pub seed: Option<Severity>,
    pub release: Option<Severity>,
    pub data: Option<Severity>,
}

impl Levels {
    /// The same severity in all categories.
    ///
    /// ```
    /// use onward_analyzer::{Severity, file_name::Category, rule::Levels};
    ///
    /// assert_eq!(Levels::all(Severity::Warn).of(Category::Data), Some(Severity::Warn));
    /// ```
    #[must_use]
    pub const fn all(severity: Severity) -> Self {
        Self {
            startup: Some(severity),
            seed: Some(severity),
            release: Some(severity),
            data: Some(severity),
        }
    }

    /// The severities in the order startup, release, seed, data.
    pub(crate) const fn each(&self) -> [Option<Severity>; 4] {
        [self.startup, self.release, self.seed, self.data]
    }

    /// The severity in one category.
    ///
    /// ```
    /// use onward_analyzer::{Severity, file_name::Category, rule::Levels};
    ///
    /// let only_startup = Levels { seed: None, release: None, data: None, ..Levels::all(Severity::Deny) };
    /// assert_eq!(only_startup.of(Category::Release), None);
    /// ```
    #[must_use]
    pub const fn of(&self, category: Category) -> Option<Severity> {
        match category {
            Category::Startup => self.startup,
            Category::Seed => self.seed,
            Category::Release => self.release,
            Category::Data => self.data,
        }
    }
}

/// A message, and the byte range of the file that it points to.
pub(crate) type SpannedMessage = (Range<usize>, Message);

/// When a rule runs, with the function that it runs.
#[derive(Debug)]
pub(crate) enum Check {
    /// For each clause that runs with the migration, with the schema just before it; unless the clause changes
    /// or drops an object that certainly does not exist. There only `Existence` checks are asked.
    Clause(fn(&Context<'_>) -> Option<Message>),
    /// The same, for rules that can find several things in one clause, such as columns; each with its
    /// byte range.
    Parts(fn(&Context<'_>) -> Vec<SpannedMessage>),
    /// For each clause that runs with the migration, whether what it names exists; each with its byte range.
    Existence(fn(&Context<'_>) -> Vec<SpannedMessage>),
    /// For each statement, also those in routines, which run when the routine is called; with its byte
    /// range.
    Statement(fn(&Context<'_>) -> Option<SpannedMessage>),
    /// Once for each file, with the schema at its end; each message with its byte range.
    File(fn(&FileContext<'_>) -> Vec<SpannedMessage>),
    /// For each problem that was found while reading files and comments; also in files before `lint_from`.
    Reading(fn(&Fact) -> Option<Message>),
    /// The same as the check in it, also in files before `lint_from`: the runner cannot run what the rule finds, so
    /// those files would not bring up an empty database.
    Always(&'static Check),
    /// The same as the check in it, of clauses with one of these subjects: it finds nothing in others.
    Of(&'static [Subject], &'static Check),
}

impl Check {
    /// Whether it is also asked in files before `lint_from`.
    pub(crate) const fn is_always_asked(&self) -> bool {
        match self {
            Self::Always(_) | Self::Reading(_) => true,
            Self::Of(_, check) => check.is_always_asked(),
            Self::Clause(_)
            | Self::Parts(_)
            | Self::Existence(_)
            | Self::Statement(_)
            | Self::File(_) => false,
        }
    }

    /// The subjects of the clauses in which it can find something.
    pub(crate) fn subjects(&self) -> Subjects {
        match self {
            Self::Of(subjects, _) => Subjects::these(subjects),
            Self::Always(check) => check.subjects(),
            Self::Clause(_)
            | Self::Parts(_)
            | Self::Existence(_)
            | Self::Statement(_)
            | Self::File(_)
            | Self::Reading(_) => Subjects::ALL,
        }
    }

    /// The check itself, without `Always` and `Of` around it.
    pub(crate) const fn itself(&self) -> &Self {
        match self {
            Self::Always(check) | Self::Of(_, check) => check.itself(),
            Self::Clause(_)
            | Self::Parts(_)
            | Self::Existence(_)
            | Self::Statement(_)
            | Self::File(_)
            | Self::Reading(_) => self,
        }
    }
}
