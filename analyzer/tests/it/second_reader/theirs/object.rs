//! What is the same for all kinds of objects: create, rename, comment; and settings and locks.

use sqlparser::ast::{
    AlterFunctionKind, AlterFunctionOperation, AlterRoleOperation, AlterSchemaOperation, AlterType,
    AlterTypeAddValuePosition, AlterTypeOperation, CommentObject, ContextModifier, CreateDomain,
    ObjectName, Reset, SchemaName, Set, Statement, UserDefinedTypeRepresentation,
};

use super::column::{owner, sequence};
use super::constraint::constraint;
use super::names::{bare, column, described, ident, name, role};
use super::rows::setting;
use super::spelled;
use super::types::data_type;
use super::{create, drop, grant};
use crate::second_reader::lines::{flags, list, squeezed, with};

pub(super) fn facts(statement: &Statement) -> Option<Vec<String>> {
    created(statement)
        .or_else(|| altered(statement))
        .or_else(|| drop::facts(statement))
        .or_else(|| grant::facts(statement))
        .or_else(|| other(statement))
}

fn created(statement: &Statement) -> Option<Vec<String>> {
    let guarded = |guarded: bool| flags([(guarded, "guarded")]);
    let line = match statement {
        Statement::CreateType {
            name: new,
            representation,
        } => return Some(create_type(&name(new), representation.as_ref())),
        Statement::CreateDomain(create) => return Some(create_domain(create)),
        Statement::CreateSequence {
            if_not_exists,
            name: new,
            sequence_options,
            temporary,
            ..
        } => {
            let guarded = flags([(*if_not_exists, "if not exists")]);
            format!(
                "create sequence {} {}{guarded}{}",
                create::made(new, *temporary),
                sequence(sequence_options),
                with("owned by", owner(sequence_options))
            )
        }
        Statement::CreateSchema {
            schema_name: SchemaName::Simple(new) | SchemaName::NamedAuthorization(new, _),
            if_not_exists,
            ..
        } => format!("create schema {}{}", bare(new), guarded(*if_not_exists)),
        Statement::CreateExtension(create) => {
            let extension = ident(&create.name);
            format!(
                "create extension {extension}{}",
                guarded(create.if_not_exists)
            )
        }
        Statement::CreateRole(create) => {
            let roles = create.names.iter();
            return Some(
                roles
                    .map(|role| format!("create role {}", bare(role)))
                    .collect(),
            );
        }
        other => return created_rarely(other),
    };
    Some(vec![line])
}

/// Objects of which only the kind and the name are compared.
fn created_rarely(statement: &Statement) -> Option<Vec<String>> {
    let guarded = |guarded: bool| flags([(guarded, "guarded")]);
    let line = match statement {
        Statement::CreateRule(create) => format!(
            "create rule {}.{}{}",
            name(&create.table_name),
            ident(&create.name),
            guarded(create.or_replace)
        ),
        Statement::CreateCollation(create) => {
            format!(
                "create collation {}{}",
                name(&create.name),
                guarded(create.if_not_exists)
            )
        }
        Statement::CreateServer(create) => {
            format!(
                "create server {}{}",
                bare(&create.name),
                guarded(create.if_not_exists)
            )
        }
        Statement::CreateForeignDataWrapper(create) => {
            format!("create foreign data wrapper {}", ident(&create.name))
        }
        Statement::CreateAggregate(create) => {
            format!(
                "create aggregate {}{}",
                name(&create.name),
                guarded(create.or_replace)
            )
        }
        Statement::CreateOperator(create) => format!("create operator {}", name(&create.name)),
        Statement::CreateTextSearch(create) => format!(
            "create text search {} {}",
            create.object_type.to_string().to_lowercase(),
            name(&create.name)
        ),
        _ => return None,
    };
    Some(vec![line])
}

fn create_domain(create: &CreateDomain) -> Vec<String> {
    let domain = name(&create.name);
    let mut lines = vec![format!(
        "create domain {domain} {}{}{}",
        data_type(&create.data_type),
        with(
            "collate",
            create
                .collation
                .as_ref()
                .map(|own| name(&ObjectName::from(vec![own.clone()])))
        ),
        with("default", create.default.as_ref().map(spelled)),
    )];
    lines.extend(
        create
            .constraints
            .iter()
            .map(|c| constraint(&domain, c, "")),
    );
    lines
}

fn create_type(new: &str, body: Option<&UserDefinedTypeRepresentation>) -> Vec<String> {
    match body {
        None => vec![format!("create type {new} shell")],
        Some(UserDefinedTypeRepresentation::Enum { labels }) => {
            let labels = labels.iter().map(|label| label.value.clone());
            vec![format!("create type {new} enum {}", list(labels))]
        }
        Some(UserDefinedTypeRepresentation::Composite { attributes }) => {
            let mut lines = vec![format!("create type {new} composite")];
            lines.extend(attributes.iter().map(|attribute| {
                let collation = with("collate", attribute.collation.as_ref().map(name));
                let attribute_type = data_type(&attribute.data_type);
                format!(
                    "attribute {new}.{} {attribute_type}{collation}",
                    ident(&attribute.name)
                )
            }));
            lines
        }
        Some(UserDefinedTypeRepresentation::Range { .. }) => {
            vec![format!("create type {new} range")]
        }
        Some(UserDefinedTypeRepresentation::SqlDefinition { .. }) => {
            vec![format!("create type {new} base")]
        }
    }
}

fn altered(statement: &Statement) -> Option<Vec<String>> {
    let line = match statement {
        Statement::AlterType(alter) => alter_type(alter),
        Statement::AlterSchema(alter) => {
            let schema = bare(&alter.name);
            let lines = alter.operations.iter().map(|operation| match operation {
                AlterSchemaOperation::Rename { name: to } => {
                    format!("rename schema {schema} to {}", bare(to))
                }
                AlterSchemaOperation::OwnerTo { owner } => {
                    format!("owner schema {schema} {}", role(owner))
                }
                other => format!("? {other}"),
            });
            return Some(lines.collect());
        }
        Statement::AlterFunction(alter) => {
            let kind = match alter.kind {
                AlterFunctionKind::Function => "function",
                AlterFunctionKind::Aggregate => "aggregate",
            };
            let function = described(&alter.function);
            match &alter.operation {
                AlterFunctionOperation::RenameTo { new_name } => {
                    format!("rename {kind} {function} to {}", ident(new_name))
                }
                AlterFunctionOperation::OwnerTo(owner) => {
                    format!("owner {kind} {function} {}", role(owner))
                }
                AlterFunctionOperation::SetSchema { schema_name } => {
                    format!("move {kind} {function} {}", bare(schema_name))
                }
                AlterFunctionOperation::Actions { .. }
                | AlterFunctionOperation::DependsOnExtension { .. } => return None,
            }
        }
        Statement::AlterRole {
            name: old,
            operation: AlterRoleOperation::RenameRole { role_name },
        } => format!("rename role {} to {}", ident(old), ident(role_name)),
        _ => return None,
    };
    Some(vec![line])
}

fn alter_type(alter: &AlterType) -> String {
    let altered = name(&alter.name);
    match &alter.operation {
        AlterTypeOperation::Rename(rename) => {
            format!("rename type {altered} to {}", ident(&rename.new_name))
        }
        AlterTypeOperation::AddValue(add) => {
            let guarded = flags([(add.if_not_exists, "if not exists")]);
            let place = add.position.as_ref().map(|position| match position {
                AlterTypeAddValuePosition::Before(label) => format!("before '{}'", label.value),
                AlterTypeAddValuePosition::After(label) => format!("after '{}'", label.value),
            });
            format!(
                "add value {altered} {}{guarded}{}",
                add.value.value,
                with("", place)
            )
        }
        AlterTypeOperation::RenameValue(rename) => {
            format!(
                "rename enum value {altered}.{} to {}",
                rename.from.value, rename.to.value
            )
        }
    }
}

fn other(statement: &Statement) -> Option<Vec<String>> {
    let line = match statement {
        Statement::Comment {
            object_type,
            object_name,
            ..
        } => comment(*object_type, object_name),
        Statement::Set(Set::SingleAssignment {
            scope,
            variable,
            values,
            ..
        }) => {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            let local = matches!(scope, Some(ContextModifier::Local));
            let local = flags([(local, "local")]);
            format!(
                "set {} = {}{local}",
                setting(variable),
                squeezed(&values.join(","))
            )
        }
        Statement::Reset(reset) => match &reset.reset {
            Reset::ALL => "reset all".to_owned(),
            Reset::SessionAuthorization => "reset session authorization".to_owned(),
            Reset::ConfigurationParameter(variable) => format!("reset {}", setting(variable)),
        },
        Statement::Lock(lock) => {
            let mode = lock.lock_mode.as_ref().map(ToString::to_string);
            let mode = mode.unwrap_or_else(|| "ACCESS EXCLUSIVE".to_owned());
            let tables = lock.tables.iter();
            return Some(
                tables
                    .map(|table| format!("lock {} {mode}", name(&table.name)))
                    .collect(),
            );
        }
        Statement::RefreshMaterializedView(refresh) => {
            let flags = flags([(refresh.concurrently, "concurrently")]);
            format!("refresh {}{flags}", name(&refresh.name))
        }
        _ => return None,
    };
    Some(vec![line])
}

fn comment(kind: CommentObject, object: &ObjectName) -> String {
    let object = match kind {
        CommentObject::Column => column(object),
        CommentObject::Schema
        | CommentObject::Database
        | CommentObject::Extension
        | CommentObject::Role
        | CommentObject::User => bare(object),
        _ => name(object),
    };
    format!("comment {} {object}", kind.to_string().to_lowercase())
}
