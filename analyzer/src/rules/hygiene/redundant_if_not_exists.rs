//! Guards that hide an existing object.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::rules::facts::taken::taken;

pub(super) static RULE: Rule = Rule {
    id: "redundant-if-not-exists",
    summary: "IF NOT EXISTS of an object that an earlier statement creates: the statement does nothing",
    page: include_str!("redundant_if_not_exists.md"),
    aliases: &[
        "duplicate-object",
        "prefer-robust-stmts",
        "preferRobustStmts",
    ],
    group: Group::Hygiene,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: WARN,
    },
    check: Check::Parts(check),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let taken = taken(context, true).into_iter();
    let found = taken.map(|taken| {
        let message = Message::new(
            format!("{} already exists, so this statement does nothing", taken.what),
            "if the two definitions differ, the old one stays, and the server reports it only in a notice",
            "remove the statement. To change the existing object, write an ALTER",
        );
        (taken.span.clone(), message.with_related(taken.related(context)))
    });
    found.collect()
}
