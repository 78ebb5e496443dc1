//! sqlparser's statements about rows, in our words.

use sqlparser::ast::{
    FromTable, ObjectName, OnInsert, Query, SetExpr, Statement, TableFactor, TableObject,
};

use super::Sql;
use crate::statement::{Change, Clause, Name, ObjectKind};

/// Outer `None`: not a statement about rows; inner `None`: one of another database.
pub(super) fn read(sql: &Sql<'_>, statement: &Statement) -> Option<Option<Vec<Clause>>> {
    let mut clauses = Vec::new();
    let understood = collect(sql, statement, &mut clauses)?;
    Some(understood.then_some(clauses))
}

/// Adds what the statement does, data-modifying `WITH` queries included.
fn collect(sql: &Sql<'_>, statement: &Statement, clauses: &mut Vec<Clause>) -> Option<bool> {
    match statement {
        Statement::Query(query) => collect_query(sql, query, clauses),
        Statement::Insert(insert) => {
            if let Some(source) = &insert.source {
                collect_with(sql, source, clauses);
            }
            let TableObject::TableName(name) = &insert.table else {
                return Some(false);
            };
            let idempotent = matches!(insert.on, Some(OnInsert::OnConflict(_)))
                || sql.raw.contains(sql.text, &["NOT", "EXISTS"]);
            add(sql, clauses, name, |table| Change::Insert {
                table,
                idempotent,
            });
        }
        Statement::Update(update) => match &update.table.relation {
            TableFactor::Table { name, .. } => {
                add(sql, clauses, name, |table| Change::Update { table });
            }
            _ => return Some(false),
        },
        Statement::Delete(delete) => {
            let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
            for table in from {
                let TableFactor::Table { name, .. } = &table.relation else {
                    return Some(false);
                };
                add(sql, clauses, name, |table| Change::Delete { table });
            }
        }
        Statement::Merge(merge) => match &merge.table {
            TableFactor::Table { name, .. } => {
                add(sql, clauses, name, |table| Change::Merge { table });
            }
            _ => return Some(false),
        },
        Statement::Truncate(truncate) => {
            for target in &truncate.table_names {
                add(sql, clauses, &target.name, |table| Change::Truncate {
                    table,
                });
            }
        }
        Statement::CreateView(view) => {
            let kind = if view.materialized {
                ObjectKind::MaterializedView
            } else {
                ObjectKind::View
            };
            let guarded = view.or_replace || view.if_not_exists;
            add(sql, clauses, &view.name, |name| Change::Create {
                kind,
                name,
                guarded,
            });
        }
        // EXPLAIN ANALYZE and PREPARE carry a statement that is not judged where it stands.
        Statement::Explain { analyze: true, .. } | Statement::Prepare { .. } => {
            let keyword = sql.raw.keyword(sql.text, 0).unwrap_or_default();
            clauses.push(sql.clause(Change::Opaque { keyword }));
        }
        _ => return None,
    }
    Some(true)
}

fn add(
    sql: &Sql<'_>,
    clauses: &mut Vec<Clause>,
    name: &ObjectName,
    change: impl FnOnce(Name) -> Change,
) {
    clauses.push(Clause {
        span: sql.name_span(name),
        change: change(sql.name(name)),
    });
}

fn collect_query(sql: &Sql<'_>, query: &Query, clauses: &mut Vec<Clause>) {
    collect_with(sql, query, clauses);
    match query.body.as_ref() {
        SetExpr::Insert(statement)
        | SetExpr::Update(statement)
        | SetExpr::Delete(statement)
        | SetExpr::Merge(statement) => {
            collect(sql, statement, clauses);
        }
        SetExpr::Select(select) if select.into.is_some() => {
            clauses.push(sql.clause(Change::Other {
                keywords: "SELECT INTO".to_owned(),
                outside_transaction: false,
                ddl: true,
            }));
        }
        _ => clauses.push(sql.clause(Change::Query)),
    }
}

/// PostgreSQL allows data-modifying queries in the outermost `WITH` only.
fn collect_with(sql: &Sql<'_>, query: &Query, clauses: &mut Vec<Clause>) {
    for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
        if let SetExpr::Insert(statement)
        | SetExpr::Update(statement)
        | SetExpr::Delete(statement)
        | SetExpr::Merge(statement) = cte.query.body.as_ref()
        {
            collect(sql, statement, clauses);
        }
    }
}
