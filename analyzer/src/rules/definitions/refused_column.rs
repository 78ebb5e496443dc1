//! Columns that contradict themselves.

use crate::check::absence::SYSTEM_COLUMNS;
use crate::check::context::Context;
use crate::check::parts::{NewColumn, columns};
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::statement::{Change, ColumnValue, Declared};

pub(super) static RULE: Rule = Rule {
    id: "refused-column",
    summary: "a column's definition contradicts itself",
    page: include_str!("refused_column.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(
        &[
            Subject::CreateTable,
            Subject::AddColumn,
            Subject::CreateDomain,
        ],
        &Check::Parts(check),
    ),
};

/// What a column cannot be at once, in either order, and PostgreSQL's reply (measured on 15).
const CONTRADICTIONS: &[(Declared, Declared, &str)] = &[
    (Declared::Null, Declared::NotNull, NULLS),
    (Declared::Null, Declared::Serial, NULLS),
    (Declared::Null, Declared::Identity, NULLS),
    (
        Declared::Default,
        Declared::Default,
        "multiple default values specified (42601)",
    ),
    (
        Declared::Serial,
        Declared::Default,
        "multiple default values specified (42601)",
    ),
    (Declared::Serial, Declared::Identity, BOTH),
    (Declared::Default, Declared::Identity, BOTH),
    (
        Declared::Identity,
        Declared::Identity,
        "multiple identity specifications (42601)",
    ),
    (
        Declared::Default,
        Declared::Generated,
        "both default and generation expression specified (42601)",
    ),
    (
        Declared::Serial,
        Declared::Generated,
        "both default and generation expression specified (42601)",
    ),
    (
        Declared::Identity,
        Declared::Generated,
        "both identity and generation expression specified (42601)",
    ),
    (
        Declared::Generated,
        Declared::Generated,
        "multiple generation clauses specified (42601)",
    ),
];

const NULLS: &str = "conflicting NULL/NOT NULL declarations (42601)";
const BOTH: &str = "both default and identity specified (42601)";

/// The types that only functions have.
const PSEUDO: &[&str] = &[
    "any",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
    "cstring",
    "event_trigger",
    "fdw_handler",
    "index_am_handler",
    "internal",
    "language_handler",
    "record",
    "table_am_handler",
    "trigger",
    "tsm_handler",
    "unknown",
    "void",
];

/// The types that have a collation (`typcollation <> 0` in `pg_type` of 15).
const COLLATED: &[&str] = &["text", "character varying", "character", "name"];

/// The most columns that a table can have.
const MOST: usize = 1600;

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let columns = columns(context);
    let reasons = [contradiction, type_of, collation, modifier, name];
    let mut found = Vec::new();
    for new in columns {
        found.extend(reasons.iter().find_map(|reason| reason(new)));
    }
    found.extend(count(context));
    found
}

fn contradiction(new: &NewColumn<'_>) -> Option<SpannedMessage> {
    let declared = &new.column.declared;
    if declared.len() < 2 {
        return None;
    }
    let times = |word: &Declared| declared.iter().filter(|one| *one == word).count();
    let is_both = |one: &Declared, other: &Declared| match one == other {
        true => times(one) > 1,
        false => times(one) > 0 && times(other) > 0,
    };
    let (one, other, why) = CONTRADICTIONS
        .iter()
        .find(|(one, other, _)| is_both(one, other))?;
    let (what, help) = match one == other {
        true => (format!("two {one} clauses"), format!("keep one {one}")),
        false => (
            format!("{one} and {other}"),
            format!("keep {one} or {other}"),
        ),
    };
    Some(refused(
        &new.column.span,
        format!("{} has {what}", shown(new)),
        why,
        help,
    ))
}

fn shown(new: &NewColumn<'_>) -> String {
    match new.of_domain {
        true => new.table.to_string(),
        false => format!("{}.{}", new.table, new.column.name),
    }
}

fn type_of(new: &NewColumn<'_>) -> Option<SpannedMessage> {
    let data_type = &new.column.data_type;
    if !data_type.is_built_in() {
        return None;
    }
    let name = data_type.name.as_str();
    let is_pseudo = PSEUDO.contains(&name) && !data_type.array;
    let is_number = matches!(name, "smallint" | "integer" | "bigint") && !data_type.array;
    let is_identity = matches!(new.column.value, ColumnValue::Identity(_));
    let (why, help) = if is_pseudo && !new.of_domain {
        (
            format!("column has pseudo-type {name} (42P16)"),
            "give the column a type that has values, such as text or jsonb",
        )
    } else if is_identity && !is_number {
        (
            "identity column type must be smallint, integer, or bigint (22023)".to_owned(),
            "make it bigint. For a uuid write `DEFAULT gen_random_uuid()`",
        )
    } else {
        return None;
    };
    let what = format!("{} is {data_type}", shown(new));
    Some(refused(&new.column.span, what, why, help))
}

/// The types that have no modifier, and are written with one.
const PLAIN: &[&str] = &[
    "bigint",
    "boolean",
    "bytea",
    "cidr",
    "date",
    "double precision",
    "inet",
    "integer",
    "json",
    "jsonb",
    "money",
    "real",
    "smallint",
    "text",
    "tsvector",
    "uuid",
    "xml",
];

/// `varchar(0)`, `text(50)`.
fn modifier(new: &NewColumn<'_>) -> Option<SpannedMessage> {
    let data_type = &new.column.data_type;
    let numbers: Vec<i64> = { data_type.modifiers.iter() }
        .filter_map(|one| one.parse().ok())
        .collect();
    if !data_type.is_built_in() || data_type.modifiers.is_empty() {
        return None;
    }
    let (why, help) = match (data_type.name.as_str(), numbers.as_slice()) {
        (name, _) if PLAIN.contains(&name) => (
            "type modifier is not allowed for type (42601)",
            "remove the number in parentheses; a length can be a CHECK",
        ),
        ("character varying" | "character" | "bit" | "bit varying", [length]) if *length < 1 => (
            "length for type must be at least 1 (22023)",
            "write a length of 1 or more, or leave it out",
        ),
        ("character varying" | "character", [length]) if *length > 10_485_760 => {
            ("length for type cannot exceed 10485760 (22023)", "use text")
        }
        ("numeric", [precision, ..]) if !(1..=1000).contains(precision) => (
            "NUMERIC precision must be between 1 and 1000 (22023)",
            "write a precision within that range, or none",
        ),
        ("numeric", [_, scale]) if !(-1000..=1000).contains(scale) => (
            "NUMERIC scale must be between -1000 and 1000 (22023)",
            "write a scale within that range",
        ),
        (_, _) => return None,
    };
    let what = format!("{} is {data_type}", shown(new));
    Some(refused(&new.column.span, what, why, help))
}

fn collation(new: &NewColumn<'_>) -> Option<SpannedMessage> {
    let collation = new.column.collation.as_ref()?;
    let data_type = &new.column.data_type;
    let is_text = COLLATED.contains(&data_type.name.as_str());
    (data_type.is_built_in() && !is_text).then(|| {
        refused(
            &new.column.span,
            format!(
                "{} is {data_type} and has COLLATE {}",
                shown(new),
                collation.name
            ),
            format!("collations are not supported by type {data_type} (42804)"),
            "remove COLLATE",
        )
    })
}

fn name(new: &NewColumn<'_>) -> Option<SpannedMessage> {
    let name = new.column.name.as_str();
    let is_system = SYSTEM_COLUMNS.contains(&name) && !new.of_domain;
    is_system.then(|| {
        refused(
            &new.column.span,
            format!("{} gets a column `{name}`", new.table),
            "column name conflicts with a system column name (42701)",
            "choose another name",
        )
    })
}

fn count(context: &Context<'_>) -> Option<SpannedMessage> {
    let Change::CreateTable(create) = context.change() else {
        return None;
    };
    (create.columns.len() > MOST).then(|| {
        refused(
            &context.clause.span,
            format!("{} has {} columns", create.table, create.columns.len()),
            "tables can have at most 1600 columns (54011)",
            "split the table, or store some of the values in a jsonb column",
        )
    })
}
