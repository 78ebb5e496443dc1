//! Columns of the type `json`, which cannot be compared.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::rules::facts::typed::{SUBJECTS, each};

pub(super) static RULE: Rule = Rule {
    id: "json-column",
    summary: "a column of the type json, which has no equality operator",
    page: include_str!("json_column.md"),
    aliases: &[
        "prefer-jsonb",
        "preferJsonb",
        "prefer-jsonb-to-json",
        "E3",
        "add_column_json",
    ],
    group: Group::Design,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(SUBJECTS, &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    each(context, &["json"], |typed| {
        Some(Message::new(
            format!("{} has the type json", typed.shown()),
            "json has no operator `=`: DISTINCT, GROUP BY and UNION over the column fail: could not \
                 identify an equality operator (42883); a GIN index cannot be built on it, and each access \
                 parses the text again",
            "use jsonb; if the exact text with its blanks and duplicate keys must be kept, use text",
        ))
    })
}
