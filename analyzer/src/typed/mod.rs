//! What code can know of the schema when it is compiled: tables with their columns, types, and what queries take and
//! return.
//!
//! Nothing is judged here but the query that is asked about: the files are folded, and their findings are those of
//! [`analyze`](crate::analyze()).

mod against;
mod catalogue;
mod nullable;
mod query;
mod required;
mod sort;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use self::against::{Running, against};
pub use self::catalogue::{Column, Composite, Enum, Table};
pub use self::query::{Output, Parameter, Query};
pub use self::sort::Sort;
use crate::analyze::fold::{Comments, fold};
use crate::intake::module::Module;
use crate::intake::parsed::Parsed;
use crate::schema::Schema;
use crate::statement::Name;
use crate::text::nearest::nearest;

/// A folder, folded into the schema that its files leave behind.
///
/// ```
/// use onward_analyzer::{source::Module, typed::Known};
///
/// let file = ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY);");
/// let known = Known::of(Module::in_memory("auth", [file]));
/// assert_eq!(known.tables().len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Known {
    /// As it was read; the sources are in the order in which they run.
    module: Module,
    schema: Schema,
    comments: Comments,
    /// Why a column should not be used any more, by its table and name.
    outdated: BTreeMap<(Name, String), String>,
}

impl Known {
    /// Folds a folder. This never fails: what cannot be read is not there.
    ///
    /// ```
    /// use onward_analyzer::{source::Module, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad'); CREATE TYPE auth.pair AS (a int, b int); CREATE TABLE auth.a (id bigint NOT NULL);");
    /// let known = Known::of(Module::in_memory("auth", [file]));
    /// assert_eq!(known.tables().len(), 1);
    /// ```
    #[must_use]
    pub fn of(module: Module) -> Self {
        Self::of_parsed(&Parsed::of(module))
    }

    /// The same for a module that is parsed already.
    ///
    /// ```
    /// use onward_analyzer::{Parsed, source::Module, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY);");
    /// let parsed = Parsed::of(Module::in_memory("auth", [file]));
    /// assert_eq!(Known::of_parsed(&parsed).tables().len(), 1);
    /// ```
    #[must_use]
    pub fn of_parsed(parsed: &Parsed) -> Self {
        let (schema, comments) = fold(parsed);
        let replaced = comments.replaced.clone();
        let known = Self {
            module: parsed.module.clone(),
            schema,
            comments,
            outdated: BTreeMap::new(),
        };
        replaced.iter().fold(known, |known, one| {
            let series = &one.series;
            let targets = series.targets.iter().map(|target| target.column.as_str());
            let targets: Vec<&str> = targets.collect();
            let why = format!(
                "use {}: the files replace this column by it",
                targets.join(" and ")
            );
            known.outdating(&series.table, &series.column, &why)
        })
    }

    /// The same, with the reason why code should no longer use a column.
    ///
    /// ```
    /// use onward_analyzer::{source::Module, statement::Name, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TABLE auth.a (old text, new text);");
    /// let a = Name { schema: "auth".into(), name: "a".into() };
    /// let known = Known::of(Module::in_memory("auth", [file])).outdating(&a, "old", "use new");
    /// let notes: Vec<Option<String>> =
    ///     known.tables().remove(0).columns.into_iter().map(|column| column.deprecated).collect();
    /// assert_eq!(notes, [Some("use new".to_owned()), None]);
    /// ```
    #[must_use]
    pub fn outdating(mut self, table: &Name, column: &str, why: &str) -> Self {
        let column = (table.clone(), column.to_owned());
        self.outdated.insert(column, why.to_owned());
        self
    }

    /// The schema that the module owns.
    ///
    /// ```
    /// use onward_analyzer::{source::Module, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad'); CREATE TYPE auth.pair AS (a int, b int); CREATE TABLE auth.a (id bigint NOT NULL);");
    /// let known = Known::of(Module::in_memory("auth", [file]));
    /// assert_eq!(known.name(), "auth");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.module.schema
    }

    /// The folder as messages show it.
    ///
    /// ```
    /// use onward_analyzer::{source::Module, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad'); CREATE TYPE auth.pair AS (a int, b int); CREATE TABLE auth.a (id bigint NOT NULL);");
    /// let known = Known::of(Module::in_memory("auth", [file]));
    /// assert_eq!(known.folder(), "migrations/auth");
    /// ```
    #[must_use]
    pub fn folder(&self) -> &str {
        &self.module.folder
    }

    /// The files that were read, for cargo to track.
    ///
    /// ```
    /// use onward_analyzer::{source::Module, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad'); CREATE TYPE auth.pair AS (a int, b int); CREATE TABLE auth.a (id bigint NOT NULL);");
    /// let known = Known::of(Module::in_memory("auth", [file]));
    /// assert!(known.watched().is_empty(), "nothing was read from a disk");
    /// ```
    #[must_use]
    pub fn watched(&self) -> &[PathBuf] {
        &self.module.watched
    }

    /// Whether there is a file to fold.
    ///
    /// ```
    /// use onward_analyzer::{source::Module, typed::Known};
    ///
    /// let file = ("001_a.sql", "CREATE TYPE auth.mood AS ENUM ('calm', 'sad'); CREATE TYPE auth.pair AS (a int, b int); CREATE TABLE auth.a (id bigint NOT NULL);");
    /// let known = Known::of(Module::in_memory("auth", [file]));
    /// assert!(!known.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.module.sources.is_empty()
    }
}

/// The word of these that was probably meant.
///
/// ```
/// assert_eq!(onward_analyzer::typed::meant("emial", ["id", "email"]), Some("email"));
/// ```
#[must_use]
pub fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(word, known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_is_being_replaced_is_outdated() {
        let files = [
            (
                "001_a.sql",
                "CREATE TABLE shop.a (id bigint PRIMARY KEY, old text);",
            ),
            (
                "002_a.sql",
                "-- onward: replace shop.a.old with new using (old) back (new)\nALTER TABLE shop.a ADD new text;",
            ),
        ];
        let known = Known::of(Module::in_memory("shop", files));
        let columns = known.tables().remove(0).columns;
        let notes: Vec<Option<&str>> = columns
            .iter()
            .map(|one| one.deprecated.as_deref())
            .collect();
        let note = "use new: the files replace this column by it";
        assert_eq!(notes, [None, Some(note), None]);
    }
}
