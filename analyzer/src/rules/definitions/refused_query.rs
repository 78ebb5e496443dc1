//! Queries and expressions that combine what exists in a way that PostgreSQL does not accept.

use crate::check::context::{Context, Execution};
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::schema::resolve::Why;

pub(super) static RULE: Rule = Rule {
    id: "refused-query",
    summary: "a query or an expression combines values as PostgreSQL does not",
    page: include_str!("refused_query.md"),
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
            Subject::Read,
            Subject::Insert,
            Subject::Update,
            Subject::Expression,
        ],
        &Check::Parts(check),
    ),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    if context.runs == Execution::InRoutine {
        return Vec::new();
    }
    let names = context.refused_names().iter();
    let forms = names.filter_map(|one| match &one.why {
        Why::Form(form) => Some((&one.span, form)),
        _ => None,
    });
    forms
        .map(|(span, form)| refused(span, form.what.clone(), form.refused, form.help))
        .collect()
}
