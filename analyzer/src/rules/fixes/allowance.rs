//! The allowances that a suggested file needs.
//!
//! A suggested file is checked like every file of the module. If one of its statements restricts writes, the
//! file contains the allowance for it, and the operator who copies the file decides whether it is true.

use crate::finding::{Message, SuggestedFile};
use crate::intake::file_name::{Category, version_of};
use crate::lower::lower;
use crate::rules::facts::write_restriction::restriction;
use crate::statement::{Change, Name};
use crate::text::split::split;

/// The same message, whose suggested startup migrations have an allowance above each statement that
/// restricts writes.
pub(crate) fn with_allowances(message: Message, schema: &str) -> Message {
    let suggested_files = message.suggested_files.into_iter().map(|file| {
        let version = version_of(&file.file);
        let is_startup = version.is_some_and(|version| version.category == Category::Startup);
        // The rules generate this SQL: only these words in it restrict writes without a scan of existing rows.
        let may_restrict = |sql: &str| sql.contains("NOT VALID") || sql.contains("UNIQUE INDEX");
        match is_startup && may_restrict(&file.sql) && !file.sql.contains("new-write-restriction") {
            true => SuggestedFile {
                sql: allowed(&file.sql, schema),
                ..file
            },
            false => file,
        }
    });
    Message {
        suggested_files: suggested_files.collect(),
        ..message
    }
}

fn allowed(sql: &str, schema: &str) -> String {
    let mut sql_with = String::with_capacity(sql.len());
    let mut end = 0;
    let mut made: Vec<(Name, Option<String>)> = Vec::new();
    for raw in &split(sql).statements {
        let statement = lower(sql, raw, schema);
        let changes = statement.clauses.iter().map(|clause| &clause.change);
        for change in changes.clone() {
            match change {
                Change::CreateTable(create) => made.push((create.table.clone(), None)),
                Change::AddColumn { table, column, .. } => {
                    made.push((table.clone(), Some(column.name.clone())));
                }
                _ => {}
            }
        }
        let restricts = |change: &Change| {
            let Some((table, columns, _, _)) = restriction(change) else {
                return false;
            };
            let is_new = |part: Option<&str>| {
                let mut made = made.iter();
                made.any(|(name, new)| name == table && new.as_deref() == part)
            };
            let only_new = !columns.is_empty() && columns.iter().all(|one| is_new(Some(one)));
            !is_new(None) && !only_new
        };
        if changes.clone().any(restricts) {
            sql_with += sql.get(end..raw.span.start).unwrap_or_default();
            sql_with += ALLOWANCE;
            end = raw.span.start;
        }
    }
    sql_with + sql.get(end..).unwrap_or_default()
}

const ALLOWANCE: &str = "-- onward: allow new-write-restriction because \"the running release \
                         already writes only valid rows\"\n";
