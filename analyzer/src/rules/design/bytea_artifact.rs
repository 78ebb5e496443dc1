//! Whole files stored in a column or a large object.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::typed::words;
use crate::schema::{Column, ConstraintKind, Relation, Schema, TypeKind};
use crate::statement::{self, DataType, ObjectKind, Persistence, Statement};

pub(super) static RULE: Rule = Rule {
    id: "bytea-artifact",
    summary: "a column or large object that can hold whole files",
    page: include_str!("bytea_artifact.md"),
    aliases: &["PreventLargeBlobInDatabase"],
    group: Group::Design,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: DENY,
        data: DENY,
    },
    check: Check::File(check),
};

/// Words of a column's name that suggest a file.
const ARTIFACTS: [&str; 26] = [
    "archive",
    "artifact",
    "attachment",
    "audio",
    "avatar",
    "binary",
    "blob",
    "bundle",
    "content",
    "contents",
    "document",
    "file",
    "image",
    "logo",
    "media",
    "pdf",
    "photo",
    "picture",
    "report",
    "scan",
    "screenshot",
    "tarball",
    "thumbnail",
    "upload",
    "video",
    "zip",
];

/// Last words of a column's name that suggest a small value of a fixed size.
const SMALL: [&str; 14] = [
    "checksum",
    "digest",
    "fingerprint",
    "hash",
    "hmac",
    "iv",
    "key",
    "mac",
    "nonce",
    "salt",
    "sha256",
    "sha512",
    "sig",
    "signature",
];

/// The largest bound of a `bytea` column that is still accepted, in bytes.
const MOST: u64 = 8192;

/// The largest bound of a text column that is still accepted, in characters or bytes.
const MOST_TEXT: u64 = 1 << 20;

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let mut found = Vec::new();
    let tables = around.tables().filter(|table| {
        table.kind == ObjectKind::Table
            && table.persistence != Persistence::Temporary
            && table.partition_of.is_none()
    });
    for table in tables {
        let new = table
            .columns
            .iter()
            .filter(|column| column.origin.file == around.file);
        let files = new.filter(|column| holds_files(around.schema, table, column));
        found.extend(files.map(|column| (column.origin.span.clone(), of_column(table, column))));
    }
    calls(around.statements, &mut found);
    found
}

fn holds_files(schema: &Schema, table: &Relation, column: &Column) -> bool {
    let Some(data_type) = &column.data_type else {
        return false;
    };
    let limit = limit(table, column);
    match schema.made_type(data_type).map(|known| &known.kind) {
        Some(TypeKind::Domain(_)) => {
            let (base, within) = under_domains(schema, data_type);
            // The name of a domain may be that of a small value too.
            let is_small = is_small(&data_type.name);
            let limit = limit.into_iter().chain(within).min();
            !is_small && is_file(&column.name, base, limit)
        }
        // What a CHECK about a composite value limits is not known.
        Some(TypeKind::Composite(attributes)) => {
            let mut attributes = attributes.iter();
            !is_checked(table, column)
                && attributes.any(|one| is_file(&one.name, &one.data_type, None))
        }
        Some(TypeKind::Enum(_) | TypeKind::Other) | None => is_file(&column.name, data_type, limit),
    }
}

/// The type under domains, and the tightest limit of theirs.
fn under_domains<'a>(schema: &'a Schema, data_type: &'a DataType) -> (&'a DataType, Option<u64>) {
    let (mut base, mut limit) = (data_type, None);
    // A server does not accept a cycle of domains.
    for _ in 0..16 {
        let Some(TypeKind::Domain(domain)) = schema.made_type(base).map(|known| &known.kind) else {
            break;
        };
        let limits = domain.constraints.iter().filter_map(|one| {
            let statement::ConstraintKind::Check(expression) = &one.kind else {
                return None;
            };
            Some(&expression.length_limits)
        });
        let of_value = limits.flatten().filter(|(name, _)| name == "value");
        limit = of_value.map(|(_, most)| *most).chain(limit).min();
        base = &domain.data_type;
    }
    (base, limit)
}

fn is_small(name: &str) -> bool {
    let last = words(name).last();
    last.is_some_and(|word| SMALL.contains(&word))
}

fn is_file(name: &str, data_type: &DataType, limit: Option<u64>) -> bool {
    match data_type.name.as_str() {
        "lo" => true,
        // Without such a name it is usually the OID of a catalog object.
        "oid" => {
            let is_named = words(name).any(|word| ARTIFACTS.contains(&word));
            is_named && data_type.schema.is_none()
        }
        "bytea" => !is_small(name) && limit.is_none_or(|limit| limit > MOST),
        "text" | "character varying" => limit.is_some_and(|limit| limit > MOST_TEXT),
        _ => false,
    }
}

fn is_checked(table: &Relation, column: &Column) -> bool {
    let mut constraints = table.constraints.iter();
    constraints.any(|one| {
        matches!(one.kind, ConstraintKind::Check { .. }) && one.columns.contains(&column.id)
    })
}

/// The tightest length limit that the CHECK constraints of the table put on the column, in bytes or
/// characters.
fn limit(table: &Relation, column: &Column) -> Option<u64> {
    let checks = table
        .constraints
        .iter()
        .filter(|one| one.columns.contains(&column.id));
    let limits = checks.filter_map(|one| match &one.kind {
        ConstraintKind::Check { expression, .. } => Some(&expression.length_limits),
        _ => None,
    });
    let of_column = limits.flatten().filter(|(name, _)| *name == column.name);
    of_column.map(|(_, most)| *most).min()
}

fn of_column(table: &Relation, column: &Column) -> Message {
    let name = &column.name;
    let keep =
        "keep files in object storage, and store only their address, size and SHA-256 in the table";
    let help = match column
        .data_type
        .as_ref()
        .map(|data_type| data_type.name.as_str())
    {
        Some("bytea") => {
            format!("{keep}; for a small value, add a limit: `CHECK (octet_length({name}) <= 64)`")
        }
        Some(_) | None => keep.to_owned(),
    };
    Message::new(
        format!("{}.{name} can hold whole files", table.name),
        "each file is written to the WAL, sent to every replica and copied into every backup; a client \
         holds all of it in memory, and an UPDATE writes it a second time",
        help,
    )
}

/// Calls that create a large object, also those in the body of a routine.
fn calls(statements: &[Statement], found: &mut Vec<SpannedMessage>) {
    for statement in statements {
        let large = statement.calls.iter().filter(|call| {
            matches!(
                call.name.as_str(),
                "lo_import" | "lo_create" | "lo_creat" | "lo_from_bytea"
            )
        });
        found.extend(large.map(|call| {
            let message = Message::new(
                format!("{}() stores a file in the database as a large object", call.name),
                "a large object is written to the WAL, sent to every replica and copied into every backup, \
                 and deleting the row that refers to it does not delete it",
                "keep files in object storage, and store only their address, size and SHA-256 in a table",
            );
            (call.span.clone(), message)
        }));
        for clause in &statement.clauses {
            if let Some(body) = clause.change.body() {
                calls(&body.statements, found);
            }
        }
    }
}
