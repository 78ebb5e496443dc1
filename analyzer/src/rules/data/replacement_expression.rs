//! Expressions of a series that replaces a column.

use crate::check::context::FileContext;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::replace::problems;
use crate::rules::facts::replacement::pairs;

pub(super) static RULE: Rule = Rule {
    id: "replacement-expression",
    summary: "an expression of a replaced column that cannot keep both columns equal",
    page: include_str!("replacement_expression.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(context: &FileContext<'_>) -> Vec<SpannedMessage> {
    let mut all = Vec::new();
    for (span, pair) in pairs(context) {
        all.extend(problems(&pair).into_iter().map(|problem| {
            let message = Message::new(
                problem,
                format!(
                    "a trigger computes {} from {} and back for every row that a statement writes, one row at a time",
                    pair.series.successors(),
                    pair.series.old()
                ),
                "write an expression over these columns alone, of operators and functions that always return the same value \
                 for the same arguments; or let `onward replace` write the series again",
            );
            (span.clone(), message)
        }));
    }
    all
}
