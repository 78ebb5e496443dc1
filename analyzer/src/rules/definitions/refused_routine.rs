//! Functions and procedures whose declaration contradicts itself.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::statement::{Change, CreateRoutine, DataType, ParameterMode};

pub(super) static RULE: Rule = Rule {
    id: "refused-routine",
    summary: "the declaration of a function or procedure contradicts itself",
    page: include_str!("refused_routine.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::CreateRoutine], &Check::Parts(check)),
};

/// PostgreSQL's reason, and what to do.
type Reason = (&'static str, &'static str);

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let Change::CreateRoutine(create) = context.change() else {
        return Vec::new();
    };
    let reason = language(create)
        .or_else(|| names(create))
        .or_else(|| defaults(create))
        .or_else(|| result(create))
        .or_else(|| returned(create));
    let found = reason.map(|(why, help)| {
        let kind = if create.procedure {
            "procedure"
        } else {
            "function"
        };
        let what = format!("the declaration of the {kind} {} is wrong", create.routine);
        refused(&context.clause.span, what, why, help)
    });
    found.into_iter().collect()
}

fn language(create: &CreateRoutine) -> Option<Reason> {
    let is_written = create.language.is_some() || create.resolved || create.returned.is_some();
    (!is_written).then_some((
        "no language specified (42P13)",
        "write LANGUAGE sql or LANGUAGE plpgsql",
    ))
}

fn is_input(mode: Option<ParameterMode>) -> bool {
    mode != Some(ParameterMode::Out)
}

fn is_output(mode: Option<ParameterMode>) -> bool {
    matches!(mode, Some(ParameterMode::Out | ParameterMode::InOut))
}

/// Parameters of the same name; an input may have the name of an output.
fn names(create: &CreateRoutine) -> Option<Reason> {
    let columns = create.returns_table.iter();
    let columns = columns.map(|column| (Some(column.name.as_str()), Some(ParameterMode::Out)));
    let all = create.parameters.iter();
    let all = all.map(|one| (one.name.as_deref(), one.mode));
    let all: Vec<(Option<&str>, Option<ParameterMode>)> = all.chain(columns).collect();
    let mut numbered = all.iter().enumerate();
    let is_again = numbered.any(|(at, (name, mode))| {
        let clashes = |(other, of): &(Option<&str>, Option<ParameterMode>)| {
            let both = is_input(*mode) && is_input(*of) || is_output(*mode) && is_output(*of);
            both && other == name
        };
        name.is_some() && all.iter().take(at).any(clashes)
    });
    is_again.then_some((
        "parameter name used more than once (42P13)",
        "give one of the parameters another name",
    ))
}

fn defaults(create: &CreateRoutine) -> Option<Reason> {
    let inputs = create.parameters.iter().filter(|one| is_input(one.mode));
    let inputs = inputs.filter(|one| one.mode != Some(ParameterMode::Variadic));
    let mut behind = inputs.skip_while(|one| one.default.is_none());
    behind.any(|one| one.default.is_none()).then_some((
        "input parameters after one with a default value must also have defaults (42P13)",
        "move the parameters with a default to the end",
    ))
}

/// `RETURN` with a value, in PL/pgSQL.
fn returned(create: &CreateRoutine) -> Option<Reason> {
    let is_read = create.language.as_deref() == Some("plpgsql");
    let body = create.body.as_ref().filter(|_| is_read)?;
    let is_void = { create.returns.iter() }.any(|it| it.name == "void" && !it.set);
    let has_outputs = create.parameters.iter().any(|one| is_output(one.mode));
    (body.returns_value && (is_void || create.procedure || has_outputs)).then_some((
        "RETURN cannot have a parameter here (42804)",
        "write RETURN without a value; the results of OUT parameters are what they are set to",
    ))
}

/// `RETURNS` beside `OUT` parameters.
fn result(create: &CreateRoutine) -> Option<Reason> {
    let outputs = || create.parameters.iter().filter(|one| is_output(one.mode));
    if create.procedure {
        return (create.returns.is_some() || !create.returns_table.is_empty()).then_some((
            "a procedure has no RETURNS: syntax error (42601)",
            "write CREATE FUNCTION, or give the procedure an OUT parameter",
        ));
    }
    let Some(returns) = &create.returns else {
        let is_open = outputs().next().is_none() && create.returns_table.is_empty();
        return is_open.then_some((
            "function result type must be specified (42P13)",
            "write RETURNS with a type, or RETURNS void",
        ));
    };
    let is = |name: &str| returns.name == name && !returns.array;
    let bare = |one: &DataType| DataType {
        modifiers: Vec::new(),
        set: false,
        ..one.clone()
    };
    let is_open = |one: &DataType| one.name.contains('%') || one.schema.is_some();
    let mut outputs_known = outputs();
    let fits = match (outputs_known.next(), outputs_known.next()) {
        (None, _) => true,
        (Some(only), None) => {
            is_open(&only.data_type)
                || is_open(returns)
                || !returns.is_built_in()
                || bare(&only.data_type) == bare(returns)
        }
        (Some(_), Some(_)) => is("record"),
    };
    (!fits).then_some((
        "function result type must be that of its OUT parameters (42P13)",
        "leave out RETURNS: the OUT parameters say what the function returns",
    ))
}
