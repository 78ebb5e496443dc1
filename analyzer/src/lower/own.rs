//! Our own grammar.
//!
//! `DROP` and `RENAME` are read here for all kinds of objects, because the rules need each name
//! with its place and sqlparser reads only some of them. Statements that PostgreSQL knows and
//! sqlparser does not are recognised by their head and the name of their object.

use super::cursor::Cursor;
use super::{Sql, head};
use crate::split::TokenKind;
use crate::statement::{Change, Clause, ObjectKind};

/// The statements that are ours to read.
pub(super) fn read(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    psql(sql)
        .or_else(|| copy(sql))
        .or_else(|| transaction_control(sql))
        .or_else(|| opaque(sql))
        .or_else(|| drop(sql))
        .or_else(|| rename(sql))
}

/// The statements that sqlparser rejects although PostgreSQL knows them: the kind and the name are
/// read, the words behind them are left to the server.
pub(super) fn read_leniently(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    const HEADS: &[&[&str]] = &[
        &["ALTER", "AGGREGATE"],
        &["ALTER", "DEFAULT", "PRIVILEGES"],
        &["ALTER", "DOMAIN"],
        &["ALTER", "EVENT", "TRIGGER"],
        &["ALTER", "EXTENSION"],
        &["ALTER", "FUNCTION"],
        &["ALTER", "INDEX"],
        &["ALTER", "MATERIALIZED", "VIEW"],
        &["ALTER", "PROCEDURE"],
        &["ALTER", "PUBLICATION"],
        &["ALTER", "SEQUENCE"],
        &["ALTER", "STATISTICS"],
        &["ALTER", "SYSTEM"],
        &["ALTER", "TEXT", "SEARCH"],
        &["ALTER", "TYPE"],
        &["ALTER", "VIEW"],
        &["ANALYZE"],
        &["CLUSTER"],
        &["COMMENT", "ON"],
        &["CREATE", "AGGREGATE"],
        &["CREATE", "CONSTRAINT", "TRIGGER"],
        &["CREATE", "DOMAIN"],
        &["CREATE", "EVENT", "TRIGGER"],
        &["CREATE", "FUNCTION"],
        &["CREATE", "OR", "REPLACE", "FUNCTION"],
        &["CREATE", "OR", "REPLACE", "PROCEDURE"],
        &["CREATE", "OR", "REPLACE", "TRIGGER"],
        &["CREATE", "PROCEDURE"],
        &["CREATE", "PUBLICATION"],
        &["CREATE", "STATISTICS"],
        &["CREATE", "SUBSCRIPTION"],
        &["CREATE", "TABLESPACE"],
        &["CREATE", "TEXT", "SEARCH"],
        &["CREATE", "TRIGGER"],
        &["DROP", "CAST"],
        &["DROP", "OPERATOR"],
        &["DROP", "OWNED"],
        &["DROP", "TRANSFORM"],
        &["DROP", "USER", "MAPPING"],
        &["REINDEX"],
        &["SECURITY", "LABEL"],
        &["SET", "CONSTRAINTS"],
        &["VACUUM"],
    ];
    HEADS
        .iter()
        .any(|head| sql.raw.starts_with(sql.text, head))
        .then(|| head::read(sql))?
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
    sql.raw
        .is_copy_from_stdin(sql.text)
        .then(|| vec![sql.clause(Change::CopyFromStdin)])
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
    cursor.eat_any(&["CASCADE", "RESTRICT"]);
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
