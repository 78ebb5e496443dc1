//! Routines, triggers and policies.

use sqlparser::ast::{
    AlterPolicy, AlterPolicyOperation, AlterTriggerOperation, CreateFunction, CreateFunctionBody,
    CreatePolicy, CreatePolicyCommand, CreatePolicyType, CreateTrigger, DeferrableInitial, Expr,
    FunctionCalledOnNull, FunctionReturnType, FunctionSecurity, OperateFunctionArg, Owner,
    Statement, TriggerEvent, TriggerObject, TriggerObjectKind, TriggerPeriod,
};

use super::names::{bare, ident, idents, name, role};
use super::rows::setting;
use super::spelled;
use super::types::data_type;
use crate::second_reader::lines::{flags, list, with};

pub(super) fn facts(statement: &Statement) -> Option<Vec<String>> {
    let line = match statement {
        Statement::CreateFunction(create) => return Some(function(create)),
        Statement::CreateTrigger(create) => trigger(create),
        Statement::AlterTrigger(alter) => match &alter.operation {
            AlterTriggerOperation::Rename { new_name } => format!(
                "rename trigger {}.{} to {}",
                name(&alter.table_name),
                ident(&alter.name),
                ident(new_name)
            ),
            AlterTriggerOperation::DependsOnExtension { .. } => return None,
        },
        Statement::CreatePolicy(create) => create_policy(create),
        Statement::AlterPolicy(alter) => alter_policy(alter),
        _ => return None,
    };
    Some(vec![line])
}

fn function(create: &CreateFunction) -> Vec<String> {
    let function = name(&create.name);
    let mut lines = vec![format!(
        "create function {function}{}{}{}{}",
        with("language", create.language.as_ref().map(ident)),
        with(
            "is",
            create
                .behavior
                .as_ref()
                .map(|kind| kind.to_string().to_lowercase())
        ),
        with(
            "",
            create
                .parallel
                .as_ref()
                .map(|kind| kind.to_string().to_lowercase())
        ),
        flags([
            (create.or_replace, "or replace"),
            (
                matches!(create.security, Some(FunctionSecurity::Definer)),
                "security definer"
            ),
            (
                matches!(
                    create.called_on_null,
                    Some(
                        FunctionCalledOnNull::Strict | FunctionCalledOnNull::ReturnsNullOnNullInput
                    )
                ),
                "strict"
            ),
        ])
    )];
    let parameters = create.args.iter().flatten().enumerate();
    lines.extend(parameters.map(|(n, one)| format!("parameter {function} {n}{}", parameter(one))));
    lines.extend(create.return_type.as_ref().map(|returned| match returned {
        FunctionReturnType::DataType(returned) => {
            format!("returns {function} {}", data_type(returned))
        }
        FunctionReturnType::SetOf(returned) => {
            format!("returns {function} SETOF {}", data_type(returned))
        }
    }));
    if let Some(CreateFunctionBody::Return(value)) = &create.function_body {
        lines.push(format!("value {function} {}", spelled(value)));
    }
    let settings = create.set_params.iter();
    lines.extend(settings.map(|set| format!("sets {function} {}", setting(&set.name))));
    lines
}

fn parameter(parameter: &OperateFunctionArg) -> String {
    format!(
        "{}{} {}{}",
        with(
            "",
            parameter
                .mode
                .as_ref()
                .map(|mode| mode.to_string().to_lowercase())
        ),
        with("", parameter.name.as_ref().map(ident)),
        data_type(&parameter.data_type),
        with("default", parameter.default_expr.as_ref().map(spelled)),
    )
}

fn trigger(create: &CreateTrigger) -> String {
    let period = match create.period {
        Some(TriggerPeriod::Before) => "before",
        Some(TriggerPeriod::After) => "after",
        Some(TriggerPeriod::InsteadOf) => "instead of",
        Some(TriggerPeriod::For) | None => "?",
    };
    let event = |event: &TriggerEvent| match event {
        TriggerEvent::Insert => "insert".to_owned(),
        TriggerEvent::Delete => "delete".to_owned(),
        TriggerEvent::Truncate => "truncate".to_owned(),
        TriggerEvent::Update(_) => "update".to_owned(),
    };
    let columns = create.events.iter().flat_map(|event| match event {
        TriggerEvent::Update(columns) => idents(columns),
        TriggerEvent::Insert | TriggerEvent::Delete | TriggerEvent::Truncate => Vec::new(),
    });
    let object = create.trigger_object.as_ref().map(|kind| match kind {
        TriggerObjectKind::For(object) | TriggerObjectKind::ForEach(object) => object,
    });
    let each_row = matches!(object, Some(TriggerObject::Row));
    let function = create
        .exec_body
        .as_ref()
        .map(|body| name(&body.func_desc.name));
    let when = create.characteristics.as_ref();
    let deferred = when.is_some_and(|w| w.initially == Some(DeferrableInitial::Deferred));
    let deferrable = when.is_some_and(|w| w.deferrable == Some(true));
    let transition = create.referencing.iter();
    format!(
        "create trigger {}.{} {period} {} of {} referencing {} runs {}{}{}{}",
        name(&create.table_name),
        bare(&create.name),
        list(create.events.iter().map(event)),
        list(columns),
        list(transition.map(|one| bare(&one.transition_relation_name))),
        function.unwrap_or_default(),
        with("when", create.condition.as_ref().map(spelled)),
        with("from", create.referenced_table_name.as_ref().map(name)),
        flags([
            (create.or_replace, "or replace"),
            (create.is_constraint, "constraint"),
            (each_row, "for each row"),
            (deferred || deferrable, "deferrable"),
            (deferred, "initially deferred"),
        ])
    )
}

fn create_policy(create: &CreatePolicy) -> String {
    let command = match create.command {
        None | Some(CreatePolicyCommand::All) => "all",
        Some(CreatePolicyCommand::Select) => "select",
        Some(CreatePolicyCommand::Insert) => "insert",
        Some(CreatePolicyCommand::Update) => "update",
        Some(CreatePolicyCommand::Delete) => "delete",
    };
    let restrictive = matches!(create.policy_type, Some(CreatePolicyType::Restrictive));
    format!(
        "create policy {}.{} for {command} {}{}",
        name(&create.table_name),
        ident(&create.name),
        lets(&create.to, &create.using, &create.with_check),
        flags([(restrictive, "restrictive")])
    )
}

fn lets(to: &Option<Vec<Owner>>, using: &Option<Expr>, check: &Option<Expr>) -> String {
    format!(
        "to {}{}{}",
        list(to.iter().flatten().map(role)),
        with("using", using.as_ref().map(spelled)),
        with("check", check.as_ref().map(spelled)),
    )
}

fn alter_policy(alter: &AlterPolicy) -> String {
    let policy = format!("{}.{}", name(&alter.table_name), ident(&alter.name));
    match &alter.operation {
        AlterPolicyOperation::Rename { new_name } => {
            format!("rename policy {policy} to {}", ident(new_name))
        }
        AlterPolicyOperation::Apply {
            to,
            using,
            with_check,
        } => format!("alter policy {policy} {}", lets(to, using, with_check)),
    }
}
