//! The names that PostgreSQL gives to columns of a query without `AS`, as in `FigureColname()`.

use crate::statement::{Branch, DataType, Query, Value, ValueKind};

/// The name, and whether a cast or a `CASE` around it keeps it; `None` if it is not known.
pub(super) fn of(value: &Value) -> Option<(String, bool)> {
    let strong = |name: &str| Some((name.to_owned(), true));
    match &value.kind {
        ValueKind::Column(column) => match (&column.field, column.parts.last()) {
            (Some(field), _) => strong(field),
            (None, Some(name)) => strong(name),
            (None, None) => None,
        },
        ValueKind::Called(called) if called.special => match called.name.as_str() {
            name @ ("array" | "coalesce" | "current_date" | "current_role" | "current_time"
            | "current_timestamp" | "current_user" | "exists" | "extract" | "grouping"
            | "localtime" | "localtimestamp" | "nullif" | "overlay" | "position"
            | "row" | "session_user" | "substring" | "timezone" | "user") => strong(name),
            _other => None,
        },
        ValueKind::Called(called) => strong(&called.name),
        ValueKind::Cast(inner, data_type) => match of(inner)? {
            (name, true) => Some((name, true)),
            (_, false) => Some((catalog_name(data_type), false)),
        },
        ValueKind::Choice {
            results,
            name,
            has_else,
            ..
        } => {
            let last = results.last().filter(|_| *has_else).and_then(of);
            match last {
                Some((inner, true)) => Some((inner, true)),
                Some(_) | None => Some(((*name).to_owned(), *name != "case")),
            }
        }
        ValueKind::Query(query) => of_query(query),
        ValueKind::Text(_)
        | ValueKind::Parameter(_)
        | ValueKind::Number(_)
        | ValueKind::Boolean(_)
        | ValueKind::Null
        | ValueKind::Operation { .. }
        | ValueKind::Compared(..)
        | ValueKind::Test(..) => Some(("?column?".to_owned(), false)),
        ValueKind::Default | ValueKind::Other(_) => None,
    }
}

fn of_query(query: &Query) -> Option<(String, bool)> {
    let Some(Branch::Select(select)) = query.operands.first() else {
        return None;
    };
    let first = select.targets.first()?;
    match &first.name {
        Some(name) => Some((name.clone(), true)),
        None => of(first.value.as_ref()?).map(|(name, _)| (name, true)),
    }
}

/// The name of a type in the catalog, where `format_type()` shows another one.
fn catalog_name(data_type: &DataType) -> String {
    let names = [
        ("integer", "int4"),
        ("bigint", "int8"),
        ("smallint", "int2"),
        ("boolean", "bool"),
        ("real", "float4"),
        ("double precision", "float8"),
        ("character varying", "varchar"),
        ("character", "bpchar"),
        ("bit varying", "varbit"),
        ("\"char\"", "char"),
        ("timestamp with time zone", "timestamptz"),
        ("timestamp without time zone", "timestamp"),
        ("time with time zone", "timetz"),
        ("time without time zone", "time"),
    ];
    let known = names.iter().find(|(shown, _)| *shown == data_type.name);
    known.map_or_else(|| data_type.name.clone(), |(_, name)| (*name).to_owned())
}
