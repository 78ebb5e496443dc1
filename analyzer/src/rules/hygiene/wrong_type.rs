//! Values that do not fit the type of what they are written into.

use std::ops::Range;

use crate::check::context::{Context, Execution};
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::rules::facts::assigned::{self, Misfit, Problem};
use crate::schema::resolve::Why;

pub(super) static RULE: Rule = Rule {
    id: "wrong-type",
    summary: "a value does not fit the type that it is written into",
    page: include_str!("wrong_type.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Of(
        &[
            Subject::Read,
            Subject::Insert,
            Subject::Update,
            Subject::Expression,
            Subject::ColumnType,
        ],
        &Check::Parts(check),
    ),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    if context.runs == Execution::InRoutine {
        return Vec::new();
    }
    let refused = context.refused_names().iter();
    let written = refused.filter_map(|one| match &one.why {
        Why::NoValue {
            text,
            data_type,
            words,
        } => {
            let shown = data_type.to_string();
            let message = value(text, &shown, &shown, words);
            Some((one.span.clone(), message))
        }
        _ => None,
    });
    let misfits = assigned::misfits(context).into_iter().map(said);
    written.chain(misfits).collect()
}

fn said(misfit: Misfit) -> (Range<usize>, Message) {
    let Misfit {
        span,
        target,
        data_type,
        problem,
    } = misfit;
    let message = match problem {
        Problem::Text { text, words } => value(&text, &target, &data_type, words),
        Problem::Cast(from) => Message::new(
            format!("a value of type {from} does not fit {target}, which has the type {data_type}"),
            "PostgreSQL refuses the statement: no conversion is made where a value is assigned (42804)",
            format!(
                "write a value of the type {data_type}, or cast it: `CAST (... AS {data_type})`"
            ),
        ),
        Problem::Type(from) => Message::new(
            format!("{target} cannot be converted from {from} to {data_type} by itself"),
            "PostgreSQL refuses the statement: column cannot be cast automatically (42804)",
            format!("write how the old values are converted: `USING CAST (... AS {data_type})`"),
        ),
        Problem::Default(from) => Message::new(
            format!(
                "the default of {target} has the type {from} and cannot be converted to {data_type}"
            ),
            "PostgreSQL refuses the statement: default cannot be cast automatically (42804). USING converts the \
             rows, not the default",
            "add DROP DEFAULT for the column to the same ALTER TABLE, and SET DEFAULT with a value of the new type behind it",
        ),
        Problem::Result(what) => Message::new(
            format!("{target} returns {data_type}, and {what}"),
            "PostgreSQL refuses the statement: return type mismatch in function (42P13)",
            "let the last statement of the body return what the function declares, or declare what it returns",
        ),
    };
    (span, message)
}

fn value(text: &str, target: &str, data_type: &str, words: &str) -> Message {
    Message::new(
        format!("'{text}' is not a value of {target}"),
        format!("PostgreSQL refuses the statement: {words}"),
        format!("write a value of the type {data_type}"),
    )
}
