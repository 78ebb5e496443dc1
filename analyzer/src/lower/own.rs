//! Statements that we read ourselves; the grammar has accepted them before.
//!
//! `DROP` and `RENAME` are read here for all kinds of objects, because the rules need each name
//! with its place and sqlparser reads only some of them.

use std::ops::Range;

use super::cursor::Cursor;
use super::grammar::Shape;
use super::{Sql, head};
use crate::split::TokenKind;
use crate::statement::{Change, Clause, Constraint, ConstraintKind, CreateIndex, ObjectKind};

/// What stands in files of SQL and is none.
pub(super) fn unlike_sql(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    psql(sql)
}

/// The statements that are ours to read.
pub(super) fn read(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    copy(sql)
        .or_else(|| transaction_control(sql))
        .or_else(|| opaque(sql))
        .or_else(|| drop(sql))
        .or_else(|| rename(sql))
        .or_else(|| create_table(sql))
        .or_else(|| create_index(sql))
}

/// A statement that PostgreSQL's grammar accepts and sqlparser does not: by its head, and with all
/// that it does to rows. Tables have facts that a head does not tell.
pub(super) fn unread(sql: &Sql<'_>, shape: &Shape) -> Option<Vec<Clause>> {
    let rows = row_changes(sql, shape);
    if !rows.is_empty() {
        return Some(rows);
    }
    if shape.parts("into").next().is_some() {
        return Some(vec![sql.clause(other("SELECT INTO"))]);
    }
    let is_query = ["SELECT", "VALUES", "TABLE", "WITH"]
        .iter()
        .any(|head| sql.raw.starts_with(sql.text, &[head]))
        || sql.statement().starts_with('(');
    if is_query {
        return Some(vec![sql.clause(Change::Query)]);
    }
    let is_table = [
        &["ALTER", "TABLE"],
        &["CREATE", "TABLE"],
        &["CREATE", "TEMPORARY"],
        &["CREATE", "TEMP"],
        &["CREATE", "UNLOGGED"],
    ]
    .iter()
    .any(|head| sql.raw.starts_with(sql.text, *head));
    let has_facts = is_table
        && ["table_action", "column_definition"]
            .iter()
            .any(|rule| shape.parts(rule).next().is_some());
    if has_facts { None } else { head::read(sql) }
}

/// What the query of a `COPY (...) TO` or `CREATE TABLE ... AS` does to rows.
pub(super) fn rows_beside(sql: &Sql<'_>, shape: &Shape) -> Vec<Clause> {
    let runs_a_query = sql.raw.starts_with(sql.text, &["COPY"]) || create_table(sql).is_some();
    if runs_a_query {
        row_changes(sql, shape)
    } else {
        Vec::new()
    }
}

fn row_changes(sql: &Sql<'_>, shape: &Shape) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = ["insert", "update", "delete", "merge"]
        .into_iter()
        .flat_map(|rule| shape.parts(rule))
        .filter_map(|part| row_change(sql, part.start))
        .collect();
    clauses.sort_by_key(|clause| clause.span.start);
    clauses
}

fn other(keywords: &str) -> Change {
    Change::Other {
        keywords: keywords.to_owned(),
        outside_transaction: false,
        ddl: true,
    }
}

/// `INSERT INTO t`, `UPDATE t`, `DELETE FROM t` or `MERGE INTO t` at a byte of the file.
fn row_change(sql: &Sql<'_>, start: usize) -> Option<Clause> {
    let mut cursor = Cursor::at(sql, start);
    let keyword = cursor.keyword()?;
    cursor.eat_any(&["INTO", "FROM"]);
    cursor.eat(&["ONLY"]);
    cursor.eat_symbol('(');
    let (table, span) = cursor.name()?;
    let change = match keyword.as_str() {
        "INSERT" => Change::Insert {
            table,
            idempotent: sql.raw.contains(sql.text, &["ON", "CONFLICT"])
                || sql.raw.contains(sql.text, &["NOT", "EXISTS"]),
        },
        "UPDATE" => Change::Update { table },
        "DELETE" => Change::Delete { table },
        _ => Change::Merge { table },
    };
    Some(Clause { span, change })
}

/// An action of `ALTER TABLE` that sqlparser is not shown; `None` for elements of other statements.
pub(super) fn action(sql: &Sql<'_>, span: &Range<usize>) -> Option<Clause> {
    let mut cursor = Cursor::new(sql);
    if !cursor.eat(&["ALTER", "TABLE"]) {
        return None;
    }
    cursor.eat(&["IF", "EXISTS"]);
    cursor.eat(&["ONLY"]);
    cursor.eat_symbol('(');
    let (table, _) = cursor.name()?;
    let mut cursor = Cursor::at(sql, span.start);
    let mut change = other("ALTER TABLE");
    if cursor.eat(&["ADD"]) {
        let named = cursor.eat(&["CONSTRAINT"]);
        let name = named.then(|| cursor.identifier()).flatten();
        if cursor.eat(&["NOT", "NULL"]) {
            let (column, _) = cursor.identifier()?;
            if !cursor.eats_later(&["NOT", "VALID"], span.end) {
                change = Change::SetNotNull { table, column };
            }
        } else if cursor.eat(&["EXCLUDE"]) {
            change = Change::AddConstraint {
                table,
                constraint: Constraint {
                    name: name.map(|(name, _)| name),
                    kind: ConstraintKind::Exclude,
                },
            };
        }
    }
    Some(Clause {
        span: span.clone(),
        change,
    })
}

/// `CREATE TABLE` without a list of columns: `AS`, `OF` or `PARTITION OF`.
fn create_table(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    let mut cursor = Cursor::new(sql);
    if !cursor.eat(&["CREATE"]) {
        return None;
    }
    cursor.eat_any(&["LOCAL", "GLOBAL"]);
    let temporary = cursor.eat_any(&["TEMPORARY", "TEMP"]);
    cursor.eat(&["UNLOGGED"]);
    if !cursor.eat(&["TABLE"]) {
        return None;
    }
    let if_not_exists = cursor.eat(&["IF", "NOT", "EXISTS"]);
    let (table, span) = cursor.name()?;
    let names_nothing = cursor.eat_any(&["AS", "USING", "WITH", "WITHOUT", "ON", "TABLESPACE"])
        || (cursor.eat_any(&["OF", "PARTITION"])
            && !cursor.comes_before_end('(', &["FOR", "DEFAULT"]));
    names_nothing.then(|| {
        vec![Clause {
            span,
            change: Change::CreateTable {
                table,
                if_not_exists,
                temporary,
                columns: Vec::new(),
                constraints: Vec::new(),
            },
        }]
    })
}

fn create_index(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    let mut cursor = Cursor::new(sql);
    if !cursor.eat(&["CREATE"]) {
        return None;
    }
    let unique = cursor.eat(&["UNIQUE"]);
    if !cursor.eat(&["INDEX"]) {
        return None;
    }
    let concurrently = cursor.eat(&["CONCURRENTLY"]);
    let if_not_exists = cursor.eat(&["IF", "NOT", "EXISTS"]);
    let mut index = None;
    if !cursor.eat(&["ON"]) {
        index = Some(cursor.identifier()?);
        cursor.eat(&["ON"]);
    }
    cursor.eat(&["ONLY"]);
    cursor.eat_symbol('(');
    let (table, table_span) = cursor.name()?;
    let span = index
        .as_ref()
        .map_or_else(|| sql.first_line(), |(_, span)| span.clone());
    let change = Change::CreateIndex(CreateIndex {
        index,
        table,
        table_span,
        unique,
        concurrently,
        if_not_exists,
    });
    Some(vec![Clause { span, change }])
}

fn psql(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    let token = sql
        .raw
        .tokens
        .first()
        .filter(|token| token.kind == TokenKind::Psql)?;
    let command = sql.text[token.span.clone()]
        .split_whitespace()
        .next()?
        .to_owned();
    Some(vec![sql.clause(Change::Psql { command })])
}

fn copy(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    if sql.raw.is_copy_from_stdin(sql.text) {
        return Some(vec![sql.clause(Change::CopyFromStdin)]);
    }
    let mut cursor = Cursor::new(sql);
    if !cursor.eat(&["COPY"]) {
        return None;
    }
    cursor.eat(&["BINARY"]);
    let (table, span) = cursor.name()?;
    cursor.skip_parentheses();
    // From a file or a program of the server's: rows that come a second time with a second run.
    let idempotent = false;
    let change = Change::Insert { table, idempotent };
    cursor.eat(&["FROM"]).then(|| vec![Clause { span, change }])
}

fn transaction_control(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    const HEADS: &[&[&str]] = &[
        &["BEGIN"],
        &["START", "TRANSACTION"],
        &["COMMIT"],
        &["END"],
        &["ROLLBACK"],
        &["ABORT"],
        &["SAVEPOINT"],
        &["RELEASE"],
        &["PREPARE", "TRANSACTION"],
    ];
    let keyword = HEADS
        .iter()
        .find(|head| sql.raw.starts_with(sql.text, head))?
        .join(" ");
    Some(vec![sql.clause(Change::TransactionControl { keyword })])
}

fn opaque(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    let keyword = ["DO", "CALL", "EXECUTE"]
        .into_iter()
        .find(|keyword| sql.raw.starts_with(sql.text, &[keyword]))?
        .to_owned();
    Some(vec![sql.clause(Change::Opaque { keyword })])
}

/// `DROP kind [CONCURRENTLY] [IF EXISTS] name [(arguments)] [, ...] [ON table] [CASCADE | RESTRICT]`.
fn drop(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    let mut cursor = Cursor::new(sql);
    if !cursor.eat(&["DROP"]) {
        return None;
    }
    let kind = head::kind(&mut cursor)?;
    let concurrently = kind == ObjectKind::Index && cursor.eat(&["CONCURRENTLY"]);
    cursor.eat(&["IF", "EXISTS"]);
    let mut clauses = Vec::new();
    loop {
        let (mut name, span) = cursor.name()?;
        cursor.skip_parentheses();
        let mut part = None;
        if head::belongs_to_table(kind) && cursor.eat(&["ON"]) {
            part = Some(std::mem::replace(&mut name, cursor.name()?.0).name);
        }
        clauses.push(Clause {
            span,
            change: Change::Drop {
                kind,
                name,
                part,
                concurrently,
            },
        });
        if !cursor.eat_symbol(',') {
            break;
        }
    }
    cursor.eat_any(&["CASCADE", "RESTRICT", "WITH"]);
    cursor.skip_parentheses();
    cursor.at_end().then_some(clauses)
}

/// `ALTER kind [IF EXISTS] [ONLY] name [(arguments)] [ON table] RENAME [part] [old] TO new`.
fn rename(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    let mut cursor = Cursor::new(sql);
    if !cursor.eat(&["ALTER"]) {
        return None;
    }
    let mut kind = head::kind(&mut cursor)?;
    cursor.eat(&["IF", "EXISTS"]);
    cursor.eat(&["ONLY"]);
    let (mut name, mut span) = cursor.name()?;
    cursor.skip_parentheses();
    cursor.eat_symbol('*');
    let mut part = None;
    if head::belongs_to_table(kind) && cursor.eat(&["ON"]) {
        part = Some(std::mem::replace(&mut name, cursor.name()?.0).name);
    }
    if !cursor.eat(&["RENAME"]) {
        return None;
    }
    if cursor.eat(&["VALUE"]) {
        kind = ObjectKind::EnumValue;
        part = Some(cursor.literal()?);
    } else if !cursor.eat(&["TO"]) {
        kind = match (cursor.eat(&["CONSTRAINT"]), cursor.eat(&["ATTRIBUTE"])) {
            (true, _) => ObjectKind::Constraint,
            (_, true) => ObjectKind::Attribute,
            (false, false) => {
                cursor.eat(&["COLUMN"]);
                ObjectKind::Column
            }
        };
        let (old, at) = cursor.identifier()?;
        part = Some(old);
        span = at;
    } else {
        let (to, _) = cursor.identifier()?;
        let change = Change::Rename {
            kind,
            name,
            part,
            to,
        };
        return cursor.at_end().then(|| vec![Clause { span, change }]);
    }
    if !cursor.eat(&["TO"]) {
        return None;
    }
    let to = cursor.literal().or_else(|| Some(cursor.identifier()?.0))?;
    cursor.eat_any(&["CASCADE", "RESTRICT"]);
    let change = Change::Rename {
        kind,
        name,
        part,
        to,
    };
    cursor.at_end().then(|| vec![Clause { span, change }])
}
