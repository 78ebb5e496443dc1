//! Points in time that are stored without a time zone.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::rules::facts::typed::{SUBJECTS, each};

pub(super) static RULE: Rule = Rule {
    id: "timestamp-without-time-zone",
    summary: "a timestamp column without a time zone",
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
    check: Check::Of(SUBJECTS, &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    each(context, &["timestamp without time zone"], |typed| {
        Some(Message::new(
            format!("{} is a timestamp without time zone", typed.shown()),
            "the column stores a local time without its zone: sessions in different zones read different \
                 moments, and the hour that repeats at the end of daylight saving time is ambiguous",
            "use timestamptz: it has the same size, 8 bytes, and every client reads the same moment",
        ))
    })
}
