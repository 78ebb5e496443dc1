//! Names that nothing has at this point of the history.

use std::collections::BTreeSet;

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::finding::{Message, Severity};
use crate::schema::Answer;
use crate::statement::references::{ObjectRef, columns_of};
use crate::statement::{Call, Change, ColumnValue, CreateTable, DataType, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "unknown-object",
    summary: "a statement names something that does not exist when it runs",
    page: include_str!("unknown_object.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Parts(check),
};

/// Columns that every table has.
const SYSTEM_COLUMNS: [&str; 6] = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

/// Trigger functions of PostgreSQL's own that are written without their schema.
const BUILT_IN: [&str; 3] = [
    "suppress_redundant_updates_trigger",
    "tsvector_update_trigger",
    "tsvector_update_trigger_column",
];

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let mut absent = BTreeSet::new();
    let mut found = Vec::new();
    if is_noop(context) || is_of_domain(context) {
        return found;
    }
    for need in context.change().references() {
        if absent.contains(&need.name) || is_beside_the_question(context, &need) {
            continue;
        }
        let problem = problem(context, &need);
        if problem.is_some() && need.part.is_none() {
            absent.insert(need.name.clone());
        }
        // A part of what is no table, such as a domain, is not judged.
        let is_whole = need.part.is_none();
        if is_whole && context.schema.relation(&need.name).is_none() {
            absent.insert(need.name.clone());
        }
        let span = need
            .span
            .clone()
            .unwrap_or_else(|| context.clause.span.clone());
        found.extend(problem.map(|message| (span, message)));
    }
    found.extend(types(context));
    if let Change::CreateTable(create) = context.change() {
        found.extend(own_columns(context, create));
    }
    let is_first = context.is_first();
    let calls = context.statement.calls.iter().filter(|_| is_first);
    found.extend(calls.filter_map(|call| routine(context, call)));
    found.dedup();
    found
}

/// Whether this is about a domain's constraint: our words hold the domain where a table's name is.
fn is_of_domain(context: &Context<'_>) -> bool {
    let (Change::AddConstraint { table, .. }
    | Change::ValidateConstraint { table, .. }
    | Change::Drop {
        kind: ObjectKind::Constraint,
        name: table,
        ..
    }) = context.change()
    else {
        return false;
    };
    context.schema.type_of(table).is_some()
}

/// Whether the statement does nothing because of its `IF EXISTS` or `IF NOT EXISTS`.
fn is_noop(context: &Context<'_>) -> bool {
    let made = context.change().creates();
    let guarded = made.iter().filter(|made| made.guarded);
    let mut there = guarded.map(|made| match &made.part {
        Some(part) => context.schema.exists(made.kind, &made.name, Some(part)) != Answer::No,
        None => context.schema.kind_of(&made.name).is_some(),
    });
    let missing = |name: &Name| context.schema.kind_of(name).is_none();
    there.any(|there| there)
        || context.statement.if_exists && context.change().table().is_some_and(missing)
}

/// Guarded, of PostgreSQL's own, or made or dropped by the same statement, whose actions have an order
/// of their own.
fn is_beside_the_question(context: &Context<'_>, need: &ObjectRef) -> bool {
    let of_catalogue = need.name.name.starts_with("pg_") || BUILT_IN.contains(&&*need.name.name);
    let of_every_table = need.kind == ObjectKind::Column
        && need
            .part
            .as_deref()
            .is_some_and(|part| SYSTEM_COLUMNS.contains(&part) || part == need.name.name);
    let is_named = |made: &ObjectRef| made.name == need.name && made.part == need.part;
    need.guarded
        || of_catalogue
        || of_every_table
        || need.part.is_some()
            && context
                .others()
                .any(|other| other.change.creates().iter().any(is_named))
}

/// What is wrong with a name, if it is certain.
fn problem(context: &Context<'_>, need: &ObjectRef) -> Option<Message> {
    let schema = context.schema;
    let part = need.part.as_deref();
    let is_whole = part.is_none();
    if is_whole && let Some(kind) = schema.kind_of(&need.name) {
        return wrong_kind(context, need, kind);
    }
    if schema.exists(need.kind, &need.name, part) != Answer::No || !is_followed(need.kind) {
        return None;
    }
    let what = match part {
        Some(part) => format!("{} has no {} `{part}`", need.name, need.kind),
        None => format!("there is no {} {}", need.kind, need.name),
    };
    let guess = schema.guess(need.kind, &need.name, part);
    Some(missing(what, sqlstate(context, need.kind), guess))
}

fn missing(what: String, sqlstate: &str, guess: Option<String>) -> Message {
    let guess = guess.map(|guess| format!("did you mean `{guess}`? "));
    Message::new(
        what,
        format!(
            "the server refuses the statement with {sqlstate}: of the files that run before, none \
             makes it, or one has dropped or renamed it"
        ),
        format!(
            "{}a new database is built from these files alone; make it before, or, if something \
             else makes it on every server, say so: `-- onward: external <schema>.<name>`",
            guess.unwrap_or_default()
        ),
    )
}

/// `DROP TABLE` of a view and its like; `ALTER` takes more than it says.
fn wrong_kind(context: &Context<'_>, need: &ObjectRef, kind: ObjectKind) -> Option<Message> {
    let Change::Drop { part: None, .. } = context.change() else {
        return None;
    };
    let alike = |kind: ObjectKind| match kind {
        ObjectKind::ForeignTable => ObjectKind::Table,
        ObjectKind::Domain => ObjectKind::Type,
        kind => kind,
    };
    let certain = context.schema.exists(kind, &need.name, None) == Answer::Yes;
    if !certain || alike(kind) == alike(need.kind) || !is_of_relations(need.kind) {
        return None;
    }
    let message = Message::new(
        format!("{} is a {kind} and no {}", need.name, need.kind),
        "the server refuses the statement with 42809",
        format!("write `DROP {}`", kind.to_string().to_uppercase()),
    );
    let origin = context.schema.origin(kind, &need.name, None);
    let made = origin.and_then(|origin| context.first_made(origin, &need.name.to_string()));
    Some(message.with_related(made))
}

/// Whether the model follows objects of this kind from their making to their end.
const fn is_followed(kind: ObjectKind) -> bool {
    is_of_relations(kind)
        || matches!(
            kind,
            ObjectKind::Type
                | ObjectKind::Domain
                | ObjectKind::Function
                | ObjectKind::Procedure
                | ObjectKind::Routine
                | ObjectKind::Aggregate
                | ObjectKind::Column
                | ObjectKind::Constraint
                | ObjectKind::Trigger
                | ObjectKind::Policy
                | ObjectKind::Rule
        )
}

const fn is_of_relations(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence
    )
}

/// An index is a relation only for who renames it, gives it away or comments on it (measured).
fn sqlstate(context: &Context<'_>, kind: ObjectKind) -> &'static str {
    let is_renamed = matches!(
        context.change(),
        Change::Rename { .. } | Change::Owner { .. } | Change::Comment { .. }
    );
    match kind {
        ObjectKind::Index if !is_renamed => "42704",
        ObjectKind::Column => "42703",
        ObjectKind::Function
        | ObjectKind::Procedure
        | ObjectKind::Routine
        | ObjectKind::Aggregate => "42883",
        kind if is_of_relations(kind) => "42P01",
        _ => "42704",
    }
}

/// Types of the module's own; what is built in needs no schema, and nothing else is on the runner's
/// `search_path`.
fn types(context: &Context<'_>) -> Vec<SpannedMessage> {
    let types = context.change().types().into_iter();
    let found = types.filter_map(|(data_type, span)| {
        let name = own_type(context, data_type)?;
        let known = context.schema.kind_of(&name).is_some();
        if known || context.schema.exists(ObjectKind::Type, &name, None) != Answer::No {
            return None;
        }
        let guess = context.schema.guess(ObjectKind::Type, &name, None);
        let message = missing(format!("there is no type {name}"), "42704", guess);
        Some((span.unwrap_or_else(|| context.clause.span.clone()), message))
    });
    found.collect()
}

fn own_type(context: &Context<'_>, data_type: &DataType) -> Option<Name> {
    // `table.column%TYPE` is as it is written.
    if data_type.is_built_in() || data_type.name.is_empty() || data_type.name.contains('%') {
        return None;
    }
    let own = &context.module.schema;
    Some(Name {
        schema: data_type.schema.as_ref().unwrap_or(own).clone(),
        name: data_type.name.clone(),
    })
}

/// The columns that a new table's constraints and generated columns speak of.
fn own_columns(context: &Context<'_>, create: &CreateTable) -> Vec<SpannedMessage> {
    let mut known: BTreeSet<&str> = create.columns.iter().map(|one| one.name.as_str()).collect();
    let others = create.like.iter().map(|(like, _)| like);
    let others = others.chain(&create.inherits);
    for other in others.chain(create.partition_of.iter().map(|(of, _)| of)) {
        let whole = context.schema.exists(ObjectKind::Table, other, None) == Answer::Yes;
        match context
            .schema
            .relation(other)
            .filter(|other| whole && other.columns_known)
        {
            Some(other) => known.extend(other.columns.iter().map(|one| one.name.as_str())),
            None => return Vec::new(),
        }
    }
    if create.of_type.is_some() || create.from_query {
        return Vec::new();
    }
    let is_missing = |name: &&str| {
        !known.contains(name) && !SYSTEM_COLUMNS.contains(name) && *name != create.table.name
    };
    let inside = create.columns.iter().flat_map(|column| &column.constraints);
    let constraints = inside.chain(&create.constraints).flat_map(|constraint| {
        let names = columns_of(constraint).into_iter().filter(is_missing);
        names.map(|name| (constraint.span.clone(), name))
    });
    let generated = create.columns.iter().flat_map(|column| {
        let expression = match &column.value {
            ColumnValue::Generated { expression, .. } => Some(expression),
            ColumnValue::None
            | ColumnValue::Default(_)
            | ColumnValue::Serial
            | ColumnValue::Identity(_) => None,
        };
        let names = expression.into_iter().flat_map(|value| &value.outer);
        let names = names.map(String::as_str).filter(is_missing);
        names.map(|name| (column.span.clone(), name))
    });
    let found = constraints.chain(generated).map(|(span, name)| {
        let guess = crate::text::nearest::nearest(name, known.iter().copied());
        let what = format!("{} has no column `{name}`", create.table);
        (span, missing(what, "42703", guess.map(str::to_owned)))
    });
    found.collect()
}

/// A function of the module's own that is called.
fn routine(context: &Context<'_>, call: &Call) -> Option<SpannedMessage> {
    let name = Name {
        schema: call.schema.clone()?,
        name: call.name.clone(),
    };
    // `app.mood('calm')` is a cast, and `app.f` may be an aggregate.
    let is_type = context.schema.type_of(&name).is_some();
    if is_type || context.schema.exists(ObjectKind::Function, &name, None) != Answer::No {
        return None;
    }
    let guess = context.schema.guess(ObjectKind::Function, &name, None);
    let message = missing(format!("there is no function {name}"), "42883", guess);
    Some((call.span.clone(), message))
}
