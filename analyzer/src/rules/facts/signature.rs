//! A function or procedure that is named with arguments that none of its name has.

use crate::check::context::Context;
use crate::check::rule::SpannedMessage;
use crate::rules::facts::refusal::refused;
use crate::schema::{Answer, Routine};
use crate::statement::{Change, DataType, Name, ObjectKind, Privileged};

/// What is wrong with the name of a routine that exists.
pub(in crate::rules) fn wrong(context: &Context<'_>) -> Option<SpannedMessage> {
    let (kind, name) = named(context.change())?;
    let overloads = context.schema.routines(name);
    let is_certain = context.schema.exists(ObjectKind::Function, name, None) == Answer::Yes;
    let known = overloads.iter().all(|one| one.created.is_some());
    if overloads.is_empty() || !is_certain || !known {
        return None;
    }
    let span = &context.clause.span;
    let is_copied = |one: &DataType| one.name.contains('%');
    match &context.clause.arguments {
        None => (overloads.len() > 1 && is_chosen(kind, overloads)).then(|| {
            refused(
                span,
                format!(
                    "there are {} routines with the name {name}",
                    overloads.len()
                ),
                format!("{kind} name is not unique (42725)"),
                format!(
                    "write the types of its arguments: `{name}({})`",
                    shown(overloads)
                ),
            )
        }),
        Some(types) if types.iter().any(is_copied) => None,
        Some(types) => match context.schema.overload(name, types) {
            None => {
                let types: Vec<String> = types.iter().map(ToString::to_string).collect();
                Some(refused(
                    span,
                    format!("there is no {kind} {name}({})", types.join(", ")),
                    format!(
                        "{kind} does not exist (42883): there is one of this name with other arguments"
                    ),
                    format!(
                        "write the types of its arguments: `{name}({})`",
                        shown(overloads)
                    ),
                ))
            }
            Some(at) => {
                let is_other = overloads.get(at).is_some_and(|one| !is_of(kind, one));
                is_other.then(|| {
                    refused(
                        span,
                        format!("{name} is not a {kind}"),
                        "wrong object type (42809)",
                        "write FUNCTION for a function, PROCEDURE for a procedure, and ROUTINE for both",
                    )
                })
            }
        },
    }
}

/// Whether more than one routine is of this kind.
fn is_chosen(kind: ObjectKind, overloads: &[Routine]) -> bool {
    overloads.iter().filter(|one| is_of(kind, one)).count() > 1
}

fn is_of(kind: ObjectKind, one: &Routine) -> bool {
    match kind {
        ObjectKind::Procedure => one.procedure,
        ObjectKind::Function => !one.procedure,
        _ => true,
    }
}

fn shown(overloads: &[Routine]) -> String {
    let first = overloads.first();
    let types = first.map(|one| one.parameters.iter().map(ToString::to_string));
    let types: Vec<String> = types.into_iter().flatten().collect();
    types.join(", ")
}

/// The routine that a clause changes, drops, or is about.
fn named(change: &Change) -> Option<(ObjectKind, &Name)> {
    let (kind, name) = match change {
        Change::Drop {
            kind,
            name,
            part: None,
            if_exists: false,
            ..
        }
        | Change::Rename {
            kind,
            name,
            part: None,
            ..
        }
        | Change::Comment {
            kind,
            name,
            part: None,
            ..
        }
        | Change::AlterRoutine { kind, name, .. }
        | Change::Owner { kind, name, .. }
        | Change::SetSchema { kind, name, .. } => (*kind, name),
        Change::Grant(grant) => match &grant.on {
            Privileged::Objects { kind, names } => {
                (*kind, names.first().filter(|_| names.len() == 1)?)
            }
            Privileged::AllIn { .. } | Privileged::Future { .. } | Privileged::Roles => {
                return None;
            }
        },
        _ => return None,
    };
    let is_routine = matches!(
        kind,
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine
    );
    is_routine.then_some((kind, name))
}
