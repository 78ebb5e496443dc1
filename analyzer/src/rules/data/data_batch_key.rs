//! `batch` by columns that are no key of the table.

use crate::check::context::FileContext;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::{Message, SuggestedFile};
use crate::intake::directive::Directive;
use crate::plan::job::{KeyProblem, Refusal};
use crate::rules::facts::rows::UNKNOWN_KEY;
use crate::statement::Name;
use crate::text::quote::quote_list;

pub(super) static RULE: Rule = Rule {
    id: "data-batch-key",
    summary: "the columns of `batch` are not a key by which the statement can be cut",
    page: include_str!("data_batch_key.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let Some(refusal) = around.uncuttable() else {
        return Vec::new();
    };
    let mut directives = around.read.directives.iter();
    let batch = directives.find(|placed| matches!(placed.directive, Directive::Batch(_)));
    let Some((span, batch)) = batch.map(|placed| &placed.span).zip(around.batch()) else {
        return Vec::new();
    };
    let by = quote_list(&batch.by);
    let message = match refusal {
        Refusal::NoColumns {
            tables,
            column,
            usable,
        } => with_key(around, no_column(tables, column), usable),
        Refusal::Key {
            table,
            problem,
            usable,
            ..
        } => {
            let (why, help) = about(problem, table, &by);
            let what = format!("{table} cannot be cut into batches by {by}");
            match help {
                Some(help) => Message::new(what, why, help),
                None => with_key(around, Message::new(what, why, no_key(table)), usable),
            }
        }
        Refusal::Unlimited => unlimited(around),
        Refusal::NotCuttable => Message::new(
            "this statement cannot be cut into batches",
            "a range is put into the WHERE of an UPDATE, a DELETE or the query of an INSERT, or around the source of a \
             MERGE. This statement has none of them",
            "remove the directive. Or do the work in Rust: write `-- onward: in rust` instead of a statement",
        ),
        Refusal::Several(_) | Refusal::Meaning(_) => return Vec::new(),
    };
    vec![(span.clone(), message)]
}

fn no_column(tables: &[Name], column: &str) -> Message {
    let names: Vec<String> = tables.iter().map(ToString::to_string).collect();
    let (first, others) = match names.split_first() {
        Some((first, [])) => (first.as_str(), String::new()),
        Some((first, others)) => (first.as_str(), format!(" nor {}", others.join(" nor "))),
        None => ("the statement", String::new()),
    };
    let neither = if others.is_empty() { "" } else { "neither " };
    Message::new(
        match neither {
            "" => format!(
                "the batches are ordered by {column}, but {first} does not have that column"
            ),
            _ => format!(
                "the batches are ordered by {column}, but {neither}{first}{others} has that column"
            ),
        },
        "each batch is a range of a key: the columns of a unique index, none of which can be null",
        format!("name the columns of a key: `-- onward: batch 1000 by {UNKNOWN_KEY}`"),
    )
}

fn no_key(table: &Name) -> String {
    format!(
        "first give {table} a key: in a startup migration, a unique index over columns that are NOT NULL. Or write \
         a statement with ORDER BY and LIMIT, whose WHERE excludes finished rows"
    )
}

/// Why the columns do not serve, and what to do if it is not to name another key.
fn about(problem: &KeyProblem, table: &Name, by: &str) -> (String, Option<String>) {
    match problem {
        KeyProblem::Unknown => (
            format!(
                "the files of this module do not create {table}, so that its columns and their types are not known \
                 when the service is compiled"
            ),
            Some(
                "write the data migration in the module that owns the table, or in Rust: `-- onward: in rust`"
                    .to_owned(),
            ),
        ),
        KeyProblem::NotATable(kind) => (
            format!("it is a {kind}, which has no key"),
            Some("name the table whose rows it shows in the statement".to_owned()),
        ),
        KeyProblem::Inherited => (
            "the rows of tables that inherit from it are walked too, and a unique index does not hold for them".to_owned(),
            Some(format!(
                "write `ONLY {table}` in the statement, and a data migration of its own for each table that inherits from it"
            )),
        ),
        KeyProblem::Nullable(column) => (
            format!("{column} can be null, and no range contains null: those rows would stay as they are"),
            None,
        ),
        KeyProblem::PartOf { index, columns } => (
            format!(
                "the unique index {index} has the columns {}, in this order. Ranges of {by} are not ranges of the \
                 index: each batch reads more than its rows, and has no limit where many rows share {by}",
                quote_list(columns)
            ),
            None,
        ),
        KeyProblem::Partial(index) => (
            format!("the unique index {index} has a WHERE: rows that it leaves out have no place in its order"),
            None,
        ),
        KeyProblem::Unordered(index) => (
            format!(
                "the unique index {index} does not give the order of the columns: it has another operator class, \
                 collation or direction, or is not valid for all partitions"
            ),
            None,
        ),
        KeyProblem::NotUnique => (
            format!("no unique index has exactly these columns: where many rows share {by}, a batch has no limit"),
            None,
        ),
    }
}

fn unlimited(around: &FileContext<'_>) -> Message {
    let cuts = around.statements.first().and_then(|one| one.cuts.as_ref());
    let walk = cuts.and_then(|cuts| cuts.walks.first());
    let key = walk.and_then(|walk| around.batch_key(&walk.table));
    let rows = around.batch().map_or(1000, |batch| batch.rows);
    Message::new(
        "`batch` names no column, and the statement has no LIMIT",
        "without a key, the statement has to limit itself: a query with ORDER BY and LIMIT selects the rows of a \
         batch, and its WHERE excludes finished rows",
        format!(
            "write `-- onward: batch {rows} by {}`",
            key.as_deref().unwrap_or(UNKNOWN_KEY)
        ),
    )
}

/// The message with the first key that serves, if there is one.
fn with_key(around: &FileContext<'_>, message: Message, usable: &[Vec<String>]) -> Message {
    let (Some(key), Some(batch)) = (usable.first(), around.batch()) else {
        return message;
    };
    let line = format!("-- onward: batch {} by {}", batch.rows, quote_list(key));
    let mut directives = around.read.directives.iter();
    let old = directives.find(|placed| matches!(placed.directive, Directive::Batch(_)));
    let Some(old) = old else { return message };
    let before = around.text(&(0..old.span.start));
    let end = around
        .sources
        .get(around.file)
        .map_or(0, |source| source.text.len());
    let after = around.text(&(old.span.end..end));
    let file = SuggestedFile {
        file: around.file_name().to_owned(),
        sql: format!("{before}{line}{after}").trim_end().to_owned(),
    };
    Message {
        help: format!("write `{line}`"),
        ..message
    }
    .with_files(vec![file])
}
