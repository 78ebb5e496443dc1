//! What a rule gets to see.

use std::ops::{Deref, Range};

use crate::file_name::Category;
use crate::finding::{Place, Remedy};
use crate::rule::Runs;
use crate::schema::{Origin, Schema};
use crate::source::{Module, Source, next_name, take_name};
use crate::statement::{Change, Clause, Name, ObjectKind, Statement};

/// A file among the others, and what exists.
pub(crate) struct Surroundings<'a> {
    /// The index of the file.
    pub(crate) file: usize,
    pub(crate) module: &'a Module,
    pub(crate) sources: &'a [Source],
    /// The oldest PostgreSQL that the module is for.
    pub(crate) min_pg: u8,
    /// The statements of the file.
    pub(crate) statements: &'a [Statement],
    /// What exists just before the clause, or at the end of the file.
    pub(crate) schema: &'a Schema,
}

/// A clause in its surroundings.
pub(crate) struct Scope<'a> {
    pub(crate) around: Surroundings<'a>,
    pub(crate) statement: &'a Statement,
    pub(crate) clause: &'a Clause,
    pub(crate) runs: Runs,
}

/// A clause's scope answers for its file too.
impl<'a> Deref for Scope<'a> {
    type Target = Surroundings<'a>;

    fn deref(&self) -> &Self::Target {
        &self.around
    }
}

impl<'a> Surroundings<'a> {
    /// Some bytes of the file.
    pub(crate) fn text(&self, span: &Range<usize>) -> &'a str {
        let source = self.sources.get(self.file);
        let text = source.and_then(|source| source.text.get(span.clone()));
        text.unwrap_or_default()
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

    /// Where something was made first, for a message's second place.
    pub(crate) fn first_made(&self, origin: &Origin, what: &str) -> Option<(Place, String)> {
        let path = &self.sources.get(origin.file)?.path;
        let place = Place::at(path, origin.span.clone());
        Some((place, format!("{what} is made here")))
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

    /// The file's name.
    pub(crate) fn file_name(&self) -> &'a str {
        let source = self.sources.get(self.file);
        source.map_or("", |source| source.name.as_str())
    }

    /// The file's category.
    pub(crate) fn category(&self) -> Option<Category> {
        let source = self.sources.get(self.file);
        source.map(|source| source.version.category)
    }

    /// New files for the cure, each under the next free version of its category: `(category, title,
    /// sql)` becomes `004_title.sql`.
    pub(crate) fn remedies(&self, files: &[(Category, &str, String)]) -> Vec<Remedy> {
        let mut taken = self.sources.iter().map(|source| source.version).collect();
        let files = files.iter().map(|(category, title, sql)| Remedy {
            file: format!("{}_{title}.sql", take_name(*category, &mut taken)),
            sql: sql.clone(),
        });
        files.collect()
    }
}

impl<'a> Scope<'a> {
    pub(crate) fn change(&self) -> &'a Change {
        &self.clause.change
    }

    /// The statement's text.
    pub(crate) fn sql(&self) -> &'a str {
        self.text(&self.statement.span)
    }

    /// Whether it is the statement's first clause, for what is asked once a statement.
    pub(crate) fn is_first(&self) -> bool {
        let first = self.statement.clauses.first();
        first.is_some_and(|first| std::ptr::eq(first, self.clause))
    }

    /// The statement's other clauses.
    pub(crate) fn others(&self) -> impl Iterator<Item = &'a Clause> {
        let this = self.clause;
        let clauses = self.statement.clauses.iter();
        clauses.filter(move |clause| !std::ptr::eq(*clause, this))
    }

    /// Whether this is the statement's first word.
    pub(crate) fn starts_with(&self, word: &str) -> bool {
        let first = self.sql().get(..word.len());
        first.is_some_and(|first| first.eq_ignore_ascii_case(word))
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
}
