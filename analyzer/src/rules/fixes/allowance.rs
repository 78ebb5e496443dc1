//! The allowances that a suggested file needs.
//!
//! A suggested file is checked like every file of the module. If one of its statements restricts writes, the
//! file contains the line of an allowance, whose reason only the author of the file knows: until the author
//! writes it, the line is an error.

use crate::check::context::FileContext;
use crate::finding::{Message, SuggestedFile};
use crate::intake::directive::NO_REASON_YET;
use crate::intake::file_name::{Category, version_of};
use crate::lower::lower;
use crate::rules::facts::write_restriction::{Outcome, may_restrict, violated};
use crate::schema::Schema;
use crate::statement::Statement;
use crate::text::split::split;

const RULE: &str = "new-write-restriction";

/// The same message, whose suggested startup migrations have an allowance above each statement that may
/// violate the writes of the running release. Files that would certainly fail are not suggested.
pub(crate) fn with_allowances(message: Message, around: &FileContext<'_>) -> Message {
    // The rules generate this SQL: only these words in it restrict writes.
    let is_about_rows = |file: &SuggestedFile| {
        let words = ["CONSTRAINT", "UNIQUE", "CHECK", "NOT NULL", "PRIMARY KEY"];
        is_startup(file) && words.iter().any(|word| file.sql.contains(word))
    };
    if !message.suggested_files.iter().any(is_about_rows) {
        return message;
    }
    let suggested = Suggested::of(around, &message.suggested_files);
    let Some(suggested) = suggested else {
        return message;
    };
    // A column that one file adds is new to the running release in the next one, too.
    let together = suggested.judged(around, |_| around.file);
    if together.iter().flatten().any(|one| *one == Outcome::Fails) {
        return message.with_files(Vec::new());
    }
    let chosen = &around.module.settings.severities;
    let is_silent = chosen
        .iter()
        .any(|line| line.rule == RULE && line.severity.as_deref() == Some("allow"));
    if is_silent {
        return message;
    }
    let next = around.sources.len();
    let is_own = |at: usize| {
        let file = message.suggested_files.get(at);
        file.is_some_and(|file| file.file == around.file_name())
    };
    let each = match (0..suggested.to_judge()).all(is_own) {
        true => together,
        false => suggested.judged(around, |at| match is_own(at) {
            true => around.file,
            false => next + at,
        }),
    };
    let files = message.suggested_files.iter().zip(each);
    let mut suggested_files: Vec<SuggestedFile> = files
        .map(|(file, outcomes)| allowed(file, &outcomes))
        .collect();
    let others = message.suggested_files.get(suggested.to_judge()..);
    suggested_files.extend_from_slice(others.unwrap_or_default());
    message.with_files(suggested_files)
}

fn is_startup(file: &SuggestedFile) -> bool {
    let version = version_of(&file.file);
    version.is_some_and(|version| version.category == Category::Startup)
}

/// Suggested files that may restrict writes, each read once.
struct Suggested {
    /// Those up to the last one with a statement that may restrict writes: whether it is a startup migration, and
    /// its statements.
    files: Vec<(bool, Vec<Statement>)>,
}

impl Suggested {
    /// `None` if none of them can restrict writes.
    fn of(around: &FileContext<'_>, files: &[SuggestedFile]) -> Option<Self> {
        // A file can hold a whole table, and each of a hundred findings about it suggests that file.
        if !files.iter().any(|file| is_startup(file) && alters(file)) {
            return None;
        }
        let read = files
            .iter()
            .map(|file| (is_startup(file), statements(around, file)));
        let mut files: Vec<(bool, Vec<Statement>)> = read.collect();
        let last = files
            .iter()
            .rposition(|(is_startup, read)| *is_startup && read.iter().any(restricts))?;
        files.truncate(last + 1);
        Some(Self { files })
    }

    /// How many of the files have to be judged.
    fn to_judge(&self) -> usize {
        self.files.len()
    }

    /// For each file and each of its statements, what writes of the running release do there. `Passes` also
    /// stands for a statement that restricts nothing.
    fn judged(
        &self,
        around: &FileContext<'_>,
        index: impl Fn(usize) -> usize,
    ) -> Vec<Vec<Outcome>> {
        let mut before: Vec<Statement> = Vec::new();
        // Applied, but not yet to the copy, which is made only for a statement that needs it.
        let mut waiting: Vec<(usize, &Statement)> = Vec::new();
        let mut trial: Option<Schema> = None;
        let mut all = Vec::new();
        let mut last = usize::MAX;
        for (at, (is_startup, statements)) in self.files.iter().enumerate() {
            let file_index = index(at);
            if file_index != last {
                before.clear();
            }
            last = file_index;
            before.extend(statements.iter().cloned());
            let outcomes = statements.iter().map(|statement| {
                let outcome = match *is_startup && restricts(statement) {
                    true => {
                        for (file, earlier) in waiting.drain(..) {
                            let trial = trial.get_or_insert_with(|| self.part_of(around.schema));
                            for clause in &earlier.clauses {
                                trial.apply(file, clause);
                            }
                        }
                        let now = trial.as_ref().unwrap_or(around.schema);
                        outcome(around, now, file_index, &before, statement)
                    }
                    false => Outcome::Passes,
                };
                waiting.push((file_index, statement));
                outcome
            });
            all.push(outcomes.collect());
        }
        all
    }

    /// A copy of what the statements change.
    fn part_of(&self, schema: &Schema) -> Schema {
        let statements = self.files.iter().flat_map(|(_, statements)| statements);
        let clauses = statements.flat_map(|statement| &statement.clauses);
        schema.subset(clauses.filter_map(|clause| clause.change.table()))
    }
}

/// Whether the file has a statement other than those that create tables and plain indexes.
fn alters(file: &SuggestedFile) -> bool {
    let raw = split(&file.sql).statements;
    raw.iter().any(|raw| {
        let text = file.sql.get(raw.span.clone()).unwrap_or_default();
        let begins = |words: &str| {
            let first = text.get(..words.len());
            first.is_some_and(|first| first.eq_ignore_ascii_case(words))
        };
        !begins("CREATE TABLE ") && !begins("CREATE INDEX ")
    })
}

fn restricts(statement: &Statement) -> bool {
    let mut clauses = statement.clauses.iter();
    clauses.any(|clause| may_restrict(&clause.change))
}

fn statements(around: &FileContext<'_>, file: &SuggestedFile) -> Vec<Statement> {
    let raw = split(&file.sql).statements;
    raw.iter()
        .map(|raw| lower(&file.sql, raw, &around.module.schema))
        .collect()
}

fn outcome(
    around: &FileContext<'_>,
    trial: &Schema,
    file: usize,
    statements: &[Statement],
    statement: &Statement,
) -> Outcome {
    let context = around.with(file, statements, trial);
    let mut worst = Outcome::Passes;
    for clause in &statement.clauses {
        match violated(&context, &clause.change) {
            Some(violated) if violated.inserts == Outcome::Fails => return Outcome::Fails,
            Some(_) => worst = Outcome::Unclear,
            None => {}
        }
    }
    worst
}

fn allowed(file: &SuggestedFile, outcomes: &[Outcome]) -> SuggestedFile {
    let sql = &file.sql;
    let mut with = String::with_capacity(sql.len());
    let mut end = 0;
    for (raw, outcome) in split(sql).statements.iter().zip(outcomes) {
        let before = sql.get(end..raw.span.start).unwrap_or_default();
        with += before;
        if *outcome == Outcome::Unclear && !before.contains(RULE) {
            with += &format!("-- onward: allow {RULE} because \"{NO_REASON_YET}\"\n");
        }
        end = raw.span.start;
    }
    SuggestedFile {
        sql: with + sql.get(end..).unwrap_or_default(),
        ..file.clone()
    }
}
