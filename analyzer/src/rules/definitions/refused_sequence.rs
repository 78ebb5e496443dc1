//! Sequences whose options contradict each other.

use std::ops::Range;

use crate::check::context::Context;
use crate::check::parts::columns;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::statement::{Change, ColumnAction, ColumnValue, Parameter};

pub(super) static RULE: Rule = Rule {
    id: "refused-sequence",
    summary: "the options of a sequence contradict each other",
    page: include_str!("refused_sequence.md"),
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
            Subject::CreateSequence,
            Subject::AlterSequence,
            Subject::AlterColumn,
            Subject::Sequence,
        ],
        &Check::Parts(check),
    ),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let here = &context.clause.span;
    match context.change() {
        Change::CreateSequence {
            name,
            if_not_exists,
            options,
            ..
        } => {
            let is_there = *if_not_exists && context.schema.kind_of(name).is_some();
            let found = wrong(options, None).filter(|_| !is_there);
            said(here, &name.to_string(), found).into_iter().collect()
        }
        Change::AlterSequence { name, options, .. } => {
            let found = repeated(options).or_else(|| zero(options));
            said(here, &name.to_string(), found).into_iter().collect()
        }
        Change::AlterColumn {
            table,
            column,
            action: ColumnAction::AddIdentity(identity),
        } => {
            let known = context
                .certain(table)
                .and_then(|table| table.column(column));
            let data_type = known.and_then(|column| column.data_type.as_ref());
            let name = data_type.map(|data_type| data_type.name.as_str());
            let found = name.and_then(|name| wrong(&identity.options, Some(name)));
            let of = format!("the identity {table}.{column}");
            said(here, &of, found).into_iter().collect()
        }
        _ => columns(context)
            .iter()
            .filter_map(|new| {
                let ColumnValue::Identity(identity) = &new.column.value else {
                    return None;
                };
                let found = wrong(&identity.options, Some(&new.column.data_type.name));
                let of = format!("the identity {}.{}", new.table, new.column.name);
                said(&new.column.span, &of, found)
            })
            .collect(),
    }
}

fn said(
    span: &Range<usize>,
    of: &str,
    found: Option<(String, &'static str)>,
) -> Option<SpannedMessage> {
    let (why, help) = found?;
    Some(refused(
        span,
        format!("the options of {of} contradict each other"),
        why,
        help,
    ))
}

/// The first contradiction, with what to do about it. `own` is the type of an identity column.
fn wrong(options: &[Parameter], own: Option<&str>) -> Option<(String, &'static str)> {
    if own.is_some() && options.iter().any(|option| option.name == "as") {
        return Some((
            "conflicting or redundant options (42601)".to_owned(),
            "remove AS: the sequence of an identity column has the column's type",
        ));
    }
    repeated(options)
        .or_else(|| zero(options))
        .or_else(|| bounds(options, own))
}

fn repeated(options: &[Parameter]) -> Option<(String, &'static str)> {
    let plain = |option: &Parameter| option.name.trim_start_matches("no ").to_owned();
    let mut numbered = options.iter().enumerate();
    let is_again = |(at, option): &(usize, &Parameter)| {
        options
            .iter()
            .take(*at)
            .any(|other| plain(other) == plain(option))
    };
    numbered.find(is_again)?;
    Some((
        "conflicting or redundant options (42601)".to_owned(),
        "write each option once",
    ))
}

fn number(options: &[Parameter], name: &str) -> Option<i128> {
    let mut named = options.iter().filter(|option| option.name == name);
    named.next()?.value.as_ref()?.parse().ok()
}

fn zero(options: &[Parameter]) -> Option<(String, &'static str)> {
    if number(options, "increment") == Some(0) {
        return Some((
            "INCREMENT must not be zero (22023)".to_owned(),
            "write a step such as 1 or -1",
        ));
    }
    let cache = number(options, "cache").filter(|cache| *cache < 1)?;
    Some((
        format!("CACHE ({cache}) must be greater than zero (22023)"),
        "write a cache of 1 or more",
    ))
}

fn bounds(options: &[Parameter], own: Option<&str>) -> Option<(String, &'static str)> {
    let written = options.iter().find(|option| option.name == "as");
    let written = written.and_then(|option| option.value.as_deref());
    let (least, greatest) = match own.or(written).map(str::to_ascii_lowercase).as_deref() {
        Some("smallint" | "int2") => (i128::from(i16::MIN), i128::from(i16::MAX)),
        Some("integer" | "int" | "int4") => (i128::from(i32::MIN), i128::from(i32::MAX)),
        Some("bigint" | "int8") | None => (i128::from(i64::MIN), i128::from(i64::MAX)),
        Some(_) => {
            return own.is_none().then(|| {
                (
                    "sequence type must be smallint, integer, or bigint (22023)".to_owned(),
                    "write AS bigint, or leave AS out",
                )
            });
        }
    };
    let rises = number(options, "increment").is_none_or(|step| step > 0);
    let (lowest, highest) = match rises {
        true => (1, greatest),
        false => (least, -1),
    };
    let min = number(options, "minvalue");
    let max = number(options, "maxvalue");
    for (word, value) in [("MINVALUE", min), ("MAXVALUE", max)] {
        if let Some(value) = value.filter(|value| *value < least || *value > greatest) {
            return Some((
                format!("{word} ({value}) is out of range for the sequence's data type (22023)"),
                "make the type bigint, or choose a smaller number",
            ));
        }
    }
    let (min, max) = (min.unwrap_or(lowest), max.unwrap_or(highest));
    if min >= max {
        return Some((
            format!("MINVALUE ({min}) must be less than MAXVALUE ({max}) (22023)"),
            "choose a MINVALUE below MAXVALUE; without an option a rising sequence begins at 1",
        ));
    }
    let start = number(options, "start")?;
    if start < min {
        return Some((
            format!("START value ({start}) cannot be less than MINVALUE ({min}) (22023)"),
            "start within MINVALUE and MAXVALUE, or write a lower MINVALUE",
        ));
    }
    (start > max).then(|| {
        (
            format!("START value ({start}) cannot be greater than MAXVALUE ({max}) (22023)"),
            "start within MINVALUE and MAXVALUE, or write a higher MAXVALUE",
        )
    })
}
