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
use crate::rules::facts::write_restriction::{Outcome, violated};
use crate::schema::Schema;
use crate::statement::{Name, Statement};
use crate::text::split::split;

const RULE: &str = "new-write-restriction";

/// The same message, whose suggested startup migrations have an allowance above each statement that may
/// violate the writes of the running release. Files that would certainly fail are not suggested.
pub(crate) fn with_allowances(message: Message, around: &FileContext<'_>) -> Message {
    // The rules generate this SQL: only these words in it restrict writes.
    let may_restrict = |file: &SuggestedFile| {
        let words = ["CONSTRAINT", "UNIQUE", "CHECK", "NOT NULL", "PRIMARY KEY"];
        is_startup(file) && words.iter().any(|word| file.sql.contains(word))
    };
    if !message.suggested_files.iter().any(may_restrict) {
        return message;
    }
    let own = |file: &SuggestedFile| file.file == around.file_name();
    // A column that one file adds is new to the running release in the next one, too.
    let together = judged(around, &message.suggested_files, |_, _| around.file);
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
    let each = judged(around, &message.suggested_files, |at, file| {
        match own(file) {
            true => around.file,
            false => next + at,
        }
    });
    let files = message.suggested_files.iter().zip(each);
    let suggested_files = files
        .map(|(file, outcomes)| allowed(file, &outcomes))
        .collect();
    message.with_files(suggested_files)
}

fn is_startup(file: &SuggestedFile) -> bool {
    let version = version_of(&file.file);
    version.is_some_and(|version| version.category == Category::Startup)
}

/// For each file and each of its statements, what writes of the running release do there. `Passes` also
/// stands for a statement that restricts nothing.
fn judged(
    around: &FileContext<'_>,
    files: &[SuggestedFile],
    index: impl Fn(usize, &SuggestedFile) -> usize,
) -> Vec<Vec<Outcome>> {
    let read: Vec<Vec<Statement>> = files.iter().map(|file| statements(around, file)).collect();
    let names: Vec<Name> = read
        .iter()
        .flatten()
        .flat_map(|statement| &statement.clauses)
        .filter_map(|clause| clause.change.table().cloned())
        .collect();
    let mut trial = around.schema.subset(names.iter());
    let mut before: Vec<Statement> = Vec::new();
    let mut all = Vec::new();
    let mut last = usize::MAX;
    for (at, (file, statements)) in files.iter().zip(&read).enumerate() {
        let file_index = index(at, file);
        if file_index != last {
            before.clear();
        }
        last = file_index;
        before.extend(statements.iter().cloned());
        let outcomes = statements.iter().map(|statement| {
            let outcome = match is_startup(file) {
                true => outcome(around, &trial, file_index, &before, statement),
                false => Outcome::Passes,
            };
            for clause in &statement.clauses {
                trial.apply(file_index, clause);
            }
            outcome
        });
        all.push(outcomes.collect());
    }
    all
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
