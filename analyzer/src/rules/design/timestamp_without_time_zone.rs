//! Points in time without a zone.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::rules::facts::typed::{each, is};

pub(super) static RULE: Rule = Rule {
    id: "timestamp-without-time-zone",
    summary: "a point in time without its zone",
    page: include_str!("timestamp_without_time_zone.md"),
    aliases: &[
        "prefer-timestamptz",
        "prefer-timestamp-tz",
        "preferTimestamptz",
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
        is(typed.data_type, "timestamp without time zone").then(|| {
            Message::new(
                format!("{} is a timestamp without time zone", typed.shown),
                "it says what a clock on some wall showed, and not when: each session reads and writes \
                 it in its own TimeZone, and the hour that is there twice in autumn cannot be told",
                "take timestamptz: it is as large, 8 bytes, and every client gets the same moment",
            )
        })
    })
}
