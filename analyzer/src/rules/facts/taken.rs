//! Names of new objects that an existing object already has.

use std::ops::Range;

use crate::check::context::Context;
use crate::finding::Place;
use crate::schema::ConstraintKind as Known;
use crate::schema::{Answer, Origin};
use crate::statement::references::ObjectRef;
use crate::statement::{Change, ConstraintKind, ObjectKind};

/// A name that is in use already.
pub(in crate::rules) struct Taken {
    /// The existing object, in words.
    pub(in crate::rules) what: String,
    pub(in crate::rules) sqlstate: &'static str,
    pub(in crate::rules) span: Range<usize>,
    origin: Option<Origin>,
}

impl Taken {
    pub(in crate::rules) fn related(&self, context: &Context<'_>) -> Option<(Place, String)> {
        context.first_made(self.origin.as_ref()?, &self.what)
    }
}

/// The objects that the statement creates with or without `IF NOT EXISTS`, and that certainly exist already.
pub(in crate::rules) fn taken(context: &Context<'_>, guarded: bool) -> Vec<Taken> {
    let mut found = Vec::new();
    for made in context.created() {
        if made.guarded == guarded
            && let Some(taken) = one(context, made)
        {
            found.push(taken);
        }
    }
    found
}

fn one(context: &Context<'_>, made: &ObjectRef) -> Option<Taken> {
    let part = made.part.as_deref();
    let kind = match part {
        Some(_) => made.kind,
        None if is_in_schema(made.kind) => context.schema.kind_of(&made.name).unwrap_or(made.kind),
        None => made.kind,
    };
    if context.schema.exists(kind, &made.name, part) != Answer::Yes
        || !collides(made.kind, kind)
        || is_dropped(context, made)
        || is_label(context, made) == Some(false)
        || is_the_same(context, made)
    {
        return None;
    }
    let what = match part {
        Some(part) => format!("the {kind} `{part}` of {}", made.name),
        None => format!("the {kind} {}", kind.show(&made.name)),
    };
    Some(Taken {
        what,
        sqlstate: sqlstate(made.kind, kind),
        span: made
            .span
            .clone()
            .unwrap_or_else(|| context.clause.span.clone()),
        origin: context.schema.origin(kind, &made.name, part).cloned(),
    })
}

/// Whether objects of this kind share their names with relations and types.
const fn is_in_schema(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence
            | ObjectKind::Type
            | ObjectKind::Domain
    )
}

/// Whether two objects of these kinds cannot have the same name. Every table or view has a type of its
/// name, an index or a sequence has none.
const fn collides(new: ObjectKind, old: ObjectKind) -> bool {
    !is_apart(new, old) && !is_apart(old, new)
}

const fn is_apart(one: ObjectKind, other: ObjectKind) -> bool {
    matches!(one, ObjectKind::Index | ObjectKind::Sequence)
        && matches!(other, ObjectKind::Domain | ObjectKind::Type)
}

/// Whether the type has this label or attribute; `None` for other kinds. The model keeps labels and
/// attributes in their type.
fn is_label(context: &Context<'_>, made: &ObjectRef) -> Option<bool> {
    let part = made.part.as_ref()?;
    let known = context.schema.type_of(&made.name);
    match made.kind {
        ObjectKind::EnumValue => Some(known.is_some_and(|known| known.labels().contains(part))),
        ObjectKind::Attribute => Some(known.is_some_and(|known| known.has_attribute(part))),
        _ => None,
    }
}

/// Whether the clause adds a `NOT NULL` that the column has under the same name: PostgreSQL keeps it.
fn is_the_same(context: &Context<'_>, made: &ObjectRef) -> bool {
    let Change::AddConstraint { table, constraint } = context.change() else {
        return false;
    };
    let ConstraintKind::NotNull { column } = &constraint.kind else {
        return false;
    };
    let Some(relation) = context.schema.relation(table) else {
        return false;
    };
    let id = relation.column(column).map(|column| column.id);
    relation.constraints.iter().any(|one| {
        one.kind == Known::NotNull
            && made.part.as_ref() == Some(&one.name)
            && id.is_some_and(|id| one.columns.contains(&id))
    })
}

/// Whether another clause of the statement drops it: PostgreSQL runs the drops of a statement first.
fn is_dropped(context: &Context<'_>, made: &ObjectRef) -> bool {
    context.others().any(|clause| match &clause.change {
        Change::DropColumn { table, column, .. } => {
            *table == made.name && made.part.as_ref() == Some(column)
        }
        Change::Drop { name, part, .. } => *name == made.name && *part == made.part,
        _ => false,
    })
}

const fn sqlstate(new: ObjectKind, old: ObjectKind) -> &'static str {
    match (new, old) {
        (ObjectKind::Column | ObjectKind::Attribute, _) => "42701",
        (ObjectKind::Schema, _) => "42P06",
        (
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence,
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence,
        ) => "42P07",
        (_, _) => "42710",
    }
}
