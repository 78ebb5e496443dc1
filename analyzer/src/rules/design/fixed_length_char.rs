//! `char(n)` columns, which PostgreSQL pads with blanks.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::rules::facts::typed::{SUBJECTS, each};

pub(super) static RULE: Rule = Rule {
    id: "fixed-length-char",
    summary: "a char(n) column, which PostgreSQL pads with blanks",
    page: include_str!("fixed_length_char.md"),
    aliases: &["ban-char-field", "banCharField"],
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
    each(context, &["character"], |typed| {
        Some(Message::new(
            format!("{} is {}", typed.shown(), typed.data_type),
            "char(n) pads each value with blanks, takes more space than text, and ignores the padding in \
                 comparisons: char_length, LIKE and clients disagree about the stored value",
            format!(
                "use text, and `CHECK (char_length({}) = {})` if the length is fixed",
                typed.column,
                typed
                    .data_type
                    .modifiers
                    .first()
                    .map_or("1", String::as_str)
            ),
        ))
    })
}
