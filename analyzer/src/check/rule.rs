//! What a rule is.

use std::ops::Range;

use crate::check::context::{Context, FileContext};
use crate::finding::{Message, Severity};
use crate::intake::file_name::Category;
use crate::intake::problem::Fact;

/// A rule: a page, a few facts and a function.
///
/// ```
/// let rule = onward_analyzer::RULES.iter().find(|rule| rule.id == "drop-table");
/// assert!(rule.is_some_and(|rule| rule.page.contains("## ")));
/// ```
#[derive(Debug)]
pub struct Rule {
    /// The name, which says the problem: "allow drop-column" reads right.
    pub id: &'static str,
    /// One line.
    pub summary: &'static str,
    /// The page: documentation, `onward explain` and test at once.
    pub page: &'static str,
    /// What other linters call it.
    pub aliases: &'static [&'static str],
    /// What kind of harm it is about.
    pub group: Group,
    /// What it weighs in each category.
    pub levels: Levels,
    pub(crate) check: Check,
}

/// What kind of harm a rule is about.
///
/// ```
/// use onward_analyzer::rule::Group;
///
/// assert_eq!(Group::Locks.word(), "locks");
/// assert!(!Group::Locks.allows_whole_files() && Group::Design.allows_whole_files());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The release that still serves breaks. `-- onward: breaks <what>` at the top of a release
    /// migration says that this is meant.
    Compatibility,
    /// A lock, a rewrite or a scan makes others wait. `-- onward: small-table <table> <reason>` says
    /// that nobody will notice.
    Locks,
    /// What a file of migrations may hold, and how it is written.
    Hygiene,
    /// Other modules' schemas.
    Isolation,
    /// Tenants and row-level security.
    Tenancy,
    /// Seeds, which run again and again.
    Seeds,
    /// Data migrations, which run in batches.
    Data,
    /// Types, keys and indexes that one regrets later.
    Design,
}

impl Group {
    /// The word for it in JSON and in lists.
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
        }
    }

    /// Whether `allow-file` may name its rules: what hurts others is excused one statement at a time.
    #[must_use]
    pub const fn allows_whole_files(self) -> bool {
        match self {
            Self::Compatibility | Self::Locks => false,
            Self::Hygiene
            | Self::Isolation
            | Self::Tenancy
            | Self::Seeds
            | Self::Data
            | Self::Design => true,
        }
    }
}

/// An error that nothing excuses.
pub(crate) const FORBID: Option<Severity> = Some(Severity::Forbid);
/// An error that one statement can be excused from.
pub(crate) const DENY: Option<Severity> = Some(Severity::Deny);
/// A warning.
pub(crate) const WARN: Option<Severity> = Some(Severity::Warn);
/// A line in the report.
pub(crate) const ALLOW: Option<Severity> = Some(Severity::Allow);
/// The rule is not asked.
pub(crate) const NEVER: Option<Severity> = None;

/// What a rule weighs in each category; nothing where it is not asked.
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
    /// The same in all categories.
    #[must_use]
    pub const fn all(severity: Severity) -> Self {
        Self {
            startup: Some(severity),
            seed: Some(severity),
            release: Some(severity),
            data: Some(severity),
        }
    }

    /// Startup, release, seed, data.
    pub(crate) const fn each(&self) -> [Option<Severity>; 4] {
        [self.startup, self.release, self.seed, self.data]
    }

    /// In one category.
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

/// A message and the bytes of the file that it speaks of.
pub(crate) type SpannedMessage = (Range<usize>, Message);

/// When a rule is asked.
#[derive(Debug)]
pub(crate) enum Check {
    /// For each clause that runs with the migration, with the schema just before it; unless the clause changes
    /// or drops an object that certainly does not exist. There only `Existence` checks are asked.
    Clause(fn(&Context<'_>) -> Option<Message>),
    /// The same for what a clause may have several of, such as columns; with the places.
    Parts(fn(&Context<'_>) -> Vec<SpannedMessage>),
    /// For each clause that runs with the migration, whether what it names exists; with the places.
    Existence(fn(&Context<'_>) -> Vec<SpannedMessage>),
    /// For each statement, also of routines, which run when they are called; with the place.
    Statement(fn(&Context<'_>) -> Option<SpannedMessage>),
    /// Once for each file, with the schema at its end; with the places.
    File(fn(&FileContext<'_>) -> Vec<SpannedMessage>),
    /// For each problem that reading files and comments came upon.
    Reading(fn(&Fact) -> Option<Message>),
}
