//! Expressions that have to be immutable and are not.

use crate::check::context::Context;
use crate::check::parts::columns;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::effect::mutable_call;
use crate::rules::facts::base_type::built_in;
use crate::rules::facts::placed::{Place, Placed, expressions};
use crate::rules::facts::refusal::refused;
use crate::schema::TypeKind;
use crate::statement::{Call, Cast, DataType, Operand, Operation};

pub(super) static RULE: Rule = Rule {
    id: "not-immutable",
    summary: "an index, a partition key or a generated column depends on more than its row",
    page: include_str!("not_immutable.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Expression], &Check::Parts(check)),
};

/// Functions that are immutable for some types and not for these: name, number of arguments, the argument
/// that decides, and its types; no types for every type (measured on 15, `provolatile` in `pg_proc`).
const BY_TYPE: &[(&str, usize, usize, &[&str])] = &[
    ("age", 1, 0, &[ZONED, UNZONED]),
    ("date", 1, 0, &[ZONED, "text"]),
    ("date_part", 2, 1, &[ZONED]),
    ("date_trunc", 2, 1, &[ZONED, "date"]),
    ("date_trunc", 3, 1, &[]),
    ("extract", 2, 1, &[ZONED]),
    ("json_to_tsvector", 2, 0, &[]),
    ("jsonb_to_tsvector", 2, 0, &[]),
    ("phraseto_tsquery", 1, 0, &[]),
    ("plainto_tsquery", 1, 0, &[]),
    ("timestamp", 1, 0, &[ZONED]),
    ("timestamptz", 1, 0, &[UNZONED, "date"]),
    ("to_timestamp", 2, 0, &[]),
    ("to_tsquery", 1, 0, &[]),
    ("to_tsvector", 1, 0, &[]),
    ("ts_headline", 2, 0, &[]),
    ("websearch_to_tsquery", 1, 0, &[]),
];

const ZONED: &str = "timestamp with time zone";
const UNZONED: &str = "timestamp without time zone";

/// Casts between these types call a function that is not immutable (`pg_cast` of 15).
const CASTS: &[(&str, &[&str])] = &[
    ("date", &[ZONED]),
    ("money", &["numeric"]),
    ("numeric", &["money"]),
    ("integer", &["money"]),
    ("bigint", &["money"]),
    ("time without time zone", &["time with time zone"]),
    (UNZONED, &[ZONED]),
    (
        ZONED,
        &[
            "date",
            UNZONED,
            "time without time zone",
            "time with time zone",
        ],
    ),
];

/// Types whose text depends on settings: neither a cast to text nor one from text is immutable (`typoutput`
/// and `typinput` of 15).
const WRITTEN: &[&str] = &[
    "date",
    "daterange",
    "int4range",
    "int8range",
    "interval",
    "money",
    "numrange",
    "regclass",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    ZONED,
    UNZONED,
    "tsrange",
    "tstzrange",
];

/// Types that only depend on settings when they are read from text.
const READ: &[&str] = &["time with time zone", "time without time zone", "xml"];

const TEXTS: &[&str] = &["text", "character varying", "character"];
const COMPARISONS: &[&str] = &["<", "<=", "=", ">=", ">", "<>", "!="];

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let placed = expressions(context).into_iter();
    placed
        .filter_map(|placed| {
            let why = why(placed.place)?;
            let (what, help) = mutable(context, &placed)?;
            Some(refused(
                &placed.span,
                format!("{} of {} {what}", placed.place.word(), placed.of),
                why,
                help,
            ))
        })
        .collect()
}

const fn why(place: Place) -> Option<&'static str> {
    match place {
        Place::Index => Some("functions in index expression must be marked IMMUTABLE (42P17)"),
        Place::Predicate => Some("functions in index predicate must be marked IMMUTABLE (42P17)"),
        Place::PartitionKey => {
            Some("functions in partition key expression must be marked IMMUTABLE (42P17)")
        }
        Place::Generated => Some("generation expression is not immutable (42P17)"),
        Place::Default | Place::Check | Place::Policy | Place::Condition | Place::Transform => None,
    }
}

/// What depends on more than the row, and what to write instead.
fn mutable(context: &Context<'_>, placed: &Placed<'_>) -> Option<(String, String)> {
    let expression = &placed.expression;
    let by_name = mutable_call(expression, context.schema);
    let by_type = || {
        expression
            .calls
            .iter()
            .find(|call| decides(context, placed, call))
    };
    if let Some(call) = by_name.or_else(by_type) {
        let is_own = !context
            .schema
            .routines(&context.schema.own_name(&call.name))
            .is_empty()
            || call
                .schema
                .as_deref()
                .is_some_and(|schema| schema != "pg_catalog");
        let help = match is_own {
            true => format!(
                "declare {} IMMUTABLE if it reads nothing but its arguments: no table, no setting, no clock",
                call.name
            ),
            false => instead(&call.name).to_owned(),
        };
        return Some((
            format!("calls {}(), which is not immutable", call.name),
            help,
        ));
    }
    let cast = expression
        .casts
        .iter()
        .find(|cast| is_mutable_cast(context, placed, cast));
    if let Some(cast) = cast {
        let from = type_of(context, placed, &cast.from)?;
        return Some((
            format!(
                "casts {} to {}, which is not immutable",
                from.shown(),
                cast.to
            ),
            of_cast(&from, &cast.to).to_owned(),
        ));
    }
    let operation = expression
        .operations
        .iter()
        .find(|operation| is_mutable_operation(context, placed, operation))?;
    Some((
        format!(
            "has an operator {} that depends on the time zone",
            operation.operator
        ),
        "convert to a fixed zone first: `(at AT TIME ZONE 'UTC')`".to_owned(),
    ))
}

fn instead(name: &str) -> &'static str {
    match name {
        "concat" | "concat_ws" | "format" => {
            "use the operator: `coalesce(a, '') || ' ' || coalesce(b, '')`"
        }
        "date_trunc" | "date" | "date_part" | "extract" | "age" | "timestamp" | "timestamptz" => {
            "convert to a fixed zone first: `(at AT TIME ZONE 'UTC')`"
        }
        "to_tsvector"
        | "to_tsquery"
        | "plainto_tsquery"
        | "phraseto_tsquery"
        | "websearch_to_tsquery" => "name the configuration: `to_tsvector('english', body)`",
        _ => {
            "leave it out: an index or a stored value is computed once, and must not depend on the time or on settings. \
             Put the condition into the query, or let a trigger write a plain column"
        }
    }
}

fn of_cast(from: &Known<'_>, to: &DataType) -> &'static str {
    match from {
        Known::Enum(_) => "index the column itself, or compare with its labels: `kind = 'a'`",
        Known::BuiltIn(name) if *name == ZONED && !TEXTS.contains(&to.name.as_str()) => {
            "convert to a fixed zone first: `(at AT TIME ZONE 'UTC')::date`"
        }
        Known::BuiltIn(_) => {
            "store the value in a column of its own type, which a trigger or the application writes"
        }
    }
}

/// Whether the types of its arguments make the call mutable.
fn decides(context: &Context<'_>, placed: &Placed<'_>, call: &Call) -> bool {
    let is_builtin = call.schema.as_deref().is_none_or(|one| one == "pg_catalog");
    let own = context.schema.own_name(&call.name);
    if !is_builtin || !context.schema.routines(&own).is_empty() {
        return false;
    }
    let mut rows = BY_TYPE.iter();
    rows.any(|(name, count, at, types)| {
        let is_this = *name == call.name && *count == call.arguments.len();
        let argument = || {
            let argument = call.arguments.get(*at)?;
            type_of(context, placed, argument)
        };
        is_this && (types.is_empty() || argument().is_some_and(|known| known.is_one_of(types)))
    })
}

/// A type that is known.
enum Known<'a> {
    BuiltIn(&'a str),
    Enum(String),
}

impl Known<'_> {
    fn is_one_of(&self, names: &[&str]) -> bool {
        match self {
            Self::BuiltIn(name) => names.contains(name),
            Self::Enum(_) => false,
        }
    }

    fn shown(&self) -> &str {
        match self {
            Self::BuiltIn(name) => name,
            Self::Enum(name) => name,
        }
    }
}

fn type_of<'a>(
    context: &Context<'a>,
    placed: &Placed<'a>,
    operand: &'a Operand,
) -> Option<Known<'a>> {
    match operand {
        Operand::Column(name) => {
            let new = columns(context).iter().find(|new| new.column.name == *name);
            match new {
                Some(new) => known(context, &new.column.data_type),
                None => {
                    let column = context.certain(placed.of)?.column(name)?;
                    known(context, column.data_type.as_ref()?)
                }
            }
        }
        Operand::Typed(data_type) => known(context, data_type),
        Operand::AtZone(of) => match type_of(context, placed, of)? {
            Known::BuiltIn(ZONED) => Some(Known::BuiltIn(UNZONED)),
            Known::BuiltIn(UNZONED | "date") => Some(Known::BuiltIn(ZONED)),
            Known::BuiltIn(_) | Known::Enum(_) => None,
        },
        Operand::Constant | Operand::Other => None,
    }
}

fn known<'a>(context: &Context<'a>, data_type: &'a DataType) -> Option<Known<'a>> {
    let made = context.schema.made_type(data_type).map(|made| &made.kind);
    if matches!(made, Some(TypeKind::Enum(_))) {
        return (!data_type.array).then(|| Known::Enum(data_type.to_string()));
    }
    Some(Known::BuiltIn(built_in(context, data_type)?.name.as_str()))
}

fn is_mutable_cast(context: &Context<'_>, placed: &Placed<'_>, cast: &Cast) -> bool {
    let types = type_of(context, placed, &cast.from).zip(known(context, &cast.to));
    match types {
        Some((Known::BuiltIn(from), Known::BuiltIn(to))) => {
            let listed = CASTS
                .iter()
                .any(|(one, others)| *one == from && others.contains(&to));
            listed
                || TEXTS.contains(&from) && (WRITTEN.contains(&to) || READ.contains(&to))
                || WRITTEN.contains(&from) && TEXTS.contains(&to)
        }
        Some((Known::Enum(_), Known::BuiltIn(to))) => TEXTS.contains(&to),
        Some((Known::BuiltIn(from), Known::Enum(_))) => TEXTS.contains(&from),
        Some((Known::Enum(_), Known::Enum(_))) | None => false,
    }
}

/// Comparisons with another kind of time, and moments with intervals.
fn is_mutable_operation(context: &Context<'_>, placed: &Placed<'_>, operation: &Operation) -> bool {
    let side = |operand| match type_of(context, placed, operand) {
        Some(Known::BuiltIn(name)) => Some(name.to_owned()),
        Some(Known::Enum(_)) | None => None,
    };
    let Some((left, right)) = side(&operation.left).zip(side(&operation.right)) else {
        return false;
    };
    let is =
        |one: &str, other: &str| left == one && right == other || left == other && right == one;
    let operator = operation.operator.as_str();
    COMPARISONS.contains(&operator) && (is(ZONED, "date") || is(ZONED, UNZONED))
        || operator == "+" && is(ZONED, "interval")
        || operator == "-" && left == ZONED && right == "interval"
}
