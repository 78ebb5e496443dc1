//! Conversions of a series that do not lead back to the same value.

use crate::check::context::FileContext;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::replace::losses;
use crate::rules::facts::replacement::pairs;

pub(super) static RULE: Rule = Rule {
    id: "replacement-loses-values",
    summary: "a conversion of a replaced column that does not lead back to the same value",
    page: include_str!("replacement_loses_values.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(context: &FileContext<'_>) -> Vec<SpannedMessage> {
    let mut all = Vec::new();
    for (span, pair) in pairs(context) {
        all.extend(losses(&pair).into_iter().map(|(what, how)| {
            let message = Message::new(
                what,
                format!(
                    "the running release goes on reading {}, and the next one reads {}: where the way back gives another \
                     value, they see different ones, and what only the old column has is gone when it is dropped",
                    pair.series.old(),
                    pair.series.successors()
                ),
                format!("{how}; or allow this, if no row has such a value"),
            );
            (span.clone(), message)
        }));
    }
    all
}
