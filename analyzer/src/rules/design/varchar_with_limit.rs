//! Length limits that are part of a column's type.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::typed::{SUBJECTS, each};

pub(super) static RULE: Rule = Rule {
    id: "varchar-with-limit",
    summary: "a varchar column with a length limit in its type",
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
    check: Check::Of(SUBJECTS, &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    each(context, &["character varying"], |typed| {
        let limit = typed.data_type.modifiers.first()?;
        Some(Message::new(
            format!("{} is {}", typed.shown(), typed.data_type),
            "varchar(n) is stored like text, but the limit is hard to change: raising it takes ACCESS \
                 EXCLUSIVE for a moment, lowering it rewrites the table under that lock, and while a view \
                 reads the column both fail: feature not supported (0A000)",
            format!(
                "use text; if a limit is needed, add `CHECK (char_length({}) <= {limit})`, which can be \
                     changed with NOT VALID",
                typed.column
            ),
        ))
    })
}
