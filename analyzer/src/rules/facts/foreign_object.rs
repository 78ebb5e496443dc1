//! The object that a statement creates, changes or writes to, in any schema.

use crate::check::context::Context;
use crate::statement::{Change, Mentioned, Name, ObjectKind, Persistence};

/// The object that a change creates, changes or writes to. For a schema itself the name is empty.
pub(in crate::rules) fn changed(context: &Context<'_>, change: &Change) -> Option<Name> {
    named(context, change).filter(|name| !name.is_temporary())
}

fn named(context: &Context<'_>, change: &Change) -> Option<Name> {
    let relation = change
        .table()
        .and_then(|table| context.schema.relation(table));
    if relation.is_some_and(|relation| relation.persistence == Persistence::Temporary) {
        return None;
    }
    let of = |kind: ObjectKind, name: &Name| match kind {
        ObjectKind::Schema => Some(Name {
            schema: name.name.clone(),
            name: String::new(),
        }),
        kind => (!kind.is_in_no_schema()).then(|| name.clone()),
    };
    match change {
        Change::CreateTable(create) if create.persistence == Persistence::Temporary => None,
        Change::CreateView(create) if create.persistence == Persistence::Temporary => None,
        Change::CreateRoutine(create) => Some(create.routine.clone()),
        Change::CreateType { name, .. }
        | Change::CreateDomain { name, .. }
        | Change::CreateSequence { name, .. }
        | Change::AlterSequence { name, .. }
        | Change::AlterDomain { domain: name, .. }
        | Change::AddEnumValue { name, .. }
        | Change::SetAttribute { name, .. }
        | Change::AlterRoutine { name, .. } => Some(name.clone()),
        Change::Create { kind, name, .. }
        | Change::Owner { kind, name, .. }
        | Change::SetSchema { kind, name, .. }
        | Change::Comment { kind, name, .. } => of(*kind, name),
        Change::Grant(_) => granted(context),
        // `drop-schema` and `rename-object` report those of a schema.
        Change::Drop { kind, name, .. } | Change::Rename { kind, name, .. } => {
            (!kind.is_in_no_schema()).then(|| name.clone())
        }
        change => change.table().cloned(),
    }
}

/// The first object of another schema that a GRANT is about.
pub(in crate::rules) fn granted(context: &Context<'_>) -> Option<Name> {
    let own = context.module.schema.as_str();
    let mut mentions = context.statement.mentions.iter();
    let is_object = |kind: Mentioned| match kind {
        Mentioned::Relation | Mentioned::Routine | Mentioned::Type | Mentioned::Schema => true,
        Mentioned::Parent | Mentioned::Call => false,
    };
    let other = mentions.find(|one| {
        is_object(one.kind) && one.schema.as_deref().is_some_and(|schema| schema != own)
    });
    other.map(|mention| mention.resolved(own))
}
