//! JSON that cannot be compared.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::rules::facts::typed::{each, is};

pub(super) static RULE: Rule = Rule {
    id: "json-column",
    summary: "a column of the type json, which has no equality",
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
    check: Check::Parts(check),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    each(context, |typed| {
        is(typed.data_type, "json").then(|| {
            Message::new(
                format!("{} is json", typed.shown),
                "json keeps the text as it came and has no operator `=`: DISTINCT, GROUP BY and UNION \
                 over a row with it fail with 42883, no GIN index takes it, and each access parses it \
                 again",
                "take jsonb, unless the exact text, with its blanks and doubled keys, has to be kept: \
                 that is text",
            )
        })
    })
}
