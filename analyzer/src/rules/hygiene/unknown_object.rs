//! Names of objects that do not exist at this point of the history.

use std::ops::Range;

use crate::check::absence::{SYSTEM_COLUMNS, is_of_relations};
use crate::check::context::{Context, Execution};
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::finding::{Message, Severity};
use crate::rules::facts;
use crate::rules::facts::labels::{known_enum, named, type_of};
use crate::rules::facts::names::{absent_object, missing};
use crate::schema::Answer;
use crate::schema::resolve::Why;
use crate::statement::references::{ObjectRef, columns_of};
use crate::statement::{
    Call, Change, ColumnValue, Constraint, CreateTable, DataType, Name, ObjectKind,
};

pub(super) static RULE: Rule = Rule {
    id: "unknown-object",
    summary: "a statement names an object that does not exist when it runs",
    page: include_str!("unknown_object.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Existence(check),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let mut reported = context.absent().to_vec();
    let mut found = Vec::new();
    for one in &reported {
        found.push((place(context, one), absent(context, one)));
    }
    found.extend(wrong_kind(context));
    found.extend(facts::signature::wrong(context));
    found.append(&mut types(context));
    if let Change::CreateTable(create) = context.change() {
        for (column, message) in own_columns(context, create) {
            found.push((place(context, &column), message));
            reported.push(column);
        }
    }
    found.append(&mut names(context, &reported));
    // The names of other statements are resolved with all that they can see.
    let is_resolved =
        context.runs == Execution::TopLevel && !matches!(context.change(), Change::Opaque { .. });
    let is_asked = context.is_first() && !is_resolved;
    let calls = context.statement.calls.iter().filter(|_| is_asked);
    found.extend(calls.filter_map(|call| routine(context, call)));
    if context.is_first() && !context.statement.literals.is_empty() {
        found.append(&mut labels(context));
    }
    if found.is_empty() {
        return found;
    }
    found.dedup();
    let found = found.into_iter();
    found
        .map(|(span, message)| (span.clone(), behind(context, &span, message)))
        .collect()
}

/// A data migration that needs what a file behind it adds: neither of the two can run first.
fn behind(context: &Context<'_>, span: &Range<usize>, message: Message) -> Message {
    let name = context.text(span).rsplit('.').next().unwrap_or_default();
    let Some(source) = context.created_behind(name.trim_matches('"')) else {
        return message;
    };
    Message {
        help: format!(
            "{} adds it, but runs behind this file, because it or a file before it requires this data migration: move \
             what this migration needs into a startup migration before those",
            source.name
        ),
        ..message
    }
}

/// The names in queries and expressions, except those that are reported as references of the change.
fn names(context: &Context<'_>, reported: &[ObjectRef]) -> Vec<SpannedMessage> {
    if context.refused_names().is_empty() {
        return Vec::new();
    }
    let is_reported = |why: &Why| match why {
        Why::NoColumn { column, .. } => reported
            .iter()
            .any(|one| one.kind == ObjectKind::Column && one.part.as_ref() == Some(column)),
        Why::NoRelation { name } => reported.iter().any(|one| one.name == *name),
        Why::Ambiguous { .. }
        | Why::NoSource { .. }
        | Why::Twice { .. }
        | Why::NoFunction { .. }
        | Why::NoArity { .. }
        | Why::NoType { .. }
        | Why::NoValue { .. }
        | Why::Outside { .. }
        | Why::Form(_)
        | Why::Newer { .. } => false,
    };
    facts::names::unknown(context, |why| !is_reported(why))
}

fn place(context: &Context<'_>, one: &ObjectRef) -> Range<usize> {
    let span = one.span.as_ref();
    span.unwrap_or(&context.clause.span).clone()
}

fn absent(context: &Context<'_>, one: &ObjectRef) -> Message {
    let part = one.part.as_deref();
    let what = match part {
        Some(part) => format!("{} has no {} `{part}`", one.name, one.kind),
        None => absent_object(one.kind, &one.name),
    };
    let guess = context.schema.guess(one.kind, &one.name, part);
    missing(
        one.kind,
        what,
        &refused_with(context, one.kind),
        guess.as_deref(),
    )
}

/// `DROP TABLE` of a view and its like; `ALTER` accepts more kinds than it names.
fn wrong_kind(context: &Context<'_>) -> Option<SpannedMessage> {
    let Change::Drop {
        kind: wanted,
        name,
        part: None,
        if_exists: false,
        ..
    } = context.change()
    else {
        return None;
    };
    let kind = context.schema.kind_of(name)?;
    let alike = |kind: ObjectKind| match kind {
        ObjectKind::ForeignTable => ObjectKind::Table,
        ObjectKind::Domain => ObjectKind::Type,
        kind => kind,
    };
    let certain = context.schema.exists(kind, name, None) == Answer::Yes;
    if !certain || alike(kind) == alike(*wanted) || !is_of_relations(*wanted) {
        return None;
    }
    let message = Message::new(
        format!("{name} is a {kind}, not a {wanted}"),
        "PostgreSQL refuses the statement: wrong object type (42809)",
        format!("write `DROP {}`", kind.to_string().to_uppercase()),
    );
    let origin = context.schema.origin(kind, name, None);
    let made = origin.and_then(|origin| context.first_made(origin, &name.to_string()));
    Some((context.clause.span.clone(), message.with_related(made)))
}

/// An index counts as a relation only for RENAME, OWNER TO and COMMENT (measured).
fn refused_with(context: &Context<'_>, kind: ObjectKind) -> String {
    let is_renamed = matches!(
        context.change(),
        Change::Rename { .. } | Change::Owner { .. } | Change::Comment { .. }
    );
    let sqlstate = match kind {
        ObjectKind::Index if !is_renamed => "42704",
        ObjectKind::Column => "42703",
        ObjectKind::Function
        | ObjectKind::Procedure
        | ObjectKind::Routine
        | ObjectKind::Operator
        | ObjectKind::Aggregate => "42883",
        kind if is_of_relations(kind) => "42P01",
        _ => "42704",
    };
    format!("{kind} does not exist ({sqlstate})")
}

/// Types of the module. Built-in types need no schema, and the runner's `search_path` holds no other schema.
fn types(context: &Context<'_>) -> Vec<SpannedMessage> {
    let mut types = context.change().types();
    types.retain(|(data_type, _)| !data_type.is_built_in());
    let found = types.into_iter().filter_map(|(data_type, span)| {
        let name = own_type(context, data_type)?;
        let known = context.schema.kind_of(&name).is_some();
        if known || context.schema.exists(ObjectKind::Type, &name, None) != Answer::No {
            return None;
        }
        let guess = context.schema.guess(ObjectKind::Type, &name, None);
        let what = absent_object(ObjectKind::Type, &name);
        let refused = "type does not exist (42704)";
        let message = match facts::names::of_other_databases(&name.name) {
            Some(ours) if data_type.schema.is_none() => Message::new(
                what,
                format!(
                    "PostgreSQL refuses the statement: {refused}. Other databases have a type `{}`",
                    name.name
                ),
                format!("PostgreSQL's type for it is `{ours}`"),
            ),
            Some(_) | None => missing(ObjectKind::Type, what, refused, guess.as_deref()),
        };
        Some((span.unwrap_or(&context.clause.span).clone(), message))
    });
    found.collect()
}

fn own_type(context: &Context<'_>, data_type: &DataType) -> Option<Name> {
    // The type of `table.column%TYPE` is that of the column.
    if data_type.name.is_empty() || data_type.name.contains('%') {
        return None;
    }
    let own = &context.module.schema;
    Some(Name {
        schema: data_type.schema.as_ref().unwrap_or(own).clone(),
        name: data_type.name.clone(),
    })
}

/// The columns that a new table's constraints and generated columns name.
fn own_columns<'a>(context: &Context<'a>, create: &'a CreateTable) -> Vec<(ObjectRef, Message)> {
    let mut known: Vec<&str> = Vec::with_capacity(create.columns.len());
    for column in &create.columns {
        known.push(&column.name);
    }
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
    known.sort_unstable();
    let is_missing = |name: &str| {
        known.binary_search(&name).is_err()
            && !SYSTEM_COLUMNS.contains(&name)
            && name != create.table.name
    };
    let mut missing_names = Vec::new();
    let mut constrained = |constraint: &'a Constraint| {
        for name in columns_of(constraint) {
            if is_missing(name) {
                missing_names.push((constraint.span.clone(), name));
            }
        }
    };
    for column in &create.columns {
        column.constraints.iter().for_each(&mut constrained);
    }
    create.constraints.iter().for_each(constrained);
    for column in &create.columns {
        if let ColumnValue::Generated { expression, .. } = &column.value {
            for name in &expression.outer {
                if is_missing(name) {
                    missing_names.push((column.span.clone(), name));
                }
            }
        }
    }
    let found = missing_names.into_iter().map(|(span, name)| {
        let guess = crate::text::nearest::nearest(name, known.iter().copied());
        let what = format!("{} has no column `{name}`", create.table);
        let column = ObjectRef {
            span: Some(span),
            ..ObjectRef::part(ObjectKind::Column, &create.table, name)
        };
        let message = missing(
            ObjectKind::Column,
            what,
            "column does not exist (42703)",
            guess,
        );
        (column, message)
    });
    found.collect()
}

/// Strings that are read as labels of an enum type, and are none of its labels.
fn labels(context: &Context<'_>) -> Vec<SpannedMessage> {
    let literals = context.statement.literals.iter();
    let found = literals.filter_map(|literal| {
        let data_type = type_of(context, context.statement, literal)?;
        let (name, known) = known_enum(context, &data_type)?;
        let is_missing = |label: &&str| known.labels().iter().all(|one| one != label);
        let label = named(literal, &data_type).into_iter().find(is_missing)?;
        let labels = known.labels().iter().map(String::as_str);
        let guess = crate::text::nearest::nearest(label, labels);
        let guess = guess.map(|guess| format!("did you mean `{guess}`? If not, "));
        let message = Message::new(
            format!("the type {name} has no label `{label}`"),
            "PostgreSQL refuses the statement: invalid input value for enum (22P02)",
            format!(
                "{}add the label with `ALTER TYPE {name} ADD VALUE` in an earlier file",
                guess.unwrap_or_default()
            ),
        );
        Some((literal.span.clone(), message))
    });
    found.collect()
}

/// A call of a function of the module.
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
    let message = missing(
        ObjectKind::Function,
        absent_object(ObjectKind::Function, &name),
        "function does not exist (42883)",
        guess.as_deref(),
    );
    Some((call.span.clone(), message))
}
