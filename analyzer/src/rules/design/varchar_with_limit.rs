//! Limits of length in a type.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::typed::{each, is};

pub(super) static RULE: Rule = Rule {
    id: "varchar-with-limit",
    summary: "a text column with a limit in its type",
    page: include_str!("varchar_with_limit.md"),
    aliases: &[
        "prefer-text-field",
        "preferTextField",
        "prefer-text-to-varchar",
    ],
    group: Group::Design,
    levels: Levels {
        startup: ALLOW,
        release: ALLOW,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Parts(check),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    each(context, |typed| {
        let limit = typed.data_type.modifiers.first()?;
        is(typed.data_type, "character varying").then(|| {
            Message::new(
                format!("{} is {}", typed.shown, typed.data_type),
                "the type is stored like text; a longer limit takes ACCESS EXCLUSIVE for a moment, a \
                 shorter one rewrites the table under it, and while a view reads the column neither is \
                 possible, 0A000",
                format!(
                    "where there is no limit, take text; where there is one, text and `CHECK \
                     (char_length({}) <= {limit})`, which can be changed with NOT VALID",
                    typed.column
                ),
            )
        })
    })
}
