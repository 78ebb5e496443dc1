//! Objects that a file creates and drops again.

use crate::check::context::{Context, Execution};
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
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
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Drop {
        kind,
        name,
        part: None,
        ..
    } = context.change()
    else {
        return None;
    };
    let origin = context.schema.origin(*kind, name, None)?;
    let relation = context.schema.relation(name);
    let is_temporary = relation.is_some_and(|one| one.persistence == Persistence::Temporary);
    let is_plain = context.runs == Execution::TopLevel && origin.file == context.file;
    if !is_plain || is_temporary || matches!(kind, ObjectKind::Schema | ObjectKind::Index) {
        return None;
    }
    let until = context.statement.span.start;
    let between = context
        .statements
        .iter()
        .filter(|one| one.span.start > origin.span.start && one.span.start < until);
    if { between }.any(|one| is_used(one, name)) {
        return None;
    }
    let message = Message::new(
        format!("drops the {kind} {name}, which the same file creates"),
        "the file runs as a whole, in one transaction: after it there is nothing",
        "remove both statements; if the drop is meant to undo the migration, remove it: migrations only go forward",
    );
    Some(message.with_related(context.first_made(origin, &name.to_string())))
}

/// Whether a statement reads the relation, calls the function or has a column of the type: then the object was
/// only needed for a while.
fn is_used(statement: &Statement, name: &Name) -> bool {
    let queries = statement
        .clauses
        .iter()
        .any(|clause| clause.change.runs_queries());
    let is_meant = |schema: Option<&String>, written: &str| {
        written == name.name && schema.is_none_or(|schema| *schema == name.schema)
    };
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
    reads || calls || names || runs
}
