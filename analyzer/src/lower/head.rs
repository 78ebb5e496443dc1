//! A statement's first words: its kind and the name of its object.

use super::Sql;
use super::cursor::Cursor;
use crate::statement::{Change, Clause, ObjectKind};

/// Takes the words that name a kind of object.
pub(super) fn kind(cursor: &mut Cursor<'_>) -> Option<ObjectKind> {
    use ObjectKind as Kind;

    const KINDS: &[(&[&str], ObjectKind)] = &[
        (&["ACCESS", "METHOD"], Kind::Other),
        (&["AGGREGATE"], Kind::Aggregate),
        (&["COLLATION"], Kind::Collation),
        (&["CONSTRAINT", "TRIGGER"], Kind::Trigger),
        (&["CONVERSION"], Kind::Other),
        (&["DATABASE"], Kind::Database),
        (&["DOMAIN"], Kind::Domain),
        (&["EVENT", "TRIGGER"], Kind::Other),
        (&["EXTENSION"], Kind::Extension),
        (&["FOREIGN", "DATA", "WRAPPER"], Kind::Other),
        (&["FOREIGN", "TABLE"], Kind::Table),
        (&["FUNCTION"], Kind::Function),
        (&["GROUP"], Kind::Role),
        (&["INDEX"], Kind::Index),
        (&["LANGUAGE"], Kind::Other),
        (&["MATERIALIZED", "VIEW"], Kind::MaterializedView),
        (&["OPERATOR", "CLASS"], Kind::Other),
        (&["OPERATOR", "FAMILY"], Kind::Other),
        (&["OPERATOR"], Kind::Operator),
        (&["POLICY"], Kind::Policy),
        (&["PROCEDURE"], Kind::Procedure),
        (&["PUBLICATION"], Kind::Other),
        (&["ROLE"], Kind::Role),
        (&["ROUTINE"], Kind::Function),
        (&["RULE"], Kind::Rule),
        (&["SCHEMA"], Kind::Schema),
        (&["SEQUENCE"], Kind::Sequence),
        (&["SERVER"], Kind::Other),
        (&["STATISTICS"], Kind::Other),
        (&["SUBSCRIPTION"], Kind::Other),
        (&["TABLE"], Kind::Table),
        (&["TABLESPACE"], Kind::Other),
        (&["TEXT", "SEARCH", "CONFIGURATION"], Kind::Other),
        (&["TEXT", "SEARCH", "DICTIONARY"], Kind::Other),
        (&["TEXT", "SEARCH", "PARSER"], Kind::Other),
        (&["TEXT", "SEARCH", "TEMPLATE"], Kind::Other),
        (&["TRIGGER"], Kind::Trigger),
        (&["TYPE"], Kind::Type),
        (&["USER"], Kind::Role),
        (&["VIEW"], Kind::View),
    ];
    KINDS
        .iter()
        .find(|(words, _)| cursor.eat(words))
        .map(|&(_, kind)| kind)
}

/// Whether an object of this kind has its name inside a table: `name ON table`.
pub(super) const fn belongs_to_table(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Policy | ObjectKind::Rule | ObjectKind::Trigger
    )
}

/// A statement that is PostgreSQL's and has no vocabulary of its own.
pub(super) fn read(sql: &Sql<'_>) -> Option<Vec<Clause>> {
    let change = create(sql).or_else(|| other(sql))?;
    Some(vec![sql.clause(change)])
}

fn create(sql: &Sql<'_>) -> Option<Change> {
    let mut cursor = Cursor::new(sql);
    if !cursor.eat(&["CREATE"]) {
        return None;
    }
    let mut guarded = cursor.eat(&["OR", "REPLACE"]);
    while cursor.eat_any(&[
        "TEMPORARY",
        "TEMP",
        "RECURSIVE",
        "TRUSTED",
        "PROCEDURAL",
        "DEFAULT",
    ]) {}
    let kind = kind(&mut cursor)?;
    guarded |= cursor.eat(&["IF", "NOT", "EXISTS"]);
    let (name, _) = cursor.name()?;
    Some(match kind {
        // Both lie outside of every schema and every transaction.
        ObjectKind::Database => named("CREATE DATABASE", true),
        ObjectKind::Other if sql.raw.starts_with(sql.text, &["CREATE", "TABLESPACE"]) => {
            named("CREATE TABLESPACE", true)
        }
        ObjectKind::Other if sql.raw.starts_with(sql.text, &["CREATE", "SUBSCRIPTION"]) => {
            named("CREATE SUBSCRIPTION", true)
        }
        kind => Change::Create {
            kind,
            name,
            guarded,
        },
    })
}

fn named(keywords: &str, outside_transaction: bool) -> Change {
    Change::Other {
        keywords: keywords.to_owned(),
        outside_transaction,
        ddl: true,
    }
}

/// What PostgreSQL refuses in a transaction block is the list of its error 25001, measured on
/// PostgreSQL 15 to 18.
fn other(sql: &Sql<'_>) -> Option<Change> {
    const DATA: &[&str] = &[
        "ANALYSE", "ANALYZE", "CLOSE", "DECLARE", "EXPLAIN", "FETCH", "MOVE", "SET", "SHOW",
        "RESET", "LOCK", "COPY", "VACUUM",
    ];
    const POSTGRES: &[&str] = &[
        "ALTER",
        "ANALYSE",
        "ANALYZE",
        "CHECKPOINT",
        "CLOSE",
        "CLUSTER",
        "COMMENT",
        "COPY",
        "CREATE",
        "DEALLOCATE",
        "DECLARE",
        "DISCARD",
        "EXPLAIN",
        "FETCH",
        "GRANT",
        "IMPORT",
        "LISTEN",
        "LOAD",
        "LOCK",
        "MOVE",
        "NOTIFY",
        "PREPARE",
        "REASSIGN",
        "REFRESH",
        "REINDEX",
        "RESET",
        "REVOKE",
        "SECURITY",
        "SET",
        "SHOW",
        "UNLISTEN",
        "VACUUM",
    ];
    let mut cursor = Cursor::new(sql);
    let first = cursor.keyword()?;
    let second = cursor.keyword();
    let second = second.as_deref();
    let drops_without_a_list = matches!(
        second,
        Some("CAST" | "OPERATOR" | "OWNED" | "TRANSFORM" | "USER")
    );
    let is_postgres = POSTGRES.contains(&first.as_str()) || first == "DROP" && drops_without_a_list;
    if !is_postgres {
        return None;
    }
    let has = |keywords: &[&str]| sql.raw.contains(sql.text, keywords);
    let outside_transaction = match (first.as_str(), second) {
        ("VACUUM", _) | ("ALTER", Some("SYSTEM")) | ("DISCARD", Some("ALL")) => true,
        ("REINDEX", _) => {
            has(&["CONCURRENTLY"])
                || has(&["REINDEX", "SCHEMA"])
                || has(&["REINDEX", "DATABASE"])
                || has(&["REINDEX", "SYSTEM"])
        }
        ("CLUSTER", None) => true,
        ("ALTER", Some("TABLE")) => has(&["DETACH", "PARTITION"]) && has(&["CONCURRENTLY"]),
        (_, _) => false,
    };
    Some(Change::Other {
        ddl: !DATA.contains(&first.as_str()),
        keywords: match second {
            Some(second) if matches!(first.as_str(), "ALTER" | "CREATE" | "DROP" | "COMMENT") => {
                format!("{first} {second}")
            }
            _ => first,
        },
        outside_transaction,
    })
}
