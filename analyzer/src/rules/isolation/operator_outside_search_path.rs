//! Operators of an extension's type whose schema is not in the `search_path`.

use crate::check::context::{Context, Execution};
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::schema::resolve::Why;

pub(super) static RULE: Rule = Rule {
    id: "operator-outside-search-path",
    summary: "an operator of an extension's type is not found, and another type's operator is taken",
    page: include_str!("operator_outside_search_path.md"),
    aliases: &[],
    group: Group::Isolation,
    levels: Levels::all(Severity::Warn),
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
    let refused = context.refused_names().iter();
    let found = refused.filter_map(|one| {
        let Why::Outside {
            operator,
            data_type,
        } = &one.why
        else {
            return None;
        };
        let schema = data_type.schema.as_deref().unwrap_or_default();
        let message = Message::new(
            format!("`{operator}` beside a value of {data_type} is not the operator of {data_type}"),
            format!(
                "operators are looked for in the search_path, which does not have the schema {schema}. PostgreSQL takes \
                 an operator of another type, such as that of text, which compares in another way, or finds none: \
                 operator does not exist (42883)"
            ),
            format!("write the schema of the operator: `OPERATOR({schema}.{operator})`"),
        );
        Some((one.span.clone(), message))
    });
    found.collect()
}
