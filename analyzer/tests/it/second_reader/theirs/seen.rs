//! Everything that a statement names: relations, columns, and functions that are called.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Ident, Insert, ObjectName, Query, SetExpr, Statement, TableFactor, TableObject, Visit,
    Visitor,
};

use super::names::{bare, ident, name};
use crate::second_reader::lines::list;

const CATALOGUE: &str = "pg_catalog.";

/// The relations that a statement names, and its calls.
pub(super) fn reads(statement: &Statement) -> Vec<String> {
    let seen = seen(statement);
    // Objects of the catalog are not listed.
    let listed = |name: &&String| !seen.own.contains(*name) && !name.starts_with(CATALOGUE);
    let named = seen.read.union(&seen.written).filter(listed);
    let named = named.map(|relation| format!("names {relation}"));
    named
        .chain(seen.calls.iter().map(|call| format!("calls {call}")))
        .collect()
}

/// The relations that a query reads, without the names of its `WITH`.
pub(super) fn relations(query: &Query) -> Vec<String> {
    let seen = seen(query);
    let others = seen.read.difference(&seen.own);
    others.map(|relation| format!("names {relation}")).collect()
}

/// The columns and the calls of an expression, if it has any.
pub(super) fn uses(expression: &Expr) -> String {
    let seen = seen(expression);
    let named = |word: &str, names: BTreeSet<String>| match names.is_empty() {
        true => String::new(),
        false => format!(" {word} {}", list(names)),
    };
    named("of", seen.columns) + &named("calling", seen.calls)
}

fn seen(part: &impl Visit) -> Seen {
    let mut seen = Seen::default();
    let _ = part.visit(&mut seen);
    seen
}

#[derive(Default)]
struct Seen {
    own: BTreeSet<String>,
    read: BTreeSet<String>,
    written: BTreeSet<String>,
    columns: BTreeSet<String>,
    calls: BTreeSet<String>,
}

impl Visitor for Seen {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let with = query.with.iter().flat_map(|with| &with.cte_tables);
        let names = with.map(|cte| ObjectName::from(vec![cte.alias.name.clone()]));
        self.own.extend(names.map(|cte| name(&cte)));
        if let SetExpr::Table(table) = &*query.body {
            let parts = table.schema_name.iter().chain(&table.table_name);
            let parts: Vec<Ident> = parts.cloned().collect();
            self.read.insert(name(&ObjectName::from(parts)));
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        match factor {
            TableFactor::Table {
                name: table,
                args: None,
                ..
            } => {
                // PostgreSQL searches its own catalog first.
                let of_catalogue = table.0.len() == 1 && bare(table).starts_with("pg_");
                self.read.insert(match of_catalogue {
                    true => format!("{CATALOGUE}{}", bare(table)),
                    false => name(table),
                });
            }
            TableFactor::Table {
                name: function,
                args: Some(_),
                ..
            }
            | TableFactor::Function { name: function, .. } => {
                self.calls.insert(bare(function));
            }
            TableFactor::UNNEST { .. } => {
                self.calls.insert("unnest".to_owned());
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        if let Statement::Insert(Insert {
            table: TableObject::TableName(table),
            ..
        }) = statement
        {
            self.written.insert(name(table));
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        // An expression with a syntax of its own can still be a function call.
        let call = match expression {
            Expr::Function(function) => bare(&function.name),
            Expr::Extract { .. } => "extract".to_owned(),
            Expr::Position { .. } => "position".to_owned(),
            Expr::Substring {
                shorthand: true, ..
            } => "substr".to_owned(),
            Expr::Substring { .. } => "substring".to_owned(),
            Expr::Trim { .. } => "trim".to_owned(),
            Expr::Overlay { .. } => "overlay".to_owned(),
            Expr::Ceil { .. } => "ceil".to_owned(),
            Expr::Floor { .. } => "floor".to_owned(),
            // A value of `INSERT`; the word is reserved.
            Expr::Identifier(word) if word.to_string().eq_ignore_ascii_case("default") => {
                return ControlFlow::Continue(());
            }
            Expr::Identifier(column) => {
                self.columns.insert(ident(column));
                return ControlFlow::Continue(());
            }
            Expr::CompoundIdentifier(parts) => {
                self.columns.extend(parts.last().map(ident));
                return ControlFlow::Continue(());
            }
            _ => return ControlFlow::Continue(()),
        };
        self.calls.insert(call);
        ControlFlow::Continue(())
    }
}
