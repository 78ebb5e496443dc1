//! Objects and rows of other modules.

use crate::finding::Message;
use crate::rule::{Check, FORBID, Group, Levels, Rule};
use crate::scope::Scope;
use crate::statement::{Change, Mentioned, Name, ObjectKind, Persistence};

pub(super) static RULE: Rule = Rule {
    id: "foreign-schema-object",
    summary: "a module makes, changes or fills what lies in another schema than its own",
    page: include_str!("foreign_schema_object.md"),
    aliases: &[],
    group: Group::Isolation,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let own = &scope.module.schema;
    let name = changed(scope, scope.change());
    let name = name.filter(|name| name.schema != *own)?;
    let object = match name.name.as_str() {
        "" => format!("{} is another one", name.schema),
        _ => format!("{name} lies in another one"),
    };
    Some(Message::new(
        format!("this module owns the schema {own}, and {object}"),
        format!(
            "what lies in {} has an owner with a history, a lock and an order of its own: a change from \
             here is in none of them, and the two are applied in any order",
            name.schema
        ),
        format!(
            "put the object into {own}; if it belongs to {}, the change belongs into the migrations of \
             that module",
            name.schema
        ),
    ))
}

/// What a change makes, changes or fills: an object in a schema, or, without a name, a schema.
pub(super) fn changed(scope: &Scope<'_>, change: &Change) -> Option<Name> {
    let relation = change
        .table()
        .and_then(|table| scope.schema.relation(table));
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
        Change::Grant(_) => granted(scope),
        // Those of a schema have rules of their own.
        Change::Drop { kind, name, .. } | Change::Rename { kind, name, .. } => {
            (!kind.is_in_no_schema()).then(|| name.clone())
        }
        change => change.table().cloned(),
    }
}

/// The first object of another schema that a GRANT is about.
fn granted(scope: &Scope<'_>) -> Option<Name> {
    let own = scope.module.schema.as_str();
    let mut mentions = scope.statement.mentions.iter();
    let is_object = |kind: Mentioned| match kind {
        Mentioned::Relation | Mentioned::Routine | Mentioned::Type | Mentioned::Schema => true,
        Mentioned::Parent | Mentioned::Call => false,
    };
    let other = mentions.find(|one| {
        is_object(one.kind) && one.schema.as_deref().is_some_and(|schema| schema != own)
    });
    other.map(|mention| mention.resolved(own))
}
