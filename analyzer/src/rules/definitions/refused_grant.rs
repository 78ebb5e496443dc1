//! Privileges that a kind of object does not have.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::statement::{Change, ObjectKind, Privileged};

pub(super) static RULE: Rule = Rule {
    id: "refused-grant",
    summary: "a GRANT or REVOKE names a privilege that the object does not have",
    page: include_str!("refused_grant.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Grant], &Check::Parts(check)),
};

/// The privileges of each kind of object (the manual, "Privileges").
const PRIVILEGES: &[(ObjectKind, &[&str])] = &[
    (
        ObjectKind::Table,
        &[
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "TRUNCATE",
            "REFERENCES",
            "TRIGGER",
            "MAINTAIN",
        ],
    ),
    (ObjectKind::Sequence, &["USAGE", "SELECT", "UPDATE"]),
    (ObjectKind::Function, &["EXECUTE"]),
    (ObjectKind::Procedure, &["EXECUTE"]),
    (ObjectKind::Routine, &["EXECUTE"]),
    (ObjectKind::Schema, &["CREATE", "USAGE"]),
    (ObjectKind::Type, &["USAGE"]),
    (ObjectKind::Domain, &["USAGE"]),
    (
        ObjectKind::Database,
        &["CREATE", "CONNECT", "TEMPORARY", "TEMP"],
    ),
    (ObjectKind::Language, &["USAGE"]),
    (ObjectKind::Tablespace, &["CREATE"]),
    (ObjectKind::ForeignDataWrapper, &["USAGE"]),
    (ObjectKind::Server, &["USAGE"]),
    (ObjectKind::LargeObject, &["SELECT", "UPDATE"]),
];

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let Change::Grant(grant) = context.change() else {
        return Vec::new();
    };
    let (written, names) = match &grant.on {
        Privileged::Objects { kind, names } => (*kind, names.as_slice()),
        Privileged::AllIn { kind, .. } | Privileged::Future { kind, .. } => (*kind, &[][..]),
        Privileged::Roles => return Vec::new(),
    };
    // GRANT ON TABLE accepts a sequence with the privileges of sequences.
    let is_sequence = names
        .iter()
        .any(|name| context.schema.kind_of(name) != Some(ObjectKind::Table));
    if written == ObjectKind::Table && is_sequence {
        return Vec::new();
    }
    let known = PRIVILEGES.iter().find(|(kind, _)| *kind == written);
    let Some((kind, privileges)) = known else {
        return Vec::new();
    };
    let mut unknown = grant.privileges.iter();
    let unknown = unknown.find(|one| one.as_str() != "ALL" && !privileges.contains(&one.as_str()));
    let found = unknown.map(|privilege| {
        refused(
            &context.clause.span,
            format!("a {kind} has no privilege {privilege}"),
            format!("invalid privilege type {privilege} for {kind} (0LP01)"),
            format!("the privileges of a {kind} are {}", privileges.join(", ")),
        )
    });
    found.into_iter().collect()
}
