//! Names that nothing has at this point of the history.

use std::collections::BTreeSet;

use crate::finding::{Message, Severity};
use crate::needs::{Need, columns_of};
use crate::rule::{Check, Group, Levels, Placed, Rule};
use crate::schema::Answer;
use crate::scope::Scope;
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

fn check(scope: &Scope<'_>) -> Vec<Placed> {
    let mut absent = BTreeSet::new();
    let mut found = Vec::new();
    if is_noop(scope) || is_of_domain(scope) {
        return found;
    }
    for need in scope.change().needs() {
        if absent.contains(&need.name) || is_beside_the_question(scope, &need) {
            continue;
        }
        let problem = problem(scope, &need);
        if problem.is_some() && need.part.is_none() {
            absent.insert(need.name.clone());
        }
        // A part of what is no table, such as a domain, is not judged.
        let is_whole = need.part.is_none();
        if is_whole && scope.schema.relation(&need.name).is_none() {
            absent.insert(need.name.clone());
        }
        let span = need
            .span
            .clone()
            .unwrap_or_else(|| scope.clause.span.clone());
        found.extend(problem.map(|message| (span, message)));
    }
    found.extend(types(scope));
    if let Change::CreateTable(create) = scope.change() {
        found.extend(own_columns(scope, create));
    }
    let is_first = scope.is_first();
    let calls = scope.statement.calls.iter().filter(|_| is_first);
    found.extend(calls.filter_map(|call| routine(scope, call)));
    found.dedup();
    found
}

/// Whether this is about a domain's constraint: our words hold the domain where a table's name is.
fn is_of_domain(scope: &Scope<'_>) -> bool {
    let (Change::AddConstraint { table, .. }
    | Change::ValidateConstraint { table, .. }
    | Change::Drop {
        kind: ObjectKind::Constraint,
        name: table,
        ..
    }) = scope.change()
    else {
        return false;
    };
    scope.schema.type_of(table).is_some()
}

/// Whether the statement does nothing because of its `IF EXISTS` or `IF NOT EXISTS`.
fn is_noop(scope: &Scope<'_>) -> bool {
    let made = scope.change().makes();
    let guarded = made.iter().filter(|made| made.guarded);
    let mut there = guarded.map(|made| match &made.part {
        Some(part) => scope.schema.exists(made.kind, &made.name, Some(part)) != Answer::No,
        None => scope.schema.kind_of(&made.name).is_some(),
    });
    let missing = |name: &Name| scope.schema.kind_of(name).is_none();
    there.any(|there| there)
        || scope.statement.if_exists && scope.change().table().is_some_and(missing)
}

/// Guarded, of PostgreSQL's own, or made or dropped by the same statement, whose actions have an order
/// of their own.
fn is_beside_the_question(scope: &Scope<'_>, need: &Need) -> bool {
    let of_catalogue = need.name.name.starts_with("pg_") || BUILT_IN.contains(&&*need.name.name);
    let of_every_table = need.kind == ObjectKind::Column
        && need
            .part
            .as_deref()
            .is_some_and(|part| SYSTEM_COLUMNS.contains(&part) || part == need.name.name);
    let is_named = |made: &Need| made.name == need.name && made.part == need.part;
    need.guarded
        || of_catalogue
        || of_every_table
        || need.part.is_some()
            && scope
                .others()
                .any(|other| other.change.makes().iter().any(is_named))
}

/// What is wrong with a name, if it is certain.
fn problem(scope: &Scope<'_>, need: &Need) -> Option<Message> {
    let schema = scope.schema;
    let part = need.part.as_deref();
    let is_whole = part.is_none();
    if is_whole && let Some(kind) = schema.kind_of(&need.name) {
        return wrong_kind(scope, need, kind);
    }
    if schema.exists(need.kind, &need.name, part) != Answer::No || !is_followed(need.kind) {
        return None;
    }
    let what = match part {
        Some(part) => format!("{} has no {} `{part}`", need.name, need.kind),
        None => format!("there is no {} {}", need.kind, need.name),
    };
    let guess = schema.guess(need.kind, &need.name, part);
    Some(missing(what, sqlstate(scope, need.kind), guess))
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
fn wrong_kind(scope: &Scope<'_>, need: &Need, kind: ObjectKind) -> Option<Message> {
    let Change::Drop { part: None, .. } = scope.change() else {
        return None;
    };
    let alike = |kind: ObjectKind| match kind {
        ObjectKind::ForeignTable => ObjectKind::Table,
        ObjectKind::Domain => ObjectKind::Type,
        kind => kind,
    };
    let certain = scope.schema.exists(kind, &need.name, None) == Answer::Yes;
    if !certain || alike(kind) == alike(need.kind) || !is_of_relations(need.kind) {
        return None;
    }
    let message = Message::new(
        format!("{} is a {kind} and no {}", need.name, need.kind),
        "the server refuses the statement with 42809",
        format!("write `DROP {}`", kind.to_string().to_uppercase()),
    );
    let origin = scope.schema.origin(kind, &need.name, None);
    let made = origin.and_then(|origin| scope.first_made(origin, &need.name.to_string()));
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
fn sqlstate(scope: &Scope<'_>, kind: ObjectKind) -> &'static str {
    let is_renamed = matches!(
        scope.change(),
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
fn types(scope: &Scope<'_>) -> Vec<Placed> {
    let types = scope.change().types().into_iter();
    let found = types.filter_map(|(data_type, span)| {
        let name = own_type(scope, data_type)?;
        let known = scope.schema.kind_of(&name).is_some();
        if known || scope.schema.exists(ObjectKind::Type, &name, None) != Answer::No {
            return None;
        }
        let guess = scope.schema.guess(ObjectKind::Type, &name, None);
        let message = missing(format!("there is no type {name}"), "42704", guess);
        Some((span.unwrap_or_else(|| scope.clause.span.clone()), message))
    });
    found.collect()
}

fn own_type(scope: &Scope<'_>, data_type: &DataType) -> Option<Name> {
    // `table.column%TYPE` is as it is written.
    if data_type.is_built_in() || data_type.name.is_empty() || data_type.name.contains('%') {
        return None;
    }
    let own = &scope.module.schema;
    Some(Name {
        schema: data_type.schema.as_ref().unwrap_or(own).clone(),
        name: data_type.name.clone(),
    })
}

/// The columns that a new table's constraints and generated columns speak of.
fn own_columns(scope: &Scope<'_>, create: &CreateTable) -> Vec<Placed> {
    let mut known: BTreeSet<&str> = create.columns.iter().map(|one| one.name.as_str()).collect();
    let others = create.like.iter().map(|(like, _)| like);
    let others = others.chain(&create.inherits);
    for other in others.chain(create.partition_of.iter().map(|(of, _)| of)) {
        let whole = scope.schema.exists(ObjectKind::Table, other, None) == Answer::Yes;
        match scope
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
        let guess = crate::directive::nearest(name, known.iter().copied());
        let what = format!("{} has no column `{name}`", create.table);
        (span, missing(what, "42703", guess.map(str::to_owned)))
    });
    found.collect()
}

/// A function of the module's own that is called.
fn routine(scope: &Scope<'_>, call: &Call) -> Option<Placed> {
    let name = Name {
        schema: call.schema.clone()?,
        name: call.name.clone(),
    };
    // `app.mood('calm')` is a cast, and `app.f` may be an aggregate.
    let is_type = scope.schema.type_of(&name).is_some();
    if is_type || scope.schema.exists(ObjectKind::Function, &name, None) != Answer::No {
        return None;
    }
    let guess = scope.schema.guess(ObjectKind::Function, &name, None);
    let message = missing(format!("there is no function {name}"), "42883", guess);
    Some((call.span.clone(), message))
}
