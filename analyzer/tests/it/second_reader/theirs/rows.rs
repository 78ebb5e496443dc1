//! What is written to rows, and what a query reads.

use sqlparser::ast::{
    Assignment, AssignmentTarget, ConflictTarget, CopySource, CopyTarget, Delete, FromTable,
    Insert, InsertOverriding, Merge, MergeAction, MergeInsertKind, MergeUpdateKind, ObjectName,
    OnConflict, OnConflictAction, OnInsert, Query, Select, SetExpr, Statement, TableFactor,
    TableObject, TruncateIdentityOption, Update,
};

use super::names::{bare, ident, idents, name, written};
use super::seen::{reads, relations};
use super::{SCHEMA, spelled};
use crate::second_reader::lines::{flags, list, with};

pub(super) fn facts(statement: &Statement) -> Option<Vec<String>> {
    let lines = match statement {
        Statement::Insert(insert) => self::insert(insert),
        Statement::Update(update) => self::update(update),
        Statement::Delete(delete) => self::delete(delete),
        Statement::Merge(merge) => self::merge(merge),
        Statement::Query(query) => match &*query.body {
            SetExpr::Select(select) if select.into.is_some() => {
                return Some([into(select), relations(query)].concat());
            }
            _ => self::query(query, true),
        },
        Statement::Copy {
            to: false,
            target: CopyTarget::Stdin,
            ..
        } => return Some(vec!["copy from stdin".to_owned()]),
        Statement::Copy {
            source:
                CopySource::Table {
                    table_name,
                    columns,
                },
            to: false,
            ..
        } => {
            let columns = list(idents(columns));
            return Some(vec![format!(
                "insert {} {columns} copied",
                name(table_name)
            )]);
        }
        Statement::Truncate(truncate) => {
            let restart = truncate.identity == Some(TruncateIdentityOption::Restart);
            let cascade = matches!(
                truncate.cascade,
                Some(sqlparser::ast::CascadeOption::Cascade)
            );
            let flags = flags([(restart, "restart"), (cascade, "cascade")]);
            let tables = truncate.table_names.iter();
            let lines = tables.map(|table| format!("truncate {}{flags}", name(&table.name)));
            return Some(lines.collect());
        }
        _ => return None,
    };
    Some([lines, reads(statement)].concat())
}

/// What the statements of a `WITH` write, and the query itself if it is the whole statement.
pub(super) fn query(query: &Query, outermost: bool) -> Vec<String> {
    let with = query.with.iter().flat_map(|with| &with.cte_tables);
    let mut lines: Vec<String> = with.flat_map(|cte| body(&cte.query.body, false)).collect();
    lines.extend(body(&query.body, outermost));
    lines
}

/// `SELECT INTO`, which is a `CREATE TABLE`.
fn into(select: &Select) -> Vec<String> {
    let into = select.into.iter();
    let lines = into.flat_map(|into| {
        let flags = flags([
            (into.temporary, "temporary"),
            (into.unlogged, "unlogged"),
            (true, "as query"),
        ]);
        let tables = into.targets.iter();
        tables.map(move |table| {
            let table = table.to_string();
            let schema = if table.contains('.') {
                String::new()
            } else if into.temporary {
                "pg_temp.".to_owned()
            } else {
                format!("{SCHEMA}.")
            };
            format!("create table {schema}{table}{flags}")
        })
    });
    lines.collect()
}

fn body(body: &SetExpr, outermost: bool) -> Vec<String> {
    match body {
        SetExpr::Insert(statement)
        | SetExpr::Update(statement)
        | SetExpr::Delete(statement)
        | SetExpr::Merge(statement) => match statement {
            Statement::Insert(insert) => self::insert(insert),
            Statement::Update(update) => self::update(update),
            Statement::Delete(delete) => self::delete(delete),
            Statement::Merge(merge) => self::merge(merge),
            other => vec![format!("? {other}")],
        },
        _ if outermost => vec!["query".to_owned()],
        _ => Vec::new(),
    }
}

fn insert(insert: &Insert) -> Vec<String> {
    let TableObject::TableName(table) = &insert.table else {
        return vec![format!("? {}", insert.table)];
    };
    let table = name(table);
    let overriding = match insert.overriding {
        Some(InsertOverriding::System) => " overriding system",
        Some(InsertOverriding::User) => " overriding user",
        None => "",
    };
    let columns = list(insert.columns.iter().map(written));
    let mut lines = vec![format!("insert {table} {columns}{overriding}")];
    match insert.source.as_deref() {
        None => lines.push(format!("rows {table} default")),
        Some(query) => match &*query.body {
            SetExpr::Values(values) => {
                let rows = values
                    .rows
                    .iter()
                    .map(|row| list(row.content.iter().map(spelled)));
                lines.extend(rows.map(|row| format!("row {table} {row}")));
            }
            _ => lines.push(format!("rows {table} query")),
        },
    }
    match &insert.on {
        Some(OnInsert::OnConflict(conflict)) => lines.push(on_conflict(&table, conflict)),
        Some(OnInsert::DuplicateKeyUpdate(_)) => lines.push("? duplicate key".to_owned()),
        Some(_) | None => {}
    }
    lines
}

fn on_conflict(table: &str, conflict: &OnConflict) -> String {
    let target = match &conflict.conflict_target {
        None => String::new(),
        Some(ConflictTarget::Columns { columns, predicate }) => {
            let columns = list(idents(columns));
            format!(
                " {columns}{}",
                with("where", predicate.as_ref().map(spelled))
            )
        }
        Some(ConflictTarget::OnConstraint(constraint)) => {
            format!(" constraint {}", bare(constraint))
        }
    };
    let action = match &conflict.action {
        OnConflictAction::DoNothing => "nothing".to_owned(),
        OnConflictAction::DoUpdate(update) => {
            let filter = with("where", update.selection.as_ref().map(spelled));
            format!("update {}{filter}", assignments(&update.assignments))
        }
    };
    format!("on conflict {table}{target} do {action}")
}

fn assignments(assignments: &[Assignment]) -> String {
    list(assignments.iter().map(|assignment| {
        let target = match &assignment.target {
            AssignmentTarget::ColumnName(column) => written(column),
            AssignmentTarget::Tuple(columns) => list(columns.iter().map(written)),
        };
        format!("{target} = {}", spelled(&assignment.value))
    }))
}

fn target(factor: &TableFactor) -> String {
    match factor {
        TableFactor::Table { name: table, .. } => name(table),
        other => format!("? {other}"),
    }
}

fn update(update: &Update) -> Vec<String> {
    let table = target(&update.table.relation);
    let filter = with("where", update.selection.as_ref().map(spelled));
    vec![format!(
        "update {table} {}{filter}",
        assignments(&update.assignments)
    )]
}

fn delete(delete: &Delete) -> Vec<String> {
    let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
    let tables = from.iter().map(|table| target(&table.relation));
    let filter = with("where", delete.selection.as_ref().map(spelled));
    tables
        .map(|table| format!("delete {table}{filter}"))
        .collect()
}

fn merge(merge: &Merge) -> Vec<String> {
    let table = target(&merge.table);
    let mut lines = vec![format!("merge {table} on {}", spelled(&merge.on))];
    lines.extend(merge.clauses.iter().map(|clause| {
        let action = match &clause.action {
            MergeAction::DoNothing { .. } => "nothing".to_owned(),
            MergeAction::Delete { .. } => "delete".to_owned(),
            MergeAction::Update(update) => match &update.kind {
                MergeUpdateKind::Set(set) => format!("update {}", assignments(set)),
                MergeUpdateKind::Wildcard => "?".to_owned(),
            },
            MergeAction::Insert(insert) => {
                let columns = list(insert.columns.iter().map(written));
                match &insert.kind {
                    MergeInsertKind::Values(values) => {
                        let row = values.rows.iter().flat_map(|row| row.content.iter());
                        format!("insert {columns} {}", list(row.map(spelled)))
                    }
                    MergeInsertKind::Row | MergeInsertKind::Wildcard => "?".to_owned(),
                }
            }
        };
        format!("merge {table} then {action}")
    }));
    lines
}

/// The name of a setting.
pub(super) fn setting(variable: &ObjectName) -> String {
    let parts = variable.0.iter().filter_map(|part| part.as_ident());
    parts.map(ident).collect::<Vec<_>>().join(".")
}
