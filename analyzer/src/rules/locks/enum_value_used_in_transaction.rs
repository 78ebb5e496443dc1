//! Enum labels that are used before they are committed.

use std::ops::Range;

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::labels::type_of;
use crate::statement::{
    Body, Change, Column, DataType, Literal, Meets, Name, ObjectKind, Statement,
};

pub(super) static RULE: Rule = Rule {
    id: "enum-value-used-in-transaction",
    summary: "uses a new enum label in the file that adds it, which PostgreSQL refuses",
    page: include_str!("enum_value_used_in_transaction.md"),
    aliases: &["enum-value-used", "unsafe_enum_value"],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Always(&Check::Of(&[Subject::AddEnumValue], &Check::Parts(check))),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let Change::AddEnumValue { name, value, .. } = context.change() else {
        return Vec::new();
    };
    let known = context.schema.type_of(name);
    let is_there = known.is_some_and(|known| known.labels().contains(value));
    // Measured: PostgreSQL 17 allows it if the same transaction creates the type.
    let may_use = context.min_pg >= 17 && context.is_new(ObjectKind::Type, name, None);
    if is_there || may_use {
        return Vec::new();
    }
    let later = context.statements.iter();
    let mut later =
        later.skip_while(|statement| statement.span.start <= context.statement.span.start);
    let used = later.find_map(|statement| {
        let is_about = speaks_of(context, statement, name);
        is_about
            .then(|| used(context, statement, name, value))
            .flatten()
    });
    let place = used.map(|span| (span, message(name, value)));
    place.into_iter().collect()
}

fn message(name: &Name, value: &str) -> Message {
    Message::new(
        format!("uses the label '{value}' of {name}, which the same file adds"),
        "until the transaction that adds the label is committed, every use of it fails: unsafe use of \
         new value \
         of enum type (55P04)",
        "keep ALTER TYPE ... ADD VALUE in this file, and move every statement that uses the label into \
         the next file",
    )
}

/// Where the label occurs as a string in the part of the statement that runs with it.
fn used(
    context: &Context<'_>,
    statement: &Statement,
    name: &Name,
    value: &str,
) -> Option<Range<usize>> {
    let outer = statement;
    let is_label = |statement: &Statement, literal: &Literal| {
        let of = type_of(context, statement, literal).or_else(|| parameter(outer, literal));
        let is_of = |of: &DataType| context.is_type(of, name);
        holds(&literal.value, value) && of.as_ref().is_none_or(is_of)
    };
    let find = |statement: &Statement| {
        let mut literals = statement.literals.iter();
        let found = literals.find(|literal| is_label(statement, literal));
        found.map(|literal| literal.span.clone())
    };
    match runs(statement)? {
        Run::Statement => find(statement),
        Run::Body(body) => {
            let inner = &body.statements;
            // Such as the condition of an IF.
            let is_outside = |literal: &&Literal| {
                let at = literal.span.start;
                !inner.iter().any(|one| one.span.contains(&at))
            };
            let mut others = body.literals.iter().filter(is_outside);
            let mut other = || others.find(|one| is_label(statement, one));
            find(statement)
                .or_else(|| inner.iter().find_map(find))
                .or_else(|| other().map(|one| one.span.clone()))
        }
    }
}

/// The type of the parameter that a string in the body of a routine is compared with.
fn parameter(statement: &Statement, literal: &Literal) -> Option<DataType> {
    let Meets::Column(name) = &literal.meets else {
        return None;
    };
    let routines = statement
        .clauses
        .iter()
        .filter_map(|clause| match &clause.change {
            Change::CreateRoutine(routine) => Some(&routine.parameters),
            _ => None,
        });
    let mut parameters = routines.flatten();
    let named = parameters.find(|one| one.name.as_ref() == Some(name))?;
    Some(named.data_type.clone())
}

/// Whether the string is the label, or an array with the label.
fn holds(literal: &str, label: &str) -> bool {
    let array = literal
        .strip_prefix('{')
        .and_then(|inner| inner.strip_suffix('}'));
    let mut items = array.into_iter().flat_map(|inner| inner.split(','));
    literal == label || items.any(|item| item.trim().trim_matches('"') == label)
}

/// What PostgreSQL evaluates when a statement runs.
enum Run<'a> {
    Statement,
    Body(&'a Body),
}

/// PostgreSQL checks the body of a PL/pgSQL function when the function is called, that of an SQL
/// function when it is created.
fn runs(statement: &Statement) -> Option<Run<'_>> {
    let change = &statement.clauses.first()?.change;
    match change {
        Change::AddEnumValue { .. } | Change::Comment { .. } => None,
        Change::CreateRoutine(routine) if routine.language.as_deref() == Some("plpgsql") => None,
        change => Some(change.body().map_or(Run::Statement, Run::Body)),
    }
}

/// Whether the statement names the type, or a table with a column of it, and evaluates values when it
/// runs.
fn speaks_of(context: &Context<'_>, statement: &Statement, name: &Name) -> bool {
    let Some(run) = runs(statement) else {
        return false;
    };
    let own = &context.module.schema;
    let names = |name: &Name| match run {
        Run::Statement => {
            let mut mentions = statement.mentions.iter();
            mentions.any(|mention| mention.resolved(own) == *name)
        }
        // The type of a parameter stands before the body.
        Run::Body(body) => {
            let mut mentions = statement.mentions.iter();
            body.words.contains(&name.name)
                || mentions.any(|mention| mention.resolved(own) == *name)
        }
    };
    let is = |column: &Column| context.is_type(&column.data_type, name);
    let old = context.columns_of_type(name);
    let clauses = context
        .statements
        .iter()
        .flat_map(|statement| &statement.clauses);
    let new = clauses.filter_map(|clause| match &clause.change {
        Change::CreateTable(create) if create.columns.iter().any(is) => Some(&create.table),
        Change::AddColumn { table, column, .. } if is(column) => Some(table),
        _ => None,
    });
    let mut tables = old.map(|(relation, _)| &relation.name).chain(new);
    names(name) || tables.any(names)
}
