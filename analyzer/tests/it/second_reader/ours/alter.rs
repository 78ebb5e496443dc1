//! `ALTER TABLE`, and `ALTER` of relations that are like tables.

use onward_analyzer::statement::{
    Change, ColumnAction, Detach, Firing, ObjectKind, ReplicaIdentity, TableAction, Triggers,
};

use super::create::{bound, column, constraint, identity, setting};
use super::{object_name, spelled, spelled_if};
use crate::second_reader::lines::{flags, with};

/// Whether this is one of the actions of an `ALTER TABLE`.
pub(super) fn is_action(change: &Change) -> bool {
    match change {
        Change::AddColumn { .. }
        | Change::DropColumn { .. }
        | Change::ColumnType { .. }
        | Change::SetNotNull { .. }
        | Change::DropNotNull { .. }
        | Change::AlterColumn { .. }
        | Change::AddConstraint { .. }
        | Change::ValidateConstraint { .. }
        | Change::AlterTable { .. }
        | Change::Drop {
            kind: ObjectKind::Constraint,
            ..
        } => true,
        Change::Owner { kind, .. } | Change::SetSchema { kind, .. } => is_like_a_table(*kind),
        Change::Rename { kind, .. } => {
            is_like_a_table(*kind) || matches!(kind, ObjectKind::Column | ObjectKind::Constraint)
        }
        _ => false,
    }
}

fn is_like_a_table(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
    )
}

pub(super) fn facts(change: &Change) -> Option<Vec<String>> {
    let line = match change {
        Change::AddColumn {
            table,
            column: def,
            if_not_exists,
        } => {
            let guarded = flags([(*if_not_exists, "if not exists")]);
            let mut lines = vec![format!("add column {table}.{}{guarded}", def.name)];
            lines.extend(column(&table.to_string(), def));
            return Some(lines);
        }
        Change::DropColumn {
            table,
            column,
            if_exists,
            cascade,
        } => {
            let flags = flags([(*if_exists, "if exists"), (*cascade, "cascade")]);
            format!("drop column {table}.{column}{flags}")
        }
        Change::ColumnType {
            table,
            column,
            data_type,
            collation,
            using,
        } => format!(
            "type {table}.{column} {data_type}{}{}",
            with("collate", collation.as_ref().map(ToString::to_string)),
            with("using", spelled_if(using.as_ref()))
        ),
        Change::SetNotNull { table, column } => format!("set not null {table}.{column}"),
        Change::DropNotNull { table, column } => format!("drop not null {table}.{column}"),
        Change::AlterColumn {
            table,
            column,
            action,
        } => column_action(&format!("{table}.{column}"), action)?,
        Change::AddConstraint {
            table,
            constraint: added,
        } => constraint(&table.to_string(), added),
        Change::ValidateConstraint { table, constraint } => {
            format!("validate constraint {table}.{constraint}")
        }
        Change::AlterTable { table, action, .. } => {
            return Some(table_action(&table.to_string(), action));
        }
        Change::Owner { kind, name, role } => {
            format!("owner {kind} {} {role}", object_name(*kind, name))
        }
        Change::SetSchema { kind, name, schema } => format!("move {kind} {name} {schema}"),
        Change::Rename {
            kind,
            name,
            part,
            to,
        } => {
            let part = part.as_ref().map(|part| format!(".{part}"));
            let object = object_name(*kind, name);
            format!("rename {kind} {object}{} to {to}", part.unwrap_or_default())
        }
        _ => return None,
    };
    Some(vec![line])
}

fn column_action(column: &str, action: &ColumnAction) -> Option<String> {
    Some(match action {
        ColumnAction::SetDefault(value) => format!("set default {column} {}", spelled(value)),
        ColumnAction::DropDefault => format!("drop default {column}"),
        ColumnAction::AddIdentity(added) => format!("add {column} {}", identity(added)),
        ColumnAction::Options => format!("options {column}"),
        _ => return None,
    })
}

fn table_action(table: &str, action: &TableAction) -> Vec<String> {
    let line = match action {
        TableAction::AttachPartition {
            partition,
            bound: values,
        } => {
            let values = values.as_ref().map(bound);
            format!(
                "attach {partition} to {table} {}",
                values.unwrap_or_default()
            )
        }
        TableAction::DetachPartition { partition, mode } => {
            let flags = flags([
                (*mode == Detach::Concurrently, "concurrently"),
                (*mode == Detach::Finalize, "finalize"),
            ]);
            format!("detach {partition} from {table}{flags}")
        }
        TableAction::Inherit(parent) => format!("inherit {table} {parent}"),
        TableAction::NoInherit(parent) => format!("no inherit {table} {parent}"),
        TableAction::SetParameters(parameters) => {
            return parameters.iter().map(|one| setting(table, one)).collect();
        }
        TableAction::ResetParameters(parameters) => {
            return parameters
                .iter()
                .map(|one| format!("reset {table} {}", one.name))
                .collect();
        }
        TableAction::Options => format!("options {table}"),
        other => format!("set {table} {}", switched(other)),
    };
    vec![line]
}

/// What is enabled or disabled, in PostgreSQL's words.
fn switched(action: &TableAction) -> String {
    let fires = |firing: Firing| match firing {
        Firing::Enabled => "enable",
        Firing::Disabled => "disable",
        Firing::Always => "enable always",
        Firing::Replica => "enable replica",
    };
    match action {
        TableAction::EnableRowSecurity => "enable row level security".to_owned(),
        TableAction::DisableRowSecurity => "disable row level security".to_owned(),
        TableAction::ForceRowSecurity => "force row level security".to_owned(),
        TableAction::NoForceRowSecurity => "no force row level security".to_owned(),
        TableAction::SetLogged => "set logged".to_owned(),
        TableAction::SetUnlogged => "set unlogged".to_owned(),
        TableAction::Trigger { triggers, firing } => {
            let which = match triggers {
                Triggers::All => "all",
                Triggers::User => "user",
                Triggers::One(name) => name,
            };
            format!("{} trigger {which}", fires(*firing))
        }
        TableAction::Rule { rule, firing } => format!("{} rule {rule}", fires(*firing)),
        TableAction::ReplicaIdentity(identity) => match identity {
            ReplicaIdentity::Default => "replica identity default".to_owned(),
            ReplicaIdentity::Full => "replica identity full".to_owned(),
            ReplicaIdentity::Nothing => "replica identity nothing".to_owned(),
            ReplicaIdentity::Index(index) => format!("replica identity using index {index}"),
        },
        other => format!("? {other:?}"),
    }
}
