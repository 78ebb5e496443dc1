//! `ALTER TABLE`, and `ALTER` of relations that are like tables.

use sqlparser::ast::{
    AlterColumnOperation, AlterIndexOperation, AlterTable, AlterTableOperation, AlterTableType,
    AlterView, AlterViewOperation, DetachPartitionMode, DropBehavior, RenameTableNameKind,
    Statement,
};

use super::column::{column, identity};
use super::constraint::constraint;
use super::create::{bound, setting};
use super::names::{bare, ident, idents, name, parts, role};
use super::spelled;
use super::types::data_type;
use crate::second_reader::lines::{flags, with};

pub(super) fn facts(statement: &Statement) -> Option<Vec<String>> {
    match statement {
        Statement::AlterTable(alter) => Some(table(alter)),
        Statement::AlterIndex {
            name: index,
            operation,
        } => {
            let AlterIndexOperation::RenameIndex { index_name } = operation;
            Some(vec![format!(
                "rename index {} to {}",
                name(index),
                bare(index_name)
            )])
        }
        Statement::AlterView(alter) => {
            let flags = flags([(alter.if_exists, "if exists")]);
            Some(vec![format!("alter{flags}"), view(alter)?])
        }
        _ => None,
    }
}

fn table(alter: &AlterTable) -> Vec<String> {
    let table = name(&alter.name);
    let kind = match alter.table_type {
        Some(AlterTableType::Foreign) => "foreign table",
        Some(_) | None => "table",
    };
    let flags = flags([(alter.if_exists, "if exists"), (alter.only, "only")]);
    let mut lines = vec![format!("alter{flags}")];
    lines.extend(
        alter
            .operations
            .iter()
            .flat_map(|one| operation(kind, &table, one)),
    );
    lines
}

pub(super) fn cascade(behavior: Option<DropBehavior>) -> (bool, &'static str) {
    (behavior == Some(DropBehavior::Cascade), "cascade")
}

fn operation(kind: &str, table: &str, operation: &AlterTableOperation) -> Vec<String> {
    use AlterTableOperation as Op;
    let line = match operation {
        Op::AddColumn {
            if_not_exists,
            column_def,
            ..
        } => {
            let guarded = flags([(*if_not_exists, "if not exists")]);
            let mut lines = vec![format!(
                "add column {table}.{}{guarded}",
                ident(&column_def.name)
            )];
            lines.extend(column(table, column_def));
            return lines;
        }
        Op::DropColumn {
            column_names,
            if_exists,
            drop_behavior,
            ..
        } => {
            let flags = flags([(*if_exists, "if exists"), cascade(*drop_behavior)]);
            let columns = column_names.iter().map(ident);
            return columns
                .map(|column| format!("drop column {table}.{column}{flags}"))
                .collect();
        }
        Op::AddConstraint {
            constraint: added,
            not_valid,
        } => constraint(table, added, &flags([(*not_valid, "not valid")])),
        Op::ValidateConstraint { name } => format!("validate constraint {table}.{}", ident(name)),
        Op::DropConstraint {
            if_exists,
            name,
            drop_behavior,
        } => {
            let flags = flags([(*if_exists, "if exists"), cascade(*drop_behavior)]);
            format!("drop constraint {table}.{}{flags}", ident(name))
        }
        Op::AlterColumn { column_name, op } => alter_column(table, &ident(column_name), op),
        other => return of_table(kind, table, other),
    };
    vec![line]
}

/// Renames, owners, partitions and switches.
fn of_table(kind: &str, table: &str, operation: &AlterTableOperation) -> Vec<String> {
    use AlterTableOperation as Op;
    let line = match operation {
        Op::RenameColumn {
            old_column_name,
            new_column_name,
        } => {
            let (old, new) = (ident(old_column_name), ident(new_column_name));
            format!("rename column {table}.{old} to {new}")
        }
        Op::RenameConstraint { old_name, new_name } => {
            let (old, new) = (ident(old_name), ident(new_name));
            format!("rename constraint {table}.{old} to {new}")
        }
        Op::RenameTable {
            table_name: RenameTableNameKind::To(to) | RenameTableNameKind::As(to),
        } => format!("rename {kind} {table} to {}", bare(to)),
        Op::OwnerTo { new_owner } => format!("owner {kind} {table} {}", role(new_owner)),
        Op::AttachPartitionOf {
            partition,
            for_values,
        } => format!(
            "attach {} to {table} {}",
            name(partition),
            bound(for_values)
        ),
        Op::DetachPartitionOf { partition, mode } => {
            let flags = flags([
                (
                    matches!(mode, Some(DetachPartitionMode::Concurrently)),
                    "concurrently",
                ),
                (
                    matches!(mode, Some(DetachPartitionMode::Finalize)),
                    "finalize",
                ),
            ]);
            format!("detach {} from {table}{flags}", name(partition))
        }
        Op::Inherit { parent } => format!("inherit {table} {}", name(parent)),
        Op::NoInherit { parent } => format!("no inherit {table} {}", name(parent)),
        Op::SetOptionsParens { options } => {
            return options
                .iter()
                .map(|option| setting(table, option))
                .collect();
        }
        Op::ResetOptions { options } => {
            let reset = |option| format!("reset {table} {}", parts(option).join("."));
            return options.iter().map(reset).collect();
        }
        Op::GenericOptions { .. } => format!("options {table}"),
        other => format!("set {table} {}", switched(other)),
    };
    vec![line]
}

/// What is enabled or disabled, in sqlparser's words, which are PostgreSQL's.
fn switched(operation: &AlterTableOperation) -> String {
    operation.to_string().to_lowercase().replace('"', "")
}

fn alter_column(table: &str, column: &str, operation: &AlterColumnOperation) -> String {
    let column = format!("{table}.{column}");
    match operation {
        AlterColumnOperation::SetNotNull => format!("set not null {column}"),
        AlterColumnOperation::DropNotNull => format!("drop not null {column}"),
        AlterColumnOperation::SetDefault { value } => {
            format!("set default {column} {}", spelled(value))
        }
        AlterColumnOperation::DropDefault => format!("drop default {column}"),
        AlterColumnOperation::SetDataType {
            data_type: new,
            using,
            ..
        } => {
            let using = with("using", using.as_ref().map(spelled));
            format!("type {column} {}{using}", data_type(new))
        }
        AlterColumnOperation::AddGenerated {
            generated_as,
            sequence_options,
        } => {
            let kind = generated_as.as_ref();
            let options = sequence_options.as_deref();
            let identity = kind.map(|kind| identity(kind, options));
            format!("add {column} {}", identity.unwrap_or_default())
        }
        AlterColumnOperation::GenericOptions { .. } => format!("options {column}"),
    }
}

fn view(alter: &AlterView) -> Option<String> {
    let kind = if alter.materialized {
        "materialized view"
    } else {
        "view"
    };
    let view = name(&alter.name);
    Some(match &alter.operation {
        AlterViewOperation::RenameTo { new_name } => {
            format!("rename {kind} {view} to {}", bare(new_name))
        }
        AlterViewOperation::RenameColumn {
            old_column_name,
            new_column_name,
        } => {
            let renamed = idents(&[old_column_name.clone(), new_column_name.clone()]);
            format!("rename column {view}.{}", renamed.join(" to "))
        }
        AlterViewOperation::OwnerTo(owner) => format!("owner {kind} {view} {}", role(owner)),
        AlterViewOperation::SetSchema { schema_name } => {
            format!("move {kind} {view} {}", bare(schema_name))
        }
        AlterViewOperation::AlterColumn { column_name, op } => {
            alter_column(&view, &ident(column_name), op)
        }
        AlterViewOperation::As { .. }
        | AlterViewOperation::SetOptions { .. }
        | AlterViewOperation::ResetOptions { .. } => return None,
    })
}
