//! `CREATE OR REPLACE` that changes what PostgreSQL does not let it change.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::rules::facts::view_shape::{Replacement, replacement};
use crate::schema::resolve::{Kind, Shape};
use crate::schema::{Answer, Routine};
use crate::statement::{
    Aggregate, Change, CreateRoutine, CreateTrigger, CreateView, DataType, Definition, Name,
    ObjectKind, ParameterMode, RoutineParameter,
};

pub(super) static RULE: Rule = Rule {
    id: "refused-replacement",
    summary: "CREATE OR REPLACE changes what only a new object can have",
    page: include_str!("refused_replacement.md"),
    aliases: &[],
    group: Group::Compatibility,
    levels: Levels::all(Severity::Forbid),
    check: Check::Of(
        &[
            Subject::Create,
            Subject::CreateRoutine,
            Subject::CreateTrigger,
            Subject::CreateView,
        ],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (kind, name, found) = match context.change() {
        Change::CreateView(create) if create.or_replace => {
            (ObjectKind::View, &create.view, of_view(context, create)?)
        }
        Change::CreateRoutine(create) if create.or_replace => {
            let kind = match create.procedure {
                true => ObjectKind::Procedure,
                false => ObjectKind::Function,
            };
            (kind, &create.routine, of_routine(context, create)?)
        }
        Change::Create {
            kind,
            name,
            definition: Definition::Aggregate(new),
            ..
        } if new.or_replace => (*kind, name, of_aggregate(context, name, new)?),
        Change::CreateTrigger(create) if create.or_replace => {
            return of_trigger(context, create);
        }
        _ => return None,
    };
    let (what, words) = found;
    let message = Message::new(
        format!("replaces the {kind} {name}, {what}"),
        format!("PostgreSQL refuses the statement: {words}"),
        format!(
            "create the new {kind} under another name, such as {name}_v2, and drop the old one in a release migration \
             when no code uses it any more"
        ),
    );
    Some(message.with_related(context.made(kind, name, None)))
}

/// What differs, and PostgreSQL's words for it.
type Difference = (String, &'static str);

fn of_view(context: &Context<'_>, create: &CreateView) -> Option<Difference> {
    // `drop-view` reports columns that are missing or renamed by the text of the query alone.
    if matches!(replacement(context, create), Some(Replacement::Narrowed)) {
        return None;
    }
    let relation = context.schema.relation(&create.view)?;
    let is_view = relation.kind == ObjectKind::View;
    let is_certain = context.schema.exists(ObjectKind::View, &create.view, None) == Answer::Yes;
    let old = relation.shape.as_ref().filter(|_| is_view && is_certain)?;
    let new = context.schema.shape_of(create);
    columns(context, old, &new)
}

fn columns(context: &Context<'_>, old: &Shape, new: &Shape) -> Option<Difference> {
    if !old.open && !new.open && new.columns.len() < old.columns.len() {
        return Some((
            "which has more columns".to_owned(),
            "cannot drop columns from view (42P16)",
        ));
    }
    if old.open || new.open {
        // `*` of a table that is not known may be any number of columns.
        return None;
    }
    let pairs = old.columns.iter().zip(&new.columns);
    { pairs }.find_map(|((old_name, old_kind), (new_name, new_kind))| {
        if let (Some(old), Some(new)) = (old_name, new_name)
            && old != new
        {
            let what = format!("whose column `{old}` gets the name `{new}`");
            return Some((what, "cannot change name of view column (42P16)"));
        }
        let (Kind::Of(old), Kind::Of(new)) = (old_kind, new_kind) else {
            return None;
        };
        let name = new_name.as_deref().unwrap_or("?column?");
        let what = format!("whose column `{name}` changes from {old} to {new}");
        let differs = !is_same(context, old, new) || old.modifiers != new.modifiers;
        differs.then_some((what, "cannot change data type of view column (42P16)"))
    })
}

/// Whether two spellings mean one type, whatever its length.
fn is_same(context: &Context<'_>, one: &DataType, other: &DataType) -> bool {
    let of = |data_type: &DataType| {
        let own = &context.module.schema;
        let schema = data_type.schema.clone();
        let schema = schema.or_else(|| (!data_type.is_built_in()).then(|| own.clone()));
        (
            schema,
            data_type.name.clone(),
            data_type.array,
            data_type.set,
        )
    };
    of(one) == of(other)
}

fn of_routine(context: &Context<'_>, create: &CreateRoutine) -> Option<Difference> {
    let name = &create.routine;
    let is_certain = context.schema.exists(ObjectKind::Function, name, None) == Answer::Yes;
    let open = |one: &CreateRoutine| one.types().any(|data_type| data_type.name.contains('%'));
    let old = with_inputs(context, name, &inputs(create))?;
    if old.aggregate.is_some() && is_certain {
        return Some(of_another_kind());
    }
    let old = old.created.as_deref()?;
    if !is_certain || open(old) || open(create) {
        return None;
    }
    if old.procedure != create.procedure || old.window != create.window {
        return Some(of_another_kind());
    }
    let renamed = renamed(names(&old.parameters), names(&create.parameters));
    if renamed.is_some() {
        return renamed;
    }
    let defaults = |one: &CreateRoutine| {
        one.parameters
            .iter()
            .filter(|one| one.default.is_some())
            .count()
    };
    if defaults(old) > defaults(create) {
        let what = "whose parameters lose a default".to_owned();
        return Some((
            what,
            "cannot remove parameter defaults from existing function (42P13)",
        ));
    }
    let (before, after) = (results(old), results(create));
    let same = before.len() == after.len()
        && before
            .iter()
            .zip(&after)
            .all(|((name, one), (new, other))| {
                let is_named = before.len() < 2 || name == new;
                is_named && is_same(context, one, other)
            });
    let sets = returns_set(old) == returns_set(create);
    (!same || !sets).then(|| {
        let what = "whose result gets another type".to_owned();
        (
            what,
            "cannot change return type of existing function (42P13)",
        )
    })
}

fn inputs(create: &CreateRoutine) -> Vec<&DataType> {
    let inputs = create.parameters.iter().filter(|one| !one.is_output());
    inputs.map(|one| &one.data_type).collect()
}

fn names(parameters: &[RoutineParameter]) -> Vec<Option<&str>> {
    let inputs = parameters.iter().filter(|one| !one.is_output());
    inputs.map(|one| one.name.as_deref()).collect()
}

/// The routine that a new one with these types of arguments replaces.
fn with_inputs<'a>(context: &Context<'a>, name: &Name, new: &[&DataType]) -> Option<&'a Routine> {
    context.schema.routines(name).iter().find(|old| {
        let mut pairs = old.parameters.iter().zip(new);
        old.parameters.len() == new.len() && pairs.all(|(one, other)| is_same(context, one, other))
    })
}

fn of_another_kind() -> Difference {
    (
        "which is of another kind".to_owned(),
        "cannot change routine kind (42809)",
    )
}

fn renamed(old: Vec<Option<&str>>, new: Vec<Option<&str>>) -> Option<Difference> {
    let mut pairs = old.into_iter().zip(new);
    let (parameter, _) = pairs.find(|(old, new)| old.is_some() && old != new)?;
    let what = format!("whose parameter `{}` gets another name", parameter?);
    Some((what, "cannot change name of input parameter (42P13)"))
}

fn of_aggregate(context: &Context<'_>, name: &Name, new: &Aggregate) -> Option<Difference> {
    let types = new.types();
    let is_certain = context.schema.exists(ObjectKind::Aggregate, name, None) == Answer::Yes;
    let old = with_inputs(context, name, &types.iter().collect::<Vec<_>>());
    let old = old.filter(|_| is_certain)?;
    let Some(old) = &old.aggregate else {
        return old.created.is_some().then(of_another_kind);
    };
    let result = result(context, old).zip(result(context, new));
    if result.is_some_and(|(one, other)| !is_same(context, one, other)) {
        return Some((
            "whose result gets another type".to_owned(),
            "cannot change return type of existing function (42P13)",
        ));
    }
    let renamed = renamed(names(&old.arguments), names(&new.arguments));
    if renamed.is_some() {
        return renamed;
    }
    let kind = |one: &Aggregate| (one.direct.is_some(), one.hypothetical);
    if kind(old) != kind(new) {
        return Some(of_another_kind());
    }
    (old.direct != new.direct).then(|| {
        (
            "which gets another number of direct arguments".to_owned(),
            "cannot change number of direct arguments of an aggregate function (42P13)",
        )
    })
}

/// The type of an aggregate's result, as far as it is known.
fn result<'a>(context: &Context<'a>, aggregate: &'a Aggregate) -> Option<&'a DataType> {
    let Some(finish) = &aggregate.finish else {
        return aggregate.state.as_ref();
    };
    let [function] = context.schema.routines(finish) else {
        return None;
    };
    function.created.as_ref()?.returns.as_ref()
}

fn returns_set(create: &CreateRoutine) -> bool {
    !create.returns_table.is_empty() || create.returns.as_ref().is_some_and(|returns| returns.set)
}

/// The columns of the result: those of OUT parameters and of RETURNS TABLE, or the type alone.
fn results(create: &CreateRoutine) -> Vec<(Option<&str>, DataType)> {
    let outputs = create
        .parameters
        .iter()
        .filter(|one| matches!(one.mode, Some(ParameterMode::Out | ParameterMode::InOut)));
    let outputs = outputs.map(|one| (one.name.as_deref(), one.data_type.clone()));
    let columns = create
        .returns_table
        .iter()
        .map(|one| (Some(one.name.as_str()), one.data_type.clone()));
    let named: Vec<(Option<&str>, DataType)> = outputs.chain(columns).collect();
    if !named.is_empty() {
        return named;
    }
    let returns = create.returns.iter().map(|one| DataType {
        set: false,
        ..one.clone()
    });
    returns.map(|one| (None, one)).collect()
}

/// A constraint trigger cannot be replaced by a plain one.
fn of_trigger(context: &Context<'_>, create: &CreateTrigger) -> Option<Message> {
    let table: &Name = &create.table;
    let relation = context.schema.relation(table)?;
    let is_certain = context
        .schema
        .exists(ObjectKind::Trigger, table, Some(&create.trigger))
        == Answer::Yes;
    let mut triggers = relation.triggers.iter().filter(|_| is_certain);
    let old = triggers.find(|one| one.name == create.trigger)?;
    let message = Message::new(
        format!(
            "replaces the constraint trigger {} of {table}",
            create.trigger
        ),
        "PostgreSQL refuses the statement: trigger is a constraint trigger (42710)",
        "drop the constraint trigger in an earlier statement, or give the new one another name",
    );
    old.definition.constraint.then_some(message)
}
