//! What a rule is, and what it gets to see.

use std::ops::Range;

use crate::file_name::Category;
use crate::finding::{Message, Place, Severity};
use crate::schema::{Origin, Schema};
use crate::source::{Source, next_name};
use crate::statement::{Change, Clause, Name, ObjectKind, Statement};

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
    /// What it weighs in each category.
    pub levels: Levels,
    pub(crate) check: Check,
}

/// What a rule weighs in each category.
///
/// ```
/// use onward_analyzer::Severity;
/// use onward_analyzer::file_name::Category;
/// use onward_analyzer::rule::Levels;
///
/// assert_eq!(Levels::all(Severity::Deny).of(Category::Seed), Severity::Deny);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the categories")]
pub struct Levels {
    pub startup: Severity,
    pub seed: Severity,
    pub release: Severity,
    pub data: Severity,
}

impl Levels {
    /// The same in all categories.
    #[must_use]
    pub const fn all(severity: Severity) -> Self {
        Self {
            startup: severity,
            seed: severity,
            release: severity,
            data: severity,
        }
    }

    /// Nothing anywhere; the start for rules about one or two categories.
    pub(crate) const NONE: Self = Self::all(Severity::Allow);

    /// In one category.
    #[must_use]
    pub const fn of(&self, category: Category) -> Severity {
        match category {
            Category::Startup => self.startup,
            Category::Seed => self.seed,
            Category::Release => self.release,
            Category::Data => self.data,
        }
    }
}

/// A message and the bytes of the file that it speaks of.
pub(crate) type Placed = (Range<usize>, Message);

/// When a rule is asked.
#[derive(Debug)]
pub(crate) enum Check {
    /// For each clause that runs with the migration, with the schema just before it.
    Clause(fn(&Scope<'_>) -> Option<Message>),
    /// For each statement, also of routines, which run when they are called; with the place.
    Statement(fn(&Scope<'_>) -> Option<Placed>),
    /// Never: the findings come up while files and comments are read.
    Reading,
}

/// When a statement runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runs {
    /// With the migration, as a statement of the file.
    Alone,
    /// With the migration, as a part of a `DO` block.
    InBlock,
    /// Whenever somebody calls the routine that it is in.
    WhenCalled,
}

impl Runs {
    /// The same for a statement of a `DO` block.
    pub(crate) const fn inside_block(self) -> Self {
        match self {
            Self::Alone | Self::InBlock => Self::InBlock,
            Self::WhenCalled => Self::WhenCalled,
        }
    }
}

/// A clause in its surroundings.
pub(crate) struct Scope<'a> {
    /// The index of the file.
    pub(crate) file: usize,
    pub(crate) sources: &'a [Source],
    /// The oldest PostgreSQL that the module is for.
    pub(crate) min_pg: u8,
    /// The statements of the file.
    pub(crate) statements: &'a [Statement],
    pub(crate) statement: &'a Statement,
    pub(crate) clause: &'a Clause,
    pub(crate) runs: Runs,
    /// What exists just before this clause.
    pub(crate) schema: &'a Schema,
}

impl<'a> Scope<'a> {
    pub(crate) fn change(&self) -> &'a Change {
        &self.clause.change
    }

    /// The statement's text.
    pub(crate) fn sql(&self) -> &'a str {
        self.text(&self.statement.span)
    }

    /// Some bytes of the file.
    pub(crate) fn text(&self, span: &Range<usize>) -> &'a str {
        let source = self.sources.get(self.file);
        let text = source.and_then(|source| source.text.get(span.clone()));
        text.unwrap_or_default()
    }

    /// The rest of the statement from a byte of the file on, in one line, to be pasted elsewhere.
    pub(crate) fn sql_from(&self, offset: usize) -> String {
        let skipped = offset.saturating_sub(self.statement.span.start);
        let rest = self.sql().get(skipped..).unwrap_or_default();
        // A line comment would swallow what is joined behind it.
        match rest.contains("--") {
            true => rest.trim().to_owned(),
            false => rest.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }

    /// Whether this very file made the object: then nothing reads it yet.
    pub(crate) fn is_new(&self, kind: ObjectKind, name: &Name, part: Option<&str>) -> bool {
        self.schema
            .origin(kind, name, part)
            .is_some_and(|origin| origin.file == self.file)
    }

    /// Whether this very file made the table.
    pub(crate) fn is_new_table(&self, table: &Name) -> bool {
        self.is_new(ObjectKind::Table, table, None)
    }

    /// Where an earlier file made the object, for a message's second place.
    pub(crate) fn made(
        &self,
        kind: ObjectKind,
        name: &Name,
        part: Option<&str>,
    ) -> Option<(Place, String)> {
        let Origin { file, span } = self.schema.origin(kind, name, part)?;
        let source = self.sources.get(*file)?;
        let what = part.map_or_else(|| name.to_string(), |part| format!("{name}.{part}"));
        Some((
            Place::at(&source.path, span.clone()),
            format!("{what} is made here, in an earlier file"),
        ))
    }

    /// The object that the clause drops, when it is of one of these kinds and older than the file.
    pub(crate) fn drops(&self, kinds: &[ObjectKind]) -> Option<(ObjectKind, &'a Name)> {
        match self.change() {
            Change::Drop {
                kind,
                name,
                part: None,
                ..
            } if kinds.contains(kind) && !self.is_new(*kind, name, None) => Some((*kind, name)),
            _ => None,
        }
    }

    /// The next free version of a category, for the cure.
    pub(crate) fn next(&self, category: Category) -> String {
        next_name(self.sources, category)
    }

    /// "Put it into `101_<title>.sql`".
    pub(crate) fn to_release(&self, title: &str) -> String {
        format!(
            "ship code that does without it first, then put the statement into a release migration, \
             `{}_{title}.sql`, which an operator runs",
            self.next(Category::Release)
        )
    }
}
