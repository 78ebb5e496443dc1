//! Objects that are there already.

use std::collections::BTreeSet;

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::{Message, Severity};
use crate::rules::facts::taken::{Taken, taken};
use crate::statement::{Change, CreateRoutine, RoutineParameter};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-object",
    summary: "a statement makes something that is there already",
    page: include_str!("duplicate_object.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels {
        startup: Some(Severity::Forbid),
        release: Some(Severity::Forbid),
        seed: NEVER,
        data: Some(Severity::Forbid),
    },
    check: Check::Parts(check),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let taken = taken(context).into_iter().filter(|taken| !taken.guarded);
    let found = taken.map(|taken| (taken.span.clone(), message(context, &taken)));
    found
        .chain(routine(context))
        .chain(columns(context))
        .collect()
}

fn message(context: &Context<'_>, taken: &Taken) -> Message {
    let message = Message::new(
        format!("{} is there already", taken.what),
        format!("the server refuses the statement with {}", taken.sqlstate),
        "remove the statement, or take another name",
    );
    message.with_related(taken.related(context))
}

/// A routine of the same name and the same parameters.
fn routine(context: &Context<'_>) -> Option<SpannedMessage> {
    let Change::CreateRoutine(create) = context.change() else {
        return None;
    };
    // `OUT` tells procedures apart, and only functions are told apart without it.
    let has_out = |create: &CreateRoutine| {
        let mut parameters = create.parameters.iter();
        create.procedure && parameters.any(RoutineParameter::is_output)
    };
    if create.or_replace || has_out(create) {
        return None;
    }
    let inputs = create.parameters.iter().filter(|one| !one.is_output());
    let inputs: Vec<_> = inputs.map(|one| one.data_type.clone()).collect();
    let name = &create.routine;
    let known = context
        .schema
        .routines(name)
        .iter()
        .find(|one| one.parameters == inputs)?;
    if !context.schema.is_certain(name, &known.origin) {
        return None;
    }
    let message = Message::new(
        format!("a routine {name} with these parameters is there already"),
        "the server refuses the statement with 42723",
        "write CREATE OR REPLACE if it is to take its place, or take another name",
    );
    let related = context.first_made(&known.origin, &name.to_string());
    Some((context.clause.span.clone(), message.with_related(related)))
}

/// Columns that one `CREATE TABLE` names twice.
fn columns(context: &Context<'_>) -> Vec<SpannedMessage> {
    let Change::CreateTable(create) = context.change() else {
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let again = create
        .columns
        .iter()
        .filter(|one| !seen.insert(one.name.as_str()));
    let found = again.map(|column| {
        let message = Message::new(
            format!("{} has the column `{}` twice", create.table, column.name),
            "the server refuses the statement with 42701",
            "remove one of them, or give it another name",
        );
        (column.span.clone(), message)
    });
    found.collect()
}
