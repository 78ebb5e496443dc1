//! Objects and columns that a file creates and drops again.

use crate::check::context::{Context, Execution};
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::schema::Origin;
use crate::statement::{Change, Mentioned, Name, ObjectKind, Persistence, Statement};

pub(super) static RULE: Rule = Rule {
    id: "dropped-in-same-file",
    summary: "a file drops what it has created, without using it in between",
    page: include_str!("dropped_in_same_file.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::Drop, Subject::DropColumn], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (name, what, origin) = dropped(context)?;
    if context.runs != Execution::TopLevel || origin.file != context.file {
        return None;
    }
    let until = context.statement.span.start;
    let mut between = context
        .statements
        .iter()
        .filter(|one| one.span.start > origin.span.end && one.span.start < until);
    let is_column = matches!(context.change(), Change::DropColumn { .. });
    if between.any(|one| is_used(one, name, is_column)) {
        return None;
    }
    let message = Message::new(
        format!("drops the {what}, which the same file creates"),
        "the file runs as a whole, in one transaction: after it there is nothing",
        "remove both statements; if the drop is meant to undo the migration, remove it: migrations only go forward",
    );
    Some(message.with_related(context.first_made(origin, &what)))
}

/// What the clause drops, as text and with the place that creates it; a column of a table counts if the table is
/// older.
fn dropped<'a>(context: &Context<'a>) -> Option<(&'a Name, String, &'a Origin)> {
    match context.change() {
        Change::Drop {
            kind,
            name,
            part: None,
            ..
        } => {
            let relation = context.schema.relation(name);
            let is_temporary =
                relation.is_some_and(|one| one.persistence == Persistence::Temporary);
            let is_temporary = is_temporary || name.schema == "pg_temp";
            let is_asked = !is_temporary && !matches!(kind, ObjectKind::Schema | ObjectKind::Index);
            let origin = context.schema.origin(*kind, name, None);
            Some((name, format!("{kind} {name}"), origin.filter(|_| is_asked)?))
        }
        Change::DropColumn { table, column, .. } if context.is_old_table(table) => {
            let origin = context
                .schema
                .origin(ObjectKind::Column, table, Some(column))?;
            Some((table, format!("column {table}.{column}"), origin))
        }
        _ => None,
    }
}

/// Whether a statement reads the relation, calls the function, has a column of the type or fills the column: then
/// the object was only needed for a while.
fn is_used(statement: &Statement, name: &Name, is_column: bool) -> bool {
    let queries = statement
        .clauses
        .iter()
        .any(|clause| clause.change.runs_queries());
    let is_meant = |schema: Option<&String>, written: &str| {
        written == name.name && schema.is_none_or(|schema| *schema == name.schema)
    };
    let writes = is_column && { statement.clauses.iter() }
        .any(|clause| clause.change.is_dml() && clause.change.table() == Some(name));
    let reads = { statement.uses.iter() }.any(|one| queries && one.relation == *name);
    let calls = { statement.calls.iter() }.any(|call| is_meant(call.schema.as_ref(), &call.name));
    let names = statement.mentions.iter().any(|one| {
        queries && one.kind == Mentioned::Type && is_meant(one.schema.as_ref(), &one.name)
    });
    let runs = statement.clauses.iter().any(|clause| match &clause.change {
        Change::Do { .. } | Change::Opaque { .. } => true,
        change => change
            .types()
            .iter()
            .any(|(data_type, _)| data_type.is_named(name)),
    });
    reads || writes || calls || names || runs
}
