//! Values that certainly do not fit what they are assigned to.

use std::ops::Range;

use crate::check::context::Context;
use crate::check::resolved::path_of;
use crate::schema::resolve::{Fits, Kind, Resolver, fits, places, refusal};
use crate::schema::{Answer, TypeKind};
use crate::statement::{
    Assignment, Change, ColumnAction, ColumnValue, CreateRoutine, DataType, Expression, Insert,
    Name, ObjectKind, Rows, Value, ValueKind,
};

/// A value, and what it does not fit.
pub(in crate::rules) struct Misfit {
    pub(in crate::rules) span: Range<usize>,
    /// What the value is assigned to: `app.users.email`.
    pub(in crate::rules) target: String,
    /// The type of that.
    pub(in crate::rules) data_type: String,
    pub(in crate::rules) problem: Problem,
}

/// Why a value does not fit.
pub(in crate::rules) enum Problem {
    /// The type does not have this value.
    Text { text: String, words: &'static str },
    /// The value has this type, from which nothing converts by itself.
    Cast(String),
    /// The old values of a column have this type.
    Type(String),
    /// The default of a column has this type.
    Default(String),
    /// What the body of a function returns instead.
    Result(String),
}

/// The values of a clause that do not fit.
pub(in crate::rules) fn misfits(context: &Context<'_>) -> Vec<Misfit> {
    let mut found = Vec::new();
    let others = context.statement.clauses.len() > 1;
    for place in places(
        context.schema,
        context.change(),
        context.statement.of_domain,
    ) {
        let Some((target, data_type)) = &place.target else {
            continue;
        };
        let path = context.path();
        let mut resolver = Resolver::new(context.schema, path, context.min_pg).at(&place, others);
        let kind = resolver.value(&place.expression.value);
        found.extend(misfit(
            context,
            &place.expression.value,
            kind,
            target,
            data_type,
        ));
    }
    match context.change() {
        Change::ColumnType {
            table,
            column,
            data_type,
            using,
            ..
        } => found.extend(changed(
            context,
            (table, column),
            data_type,
            using.is_none(),
        )),
        Change::Insert(insert) => found.extend(inserted(context, insert)),
        Change::Update(update) => found.extend(set(context, &update.table, &update.set)),
        Change::CreateRoutine(create) => found.extend(returned(context, create)),
        _ => {}
    }
    found
}

fn misfit(
    context: &Context<'_>,
    value: &Value,
    kind: Kind,
    target: &str,
    data_type: &DataType,
) -> Option<Misfit> {
    let problem = match (&value.kind, kind) {
        (ValueKind::Text(text), _) => {
            let refused = refusal(context.schema, data_type, text)?;
            Problem::Text {
                text: text.clone(),
                words: refused,
            }
        }
        (_, Kind::Of(from)) if fits(context.schema, &from, data_type) == Fits::No => {
            Problem::Cast(from.to_string())
        }
        (_, _) => return None,
    };
    Some(Misfit {
        span: value.span.clone(),
        target: target.to_owned(),
        data_type: data_type.to_string(),
        problem,
    })
}

/// A column of the files, if it certainly is as they create it.
fn column<'a>(
    context: &Context<'a>,
    table: &Name,
    column: &str,
) -> Option<&'a crate::schema::Column> {
    let is_certain = context
        .schema
        .exists(ObjectKind::Column, table, Some(column))
        == Answer::Yes;
    context.schema.column(table, column).filter(|_| is_certain)
}

/// `ALTER COLUMN ... TYPE`: the rows and the default are converted as if they were assigned.
fn changed(
    context: &Context<'_>,
    (table, name): (&Name, &str),
    to: &DataType,
    without_using: bool,
) -> Vec<Misfit> {
    let Some(known) = column(context, table, name) else {
        return Vec::new();
    };
    let Some(from) = &known.data_type else {
        return Vec::new();
    };
    let misfit = |problem| Misfit {
        span: context.clause.span.clone(),
        target: format!("{table}.{name}"),
        data_type: to.to_string(),
        problem,
    };
    let is_generated = matches!(known.value, ColumnValue::Generated { .. });
    if without_using && !is_generated && fits(context.schema, from, to) == Fits::No {
        return vec![misfit(Problem::Type(from.to_string()))];
    }
    let ColumnValue::Default(default) = &known.value else {
        return Vec::new();
    };
    let of_default = default_type(context, default, from);
    let refused = of_default.filter(|from| fits(context.schema, from, to) == Fits::No);
    let is_dropped = context
        .others()
        .any(|other| drops_default(&other.change, table, name));
    let refused = refused.filter(|_| !is_dropped);
    refused
        .map(|from| misfit(Problem::Default(from.to_string())))
        .into_iter()
        .collect()
}

/// The type of a default: a string has taken the type of the column.
fn default_type(context: &Context<'_>, default: &Expression, of: &DataType) -> Option<DataType> {
    let mut resolver = Resolver::new(context.schema, context.path(), context.min_pg);
    match (&default.value.kind, resolver.value(&default.value)) {
        (ValueKind::Null, _) => None,
        (_, Kind::Literal) => Some(of.clone()),
        (_, Kind::Of(data_type)) => Some(data_type),
        (_, Kind::Unknown | Kind::Row) => None,
    }
}

fn drops_default(change: &Change, table: &Name, name: &str) -> bool {
    matches!(change, Change::AlterColumn { table: of, column, action: ColumnAction::DropDefault } if of == table && column == name)
}

/// The constants of an `INSERT`.
fn inserted(context: &Context<'_>, insert: &Insert) -> Vec<Misfit> {
    let mut found = Vec::new();
    if let Some((sets, _)) = insert
        .on_conflict
        .as_ref()
        .and_then(|conflict| conflict.update.as_ref())
    {
        found.extend(set(context, &insert.table, sets));
    }
    let Rows::Values(rows) = &insert.rows else {
        return found;
    };
    let columns: Vec<Option<(String, DataType)>> = insert
        .columns
        .iter()
        .map(|written| {
            let known = column(context, &insert.table, &written.column).filter(|_| written.whole);
            let data_type = known.and_then(|known| known.data_type.clone())?;
            Some((format!("{}.{}", insert.table, written.column), data_type))
        })
        .collect();
    for row in rows {
        for (value, target) in row.iter().zip(&columns) {
            let Some((target, data_type)) = target else {
                continue;
            };
            found.extend(misfit(
                context,
                &value.value,
                constant(&value.value),
                target,
                data_type,
            ));
        }
    }
    found
}

/// The constants of `SET`.
fn set(context: &Context<'_>, table: &Name, sets: &[Assignment]) -> Vec<Misfit> {
    let found = sets.iter().filter_map(|set| {
        let [written] = set.columns.as_slice() else {
            return None;
        };
        let known = column(context, table, &written.column).filter(|_| written.whole)?;
        let data_type = known.data_type.as_ref()?;
        let target = format!("{table}.{}", written.column);
        let value = &set.value.value;
        misfit(context, value, constant(value), &target, data_type)
    });
    found.collect()
}

/// The type of a value that names nothing.
fn constant(value: &Value) -> Kind {
    let schema = crate::schema::Schema::default();
    let path = crate::schema::resolve::Path::Unknown;
    let mut resolver = Resolver::new(&schema, path, u8::MAX);
    match &value.kind {
        ValueKind::Number(_) | ValueKind::Boolean(_) => resolver.value(value),
        _ => Kind::Unknown,
    }
}

/// The result of a function in SQL: PostgreSQL compares it when the function is created.
fn returned(context: &Context<'_>, create: &CreateRoutine) -> Option<Misfit> {
    let is_sql = create.language.as_deref().unwrap_or("sql") == "sql";
    let is_read = create.resolved || !context.skips_bodies();
    let expected = expected(context, create).filter(|_| is_sql && is_read && !create.procedure)?;
    let path = path_of(&create.settings, context.path(), &context.module.schema);
    let resolver = Resolver::new(context.schema, path, context.min_pg);
    let mut resolver = resolver.of_function(create);
    let kinds = match (&create.returned, &create.body) {
        (Some(value), _) => vec![resolver.value(value)],
        (None, Some(body)) => {
            let last = body.statements.last();
            let is_query = |change: &Change| matches!(change, Change::Query) || change.is_dml();
            let clauses = last.map(|last| last.clauses.as_slice()).unwrap_or_default();
            match last.and_then(|last| last.queries.first()) {
                Some(query)
                    if query
                        .first()
                        .is_some_and(|first| first.changes && first.targets.is_empty()) =>
                {
                    return Some(result(
                        context,
                        create,
                        "its last statement returns nothing".to_owned(),
                    ));
                }
                Some(query) if clauses.iter().all(|clause| is_query(&clause.change)) => {
                    let shape = resolver.query(query);
                    if shape.open {
                        return None;
                    }
                    shape.columns.into_iter().map(|(_, kind)| kind).collect()
                }
                None if body.statements.is_empty() && !create.resolved => {
                    return Some(result(
                        context,
                        create,
                        "its body has no statement".to_owned(),
                    ));
                }
                Some(_) | None => return None,
            }
        }
        (None, None) => return None,
    };
    // One column may be the whole row.
    let is_row = kinds.len() == 1
        && create.returns.as_ref().is_some_and(|it| !it.is_built_in())
        && !matches!(kinds.first(), Some(Kind::Of(one)) if one.is_built_in());
    if is_row {
        return None;
    }
    if kinds.len() != expected.len() {
        let what = format!("its last statement returns {} columns", kinds.len());
        return Some(result(context, create, what));
    }
    let misfit = kinds
        .iter()
        .zip(&expected)
        .find_map(|(kind, to)| match kind {
            Kind::Of(from) if fits(context.schema, from, to) == Fits::No => Some(from),
            Kind::Of(_) | Kind::Unknown | Kind::Literal | Kind::Row => None,
        });
    misfit.map(|from| {
        result(
            context,
            create,
            format!("its last statement returns {from}"),
        )
    })
}

/// The types of the columns that a function returns; `None` if they are not certain.
fn expected(context: &Context<'_>, create: &CreateRoutine) -> Option<Vec<DataType>> {
    let has_outputs = create.parameters.iter().any(|one| {
        use crate::statement::ParameterMode;
        matches!(one.mode, Some(ParameterMode::Out | ParameterMode::InOut))
    });
    if has_outputs {
        return None;
    }
    let is_plain = |data_type: &DataType| {
        let name = data_type.name.as_str();
        let open = name.starts_with("any") || name.contains('%');
        !open && !["void", "record", "trigger", "event_trigger", "internal"].contains(&name)
    };
    let types: Vec<DataType> = match &create.returns {
        Some(returns) => {
            if let Some(TypeKind::Composite(attributes)) = composite(context, returns) {
                return Some(attributes.iter().map(|one| one.data_type.clone()).collect());
            }
            let scalar = returns.is_built_in() && is_plain(returns);
            vec![returns.clone()]
                .into_iter()
                .filter(|_| scalar)
                .collect()
        }
        None => create
            .returns_table
            .iter()
            .map(|one: &crate::statement::Attribute| one.data_type.clone())
            .collect(),
    };
    (!types.is_empty() && types.iter().all(is_plain)).then_some(types)
}

/// The composite type that a function returns.
fn composite<'a>(context: &Context<'a>, returns: &DataType) -> Option<&'a TypeKind> {
    let known = context
        .schema
        .made_type(returns)
        .filter(|_| !returns.array)?;
    let name = Name {
        schema: returns
            .schema
            .clone()
            .unwrap_or_else(|| context.module.schema.clone()),
        name: returns.name.clone(),
    };
    let is_certain = context.schema.exists(ObjectKind::Type, &name, None) == Answer::Yes;
    is_certain.then_some(&known.kind)
}

fn result(context: &Context<'_>, create: &CreateRoutine, what: String) -> Misfit {
    let declared = match &create.returns {
        Some(returns) => returns.to_string(),
        None => {
            let columns = create
                .returns_table
                .iter()
                .map(|one| one.data_type.to_string());
            format!("TABLE ({})", columns.collect::<Vec<_>>().join(", "))
        }
    };
    Misfit {
        span: context.clause.span.clone(),
        target: create.routine.to_string(),
        data_type: declared,
        problem: Problem::Result(what),
    }
}
