//! What a statement demands of rows that exist, as questions that can be asked before anything is locked.
//!
//! `SET NOT NULL`, `UNIQUE`, `CHECK`, `FOREIGN KEY`, `EXCLUDE`, `ATTACH PARTITION`, a constraint of a domain and a narrower
//! type read the table under their lock, and fail on the first row that is in the way. Each has a query that finds all of these rows beforehand, under no lock that a session
//! waits for.

mod domain;
mod exclusion;
mod narrower;
mod partition;
mod question;
mod rows;

use std::ops::Range;

use crate::intake::module::Module;
use crate::lower::lower;
use crate::schema::Schema;
use crate::statement::{Change, Name, Scope, Statement};
use crate::text::split::split;

pub(crate) use self::narrower::narrower;
use self::question::questions;

/// What a statement demands, and how to ask for it.
///
/// ```
/// use onward_analyzer::precondition::{Question, preconditions};
/// use onward_analyzer::{analyze, source::Module};
///
/// let files = [
///     ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY, name text);"),
///     ("002_a.sql", "ALTER TABLE auth.a ALTER COLUMN name SET NOT NULL;"),
/// ];
/// let all = preconditions(&analyze(Module::in_memory("auth", files)).module);
/// let [one] = all.as_slice() else { panic!("one question: {all:?}") };
/// assert_eq!(one.demand, "no row of auth.a has a null in name");
/// assert_eq!(one.question, Question::NoRow("SELECT id FROM auth.a WHERE name IS NULL".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precondition {
    /// The index of the file among the module's sources.
    pub source: usize,
    /// The byte range of the clause in the file.
    pub span: Range<usize>,
    /// The table whose rows are asked.
    pub table: Name,
    /// What has to hold.
    pub demand: String,
    /// How to ask.
    pub question: Question,
    /// Earlier files that are not about the schema only: they change rows of the table, so that the answer may be
    /// another one when the statement runs. Indexes among the module's sources.
    pub changed_by: Vec<usize>,
}

/// A query about rows.
///
/// ```
/// use onward_analyzer::precondition::Question;
///
/// let query = "SELECT id FROM auth.a WHERE name IS NULL".to_owned();
/// assert_ne!(Question::NoRow(query.clone()), Question::Converts(query));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The query lists the rows in the way, by their keys: it must find none.
    NoRow(String),
    /// The query converts every value: it must not fail.
    Converts(String),
}

/// What the statements of a module demand, in the order in which they run.
///
/// The module is one that was analyzed: its sources are in that order. A question is about the tables that exist just
/// before its statement; where earlier files of the same run create or rename what it names, a server answers that it
/// does not exist, and there is nothing to ask yet.
///
/// ```
/// use onward_analyzer::{analyze, precondition::preconditions, source::Module};
///
/// let table = ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY);");
/// let module = analyze(Module::in_memory("auth", [table])).module;
/// assert!(preconditions(&module).is_empty(), "no statement asks anything of rows");
/// ```
#[must_use]
pub fn preconditions(module: &Module) -> Vec<Precondition> {
    let mut schema = Schema::new(&module.schema).on(module.settings.min_pg);
    let mut written: Vec<(usize, Name)> = Vec::new();
    let mut all = Vec::new();
    for (source, file) in module.sources.iter().enumerate() {
        let mut scope = Scope::from(module.schema.as_str());
        for raw in &split(&file.text).statements {
            let statement = lower(&file.text, raw, &scope);
            scope.follow(&statement);
            let found = of_statement(source, &statement, &mut schema);
            all.extend(found.into_iter().map(|one| {
                Precondition {
                    changed_by: { written.iter() }
                        .filter(|(_, table)| *table == one.table)
                        .map(|(source, _)| *source)
                        .collect(),
                    ..one
                }
            }));
            let writes = statement
                .clauses
                .iter()
                .filter_map(|one| writes(&one.change));
            written.extend(writes.map(|table| (source, table.clone())));
        }
        schema.end_file();
        written.dedup();
    }
    all
}

/// Asks about each clause as the one before it leaves the schema.
fn of_statement(source: usize, statement: &Statement, schema: &mut Schema) -> Vec<Precondition> {
    let mut all = Vec::new();
    let mut ahead = schema.clone();
    for clause in &statement.clauses {
        let found = questions(&ahead, &clause.change).into_iter();
        all.extend(found.map(|one| Precondition {
            source,
            span: clause.span.clone(),
            table: one.table,
            demand: one.demand,
            question: one.question,
            changed_by: Vec::new(),
        }));
        ahead.apply(source, clause);
    }
    schema.run(source, statement);
    all
}

/// The table whose rows a change writes.
fn writes(change: &Change) -> Option<&Name> {
    match change {
        Change::Insert(insert) => Some(&insert.table),
        Change::Update(update) => Some(&update.table),
        Change::Delete(delete) => Some(&delete.table),
        Change::Merge(merge) => Some(&merge.table),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
