//! What is written to rows, and what a query reads.

use std::collections::BTreeSet;

use onward_analyzer::statement::{
    Assignment, Change, Condition, Insert, Mentioned, Merge, Merged, OnConflict, Overriding, Rows,
    Statement, Written,
};

use super::create::index_key;
use super::{spelled, spelled_if};
use crate::second_reader::lines::{flags, list, with};
use crate::second_reader::theirs::SCHEMA;

/// Whether the names in it are compared.
pub(super) fn is_about_rows(change: &Change) -> bool {
    match change {
        Change::Insert(insert) => insert.rows != Rows::Copied,
        Change::Update(_) | Change::Delete(_) | Change::Merge(_) | Change::Query => true,
        _ => false,
    }
}

/// The relations that a statement names, and its calls.
pub(super) fn reads(statement: &Statement) -> Vec<String> {
    let mentions = statement.mentions.iter();
    let relations = mentions.filter(|mention| mention.kind == Mentioned::Relation);
    let relations = relations.map(|relation| format!("names {}", relation.resolved(SCHEMA)));
    let calls = statement
        .calls
        .iter()
        .map(|call| format!("calls {}", call.name));
    let unique: BTreeSet<String> = relations.chain(calls).collect();
    unique.into_iter().collect()
}

pub(super) fn facts(change: &Change) -> Option<Vec<String>> {
    let line = match change {
        Change::Insert(insert) => return Some(self::insert(insert)),
        Change::Update(update) => {
            let filter = with("where", condition(update.choice.condition.as_ref()));
            format!(
                "update {} {}{filter}",
                update.table,
                assignments(&update.set)
            )
        }
        Change::Delete(delete) => {
            let filter = with("where", condition(delete.choice.condition.as_ref()));
            format!("delete {}{filter}", delete.table)
        }
        Change::Merge(merge) => return Some(self::merge(merge)),
        Change::Query => "query".to_owned(),
        Change::CopyFromStdin => "copy from stdin".to_owned(),
        Change::Truncate {
            table,
            restart,
            cascade,
        } => {
            let flags = flags([(*restart, "restart"), (*cascade, "cascade")]);
            format!("truncate {table}{flags}")
        }
        _ => return None,
    };
    Some(vec![line])
}

fn condition(condition: Option<&Condition>) -> Option<String> {
    spelled_if(condition.map(|condition| &condition.expression))
}

fn columns(written: &[Written]) -> String {
    list(written.iter().map(|written| written.column.clone()))
}

fn insert(insert: &Insert) -> Vec<String> {
    let table = &insert.table;
    let columns = columns(&insert.columns);
    let overriding = match insert.overriding {
        Some(Overriding::System) => " overriding system",
        Some(Overriding::User) => " overriding user",
        None => "",
    };
    let mut lines = vec![format!("insert {table} {columns}{overriding}")];
    match &insert.rows {
        Rows::Copied => return vec![format!("insert {table} {columns} copied")],
        Rows::Default => lines.push(format!("rows {table} default")),
        Rows::Query { .. } => lines.push(format!("rows {table} query")),
        Rows::Values(rows) => {
            let rows = rows.iter().map(|row| list(row.iter().map(spelled)));
            lines.extend(rows.map(|row| format!("row {table} {row}")));
        }
    }
    lines.extend(
        insert
            .on_conflict
            .as_ref()
            .map(|one| on_conflict(&table.to_string(), one)),
    );
    lines
}

fn on_conflict(table: &str, conflict: &OnConflict) -> String {
    let target = match (&conflict.constraint, conflict.keys.as_slice()) {
        (Some(constraint), _) => format!(" constraint {constraint}"),
        (None, []) => String::new(),
        (None, keys) => {
            let predicate = with("where", spelled_if(conflict.predicate.as_ref()));
            format!(" {}{predicate}", list(keys.iter().map(index_key)))
        }
    };
    let action = match &conflict.update {
        None => "nothing".to_owned(),
        Some((set, filter)) => {
            let filter = with("where", condition(filter.as_ref()));
            format!("update {}{filter}", assignments(set))
        }
    };
    format!("on conflict {table}{target} do {action}")
}

fn assignments(assignments: &[Assignment]) -> String {
    list(assignments.iter().map(|assignment| {
        let target = match assignment.columns.as_slice() {
            [one] => one.column.clone(),
            several => columns(several),
        };
        format!("{target} = {}", spelled(&assignment.value))
    }))
}

fn merge(merge: &Merge) -> Vec<String> {
    let table = &merge.table;
    let on = condition(merge.choice.condition.as_ref()).unwrap_or_default();
    let mut lines = vec![format!("merge {table} on {on}")];
    lines.extend(merge.actions.iter().map(|action| {
        let action = match &action.merged {
            Merged::Nothing => "nothing".to_owned(),
            Merged::Delete => "delete".to_owned(),
            Merged::Update(set) => format!("update {}", assignments(set)),
            Merged::Insert {
                columns: written,
                values,
            } => format!(
                "insert {} {}",
                columns(written),
                list(values.iter().map(spelled))
            ),
        };
        format!("merge {table} then {action}")
    }));
    lines
}
