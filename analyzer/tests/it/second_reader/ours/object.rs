//! What is the same for all kinds of objects: create, drop, comment, grant.

use onward_analyzer::statement::{
    Change, Column, ColumnValue, Grant, Name, Privileged, SequenceOwner, TypeBody, ValuePosition,
};

use super::create::{constraint, sequence};
use super::{object_name, spelled};
use crate::second_reader::lines::{flags, list, squeezed, with};

pub(super) fn facts(change: &Change) -> Option<Vec<String>> {
    let line = match change {
        Change::CreateType { name, body } => return Some(create_type(name, body)),
        Change::CreateDomain { name, column } => return Some(create_domain(name, column)),
        Change::CreateSequence {
            name,
            if_not_exists,
            options,
            owner,
        } => {
            let guarded = flags([(*if_not_exists, "if not exists")]);
            let owner = owner.as_ref().map(|owner| match owner {
                SequenceOwner::None => "none".to_owned(),
                SequenceOwner::Column { table, column } => format!("{table}.{column}"),
            });
            let owned = with("owned by", owner);
            format!(
                "create sequence {name} {}{guarded}{owned}",
                sequence(options)
            )
        }
        Change::Create {
            kind,
            name,
            part,
            guarded,
            ..
        } => {
            let guarded = flags([(*guarded, "guarded")]);
            format!(
                "create {kind} {}{}{guarded}",
                object_name(*kind, name),
                of(part)
            )
        }
        Change::AddEnumValue {
            name,
            value,
            if_not_exists,
            position,
        } => {
            let guarded = flags([(*if_not_exists, "if not exists")]);
            let label = |label: &str| format!("'{}'", label.replace('\'', "''"));
            let place = position.as_ref().map(|position| match position {
                ValuePosition::Before(other) => format!("before {}", label(other)),
                ValuePosition::After(other) => format!("after {}", label(other)),
            });
            format!("add value {name} {value}{guarded}{}", with("", place))
        }
        other => return existing(other),
    };
    Some(vec![line])
}

/// Changes to existing objects, and to the session.
fn existing(change: &Change) -> Option<Vec<String>> {
    let line = match change {
        Change::Drop {
            kind,
            name,
            part,
            if_exists,
            concurrently,
            cascade,
        } => {
            let flags = flags([
                (*if_exists, "if exists"),
                (*cascade, "cascade"),
                (*concurrently, "concurrently"),
            ]);
            format!(
                "drop {kind} {}{}{flags}",
                object_name(*kind, name),
                of(part)
            )
        }
        Change::Comment {
            kind, name, part, ..
        } => {
            format!("comment {kind} {}{}", object_name(*kind, name), of(part))
        }
        Change::Grant(grant) => self::grant(grant),
        Change::Set {
            setting,
            value: Some(value),
            local,
        } => format!(
            "set {setting} = {}{}",
            squeezed(value),
            flags([(*local, "local")])
        ),
        Change::Set {
            setting,
            value: None,
            ..
        } => format!("reset {setting}"),
        Change::Lock { table, mode } => format!("lock {table} {mode}"),
        Change::RefreshView { view, concurrently } => {
            format!("refresh {view}{}", flags([(*concurrently, "concurrently")]))
        }
        _ => return None,
    };
    Some(vec![line])
}

fn create_domain(name: &Name, column: &Column) -> Vec<String> {
    let default = match &column.value {
        ColumnValue::Default(value) => Some(spelled(value)),
        _ => None,
    };
    let mut lines = vec![format!(
        "create domain {name} {}{}{}",
        column.data_type,
        with(
            "collate",
            column.collation.as_ref().map(ToString::to_string)
        ),
        with("default", default)
    )];
    let constraints = column.constraints.iter();
    lines.extend(constraints.map(|one| constraint(&name.to_string(), one)));
    if column.not_null {
        lines.push(format!("constraint {name} - not null"));
    }
    lines
}

fn of(part: &Option<String>) -> String {
    part.as_ref()
        .map(|part| format!(".{part}"))
        .unwrap_or_default()
}

fn create_type(new: &Name, body: &TypeBody) -> Vec<String> {
    match body {
        TypeBody::Enum(labels) => vec![format!("create type {new} enum {}", list(labels.clone()))],
        TypeBody::Composite(attributes) => {
            let mut lines = vec![format!("create type {new} composite")];
            lines.extend(attributes.iter().map(|attribute| {
                let collation = attribute.collation.as_ref().map(ToString::to_string);
                let collation = with("collate", collation);
                format!(
                    "attribute {new}.{} {}{collation}",
                    attribute.name, attribute.data_type
                )
            }));
            lines
        }
        TypeBody::Range(_) => vec![format!("create type {new} range")],
        TypeBody::Base(_) => vec![format!("create type {new} base")],
        TypeBody::Shell => vec![format!("create type {new} shell")],
    }
}

fn grant(grant: &Grant) -> String {
    let verb = if grant.revoke { "revoke" } else { "grant" };
    let to = if grant.revoke { "from" } else { "to" };
    let on = match &grant.on {
        Privileged::Objects { kind, names } => {
            let names = names.iter().map(|name| object_name(*kind, name));
            format!("on {kind} {}", list(names))
        }
        Privileged::AllIn { schemas, kind } => {
            let kind = format!("{kind}s").to_uppercase();
            format!("on all {kind} {}", list(schemas.clone()))
        }
        Privileged::Future { .. } => "on what comes".to_owned(),
        Privileged::Roles => "roles".to_owned(),
    };
    format!(
        "{verb} {} {on} {to} {}{}",
        list(grant.privileges.clone()),
        list(grant.grantees.clone()),
        flags([(grant.option, "with option")])
    )
}
