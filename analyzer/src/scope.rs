//! What a rule gets to see.

use std::ops::{Deref, Range};

use crate::directive::{Directive, Placed};
use crate::file_name::{Category, snake_case};
use crate::finding::{Message, Place, Remedy};
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
    /// What its `-- onward:` comments say.
    pub(crate) directives: &'a [Placed],
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

    /// Whether this very file made the object, whatever `TABLE` stands for: `GRANT ON TABLE` takes
    /// views and sequences too.
    pub(crate) fn is_new_object(&self, kind: ObjectKind, name: &Name) -> bool {
        let is_sequence = || self.is_new(ObjectKind::Sequence, name, None);
        match kind {
            ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView => {
                self.is_new_relation(name) || is_sequence()
            }
            kind => self.is_new(kind, name, None),
        }
    }

    /// Whether this very file made the table or view.
    pub(crate) fn is_new_relation(&self, name: &Name) -> bool {
        let relation = self.schema.relation(name);
        relation.is_some_and(|relation| relation.origin.file == self.file)
    }

    /// Whether this very file made the table, or the column of an older one.
    pub(crate) fn is_new_column(&self, table: &Name, column: &str) -> bool {
        self.is_new_relation(table) || self.is_new(ObjectKind::Column, table, Some(column))
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

    /// Whether the file or the module's settings name the object as one of another module that it may
    /// speak of.
    pub(crate) fn is_external(&self, name: &Name) -> bool {
        let mut directives = self.directives.iter();
        self.module.settings.reads.contains(name)
            || directives.any(|placed| placed.directive == Directive::External(name.clone()))
    }

    /// Whether the file declares the table to be small.
    pub(crate) fn is_small(&self, small: &Name) -> bool {
        let mut directives = self.directives.iter();
        directives.any(|placed| {
            matches!(&placed.directive, Directive::SmallTable { table, .. } if table == small)
        })
    }

    /// The column whose order cuts a data migration into batches.
    pub(crate) fn batch_column(&self) -> Option<&'a str> {
        let mut directives = self.directives.iter();
        directives.find_map(|placed| match &placed.directive {
            Directive::Batch { by, .. } => Some(by.as_str()),
            _ => None,
        })
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

    /// The part of a table, of this kind, that the clause drops; neither it nor the table is new.
    pub(crate) fn drops_part(&self, kind: ObjectKind) -> Option<(&'a Name, &'a str)> {
        let Change::Drop {
            kind: dropped,
            name,
            part: Some(part),
            ..
        } = self.change()
        else {
            return None;
        };
        let is_new = self.is_new_relation(name) || self.is_new(kind, name, Some(part));
        (*dropped == kind && !is_new).then_some((name, part.as_str()))
    }

    /// `IF EXISTS `, where the clause that drops something says so.
    pub(crate) fn if_exists(&self) -> &'static str {
        let (Change::Drop { if_exists, .. } | Change::DropColumn { if_exists, .. }) = self.change()
        else {
            return "";
        };
        if *if_exists { "IF EXISTS " } else { "" }
    }

    /// The message with its way out: the statement in a release migration that says what it takes
    /// from old code.
    ///
    /// `title` names the new file, `sql` is the statement without its semicolon.
    pub(crate) fn by_an_operator(
        &self,
        message: Message,
        title: &str,
        sql: &str,
        breaks: &str,
    ) -> Message {
        let sql = format!("-- onward: breaks {breaks}\n{sql};");
        let (help, remedies) = match self.category() {
            Some(Category::Release) => (
                "when no instance of such code runs any more, say so at the top of the file",
                vec![Remedy {
                    file: self.file_name().to_owned(),
                    sql,
                }],
            ),
            Some(Category::Startup | Category::Seed | Category::Data) | None => (
                "ship code that does without it first; then an operator runs this as a release migration",
                self.remedies(&[(Category::Release, &snake_case(title), sql)]),
            ),
        };
        Message {
            help: help.to_owned(),
            ..message
        }
        .with_remedies(remedies)
    }
}
