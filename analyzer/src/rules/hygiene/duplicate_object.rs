//! Objects that already exist.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::{Message, Severity};
use crate::rules::facts::taken::{Taken, taken};
use crate::statement::{Change, CreateRoutine, DataType, Definition, Name, RoutineParameter};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-object",
    summary: "a statement creates an object that already exists",
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
    let mut found = Vec::new();
    for taken in taken(context, false) {
        found.push((taken.span.clone(), message(context, &taken)));
    }
    found.extend(routine(context));
    found.append(&mut columns(context));
    found
}

fn message(context: &Context<'_>, taken: &Taken) -> Message {
    let message = Message::new(
        format!("{} already exists", taken.what),
        format!(
            "PostgreSQL refuses the statement: object already exists ({})",
            taken.sqlstate
        ),
        "remove the statement, or choose another name",
    );
    message.with_related(taken.related(context))
}

/// A routine of the same name with the same parameters.
fn routine(context: &Context<'_>) -> Option<SpannedMessage> {
    let (name, inputs) = new_routine(context.change())?;
    let known = context
        .schema
        .routines(name)
        .iter()
        .find(|one| one.parameters == inputs)?;
    let is_known = known.created.is_some() || known.aggregate.is_some();
    if !is_known || !context.schema.is_certain(name, &known.origin) {
        return None;
    }
    let message = Message::new(
        format!("a routine {name} with these parameters already exists"),
        "PostgreSQL refuses the statement: function already exists (42723)",
        "write CREATE OR REPLACE to replace the routine, or choose another name",
    );
    let related = context.first_made(&known.origin, &name.to_string());
    Some((context.clause.span.clone(), message.with_related(related)))
}

/// A routine that must not exist yet, with the types by which PostgreSQL knows it.
fn new_routine(change: &Change) -> Option<(&Name, Vec<DataType>)> {
    if let Change::Create {
        name,
        definition: Definition::Aggregate(aggregate),
        ..
    } = change
    {
        return (!aggregate.or_replace).then(|| (name, aggregate.types()));
    }
    let Change::CreateRoutine(create) = change else {
        return None;
    };
    // Procedures may differ in their `OUT` parameters alone, functions may not.
    let has_out = |create: &CreateRoutine| {
        let mut parameters = create.parameters.iter();
        create.procedure && parameters.any(RoutineParameter::is_output)
    };
    if create.or_replace || has_out(create) {
        return None;
    }
    let inputs = create.parameters.iter().filter(|one| !one.is_output());
    let inputs = inputs.map(|one| one.data_type.clone()).collect();
    Some((&create.routine, inputs))
}

/// Columns that one `CREATE TABLE` declares twice.
fn columns(context: &Context<'_>) -> Vec<SpannedMessage> {
    let Change::CreateTable(create) = context.change() else {
        return Vec::new();
    };
    let mut names: Vec<(&str, usize)> = Vec::with_capacity(create.columns.len());
    for (at, column) in create.columns.iter().enumerate() {
        names.push((&column.name, at));
    }
    names.sort_unstable();
    let twice = names.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    let mut again: Vec<usize> = twice.map(|pair| pair[1].1).collect();
    if again.is_empty() {
        return Vec::new();
    }
    again.sort_unstable();
    let again = again.iter().filter_map(|at| create.columns.get(*at));
    let found = again.map(|column| {
        let message = Message::new(
            format!(
                "{} declares the column `{}` twice",
                create.table, column.name
            ),
            "PostgreSQL refuses the statement: duplicate column (42701)",
            "remove one of the two columns, or give it another name",
        );
        (column.span.clone(), message)
    });
    found.collect()
}
