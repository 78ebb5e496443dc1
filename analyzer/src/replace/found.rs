//! Which columns the files of a module replace, and how far they go.

use crate::intake::directive::Series;
use crate::intake::file::File;
use crate::intake::file_name::{Category, Version};
use crate::intake::module::Source;
use crate::statement::{Change, Name, Statement};

/// How far the files of a series go.
///
/// ```
/// use onward_analyzer::replace::Phase;
///
/// assert!(Phase::Begun < Phase::Ended);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The new column is there, and a trigger keeps both equal.
    Begun,
    /// A data migration fills the new column.
    Copied,
    /// The old column is dropped.
    Ended,
}

/// A column that is replaced by another one, or by several.
///
/// ```
/// use onward_analyzer::replace::Phase;
/// use onward_analyzer::{analyze, source::Module};
///
/// let files = [
///     ("001_a.sql", "CREATE TABLE shop.a (id bigint PRIMARY KEY, old text);"),
///     ("002_a.sql", "-- onward: replace shop.a.old with new using (old) back (new)\nALTER TABLE shop.a ADD new text;"),
/// ];
/// let analysis = analyze(Module::in_memory("shop", files));
/// let [one] = analysis.replacements.as_slice() else { panic!("one column is replaced") };
/// assert_eq!((one.series.column.as_str(), one.phase), ("old", Phase::Begun));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// What is replaced by what: its table, the old column, and the new ones.
    pub series: Series,
    /// How far the files go.
    pub phase: Phase,
    /// The index of the file that begins the series, among the module's sources.
    pub begins: usize,
    /// The data migration that fills the new columns.
    pub filled_by: Option<Version>,
    /// The index of the file that drops the old column.
    pub ends: Option<usize>,
}

impl Replacement {
    /// Whether it is about this column.
    ///
    /// ```
    /// use onward_analyzer::statement::Name;
    /// use onward_analyzer::{analyze, source::Module};
    ///
    /// let files = [
    ///     ("001_a.sql", "CREATE TABLE shop.a (id bigint PRIMARY KEY, old text);"),
    ///     ("002_a.sql", "-- onward: replace shop.a.old with new using (old) back (new)\nALTER TABLE shop.a ADD new text;"),
    /// ];
    /// let replaced = analyze(Module::in_memory("shop", files)).replacements;
    /// let a = Name { schema: "shop".into(), name: "a".into() };
    /// assert!(replaced[0].replaces(&a, "old") && !replaced[0].replaces(&a, "new"));
    /// ```
    #[must_use]
    pub fn replaces(&self, table: &Name, column: &str) -> bool {
        self.series.table == *table && self.series.column == column
    }
}

/// The series of these files, in the order in which they begin.
pub(crate) fn replacements(sources: &[Source], files: &[File]) -> Vec<Replacement> {
    let mut all: Vec<Replacement> = Vec::new();
    for (index, (source, file)) in sources.iter().zip(files).enumerate() {
        for series in &file.declared.replace {
            all.push(Replacement {
                series: series.clone(),
                phase: Phase::Begun,
                begins: index,
                filled_by: None,
                ends: None,
            });
        }
        for one in all.iter_mut().filter(|one| one.phase < Phase::Ended) {
            let is_data = source.version.category == Category::Data;
            if is_data
                && file
                    .statements
                    .iter()
                    .any(|statement| fills(statement, &one.series))
            {
                one.phase = Phase::Copied;
                one.filled_by = Some(source.version);
            }
            let ended = (one.series.table.clone(), one.series.column.clone());
            if file.declared.replace_ends.contains(&ended) {
                one.phase = Phase::Ended;
                one.ends = Some(index);
            }
        }
    }
    all
}

/// Whether these files begin to replace the column, and do not end it.
pub(crate) fn is_open(files: &[File], table: &Name, column: &str) -> bool {
    let last = files.iter().rev().find_map(|file| {
        let declared = &file.declared;
        let is_it = |of: &Name, old: &str| of == table && old == column;
        let ends = declared.replace_ends.iter().any(|(of, old)| is_it(of, old));
        let begins = || {
            declared
                .replace
                .iter()
                .any(|one| is_it(&one.table, &one.column))
        };
        ends.then_some(false).or_else(|| begins().then_some(true))
    });
    last == Some(true)
}

/// Whether a statement writes the new columns.
pub(crate) fn fills(statement: &Statement, series: &Series) -> bool {
    let has = |columns: Vec<&String>| {
        let mut targets = series.targets.iter();
        targets.all(|target| columns.contains(&&target.column))
    };
    statement.clauses.iter().any(|clause| {
        if let Change::Update(update) = &clause.change {
            let columns = update.set.iter().flat_map(|set| &set.columns);
            return update.table == *series.to() && has(columns.map(|one| &one.column).collect());
        }
        let Change::Insert(insert) = &clause.change else {
            return false;
        };
        let columns = insert.columns.iter().map(|one| &one.column).collect();
        series.moved.is_some() && insert.table == *series.to() && has(columns)
    })
}
