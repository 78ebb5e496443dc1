//! Waiting for a lock without a limit.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Call, Change};

pub(super) static RULE: Rule = Rule {
    id: "lock-timeout-disabled",
    summary: "disables lock_timeout or statement_timeout, or sets lock_timeout above one minute",
    page: include_str!("lock_timeout_disabled.md"),
    aliases: &[
        "E9",
        "lock_timeout_limit",
        "lockTimeoutWarning",
        "require-lock-timeout",
        "DdlTimeoutCheck",
        "MissingLockTimeoutCheck",
        "require-statement-timeout",
        "require-timeout-settings",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: WARN,
        data: WARN,
    },
    check: Check::Of(&[Subject::Set, Subject::Call], &Check::Clause(check)),
};

/// A startup should be finished within a minute, so no lock is worth a longer wait.
const LONGEST: u64 = 60_000;

fn check(context: &Context<'_>) -> Option<Message> {
    if let Change::Set {
        setting,
        value: Some(value),
        ..
    } = context.change()
    {
        return message(setting, value);
    }
    let is_first = context.is_first();
    let mut calls = context.statement.calls.iter().filter(|_| is_first);
    calls.find_map(called)
}

/// `set_config('lock_timeout', '0', true)`.
fn called(call: &Call) -> Option<Message> {
    if call.name != "set_config" {
        return None;
    }
    message(call.constant(0)?, call.constant(1)?)
}

fn message(setting: &str, value: &str) -> Option<Message> {
    let value = value.trim_matches('\'');
    let longest = match setting {
        "lock_timeout" => Some(LONGEST),
        "statement_timeout" => None,
        _ => return None,
    };
    // The server's own default is not known here; it is 0, no limit, unless it was configured.
    let is_default = value.eq_ignore_ascii_case("default");
    let milliseconds = if is_default {
        Some(0)
    } else {
        milliseconds(value)
    };
    let what = match milliseconds? {
        0 => format!("disables {setting}"),
        long if longest.is_some_and(|longest| long > longest) => {
            format!("sets lock_timeout to {value}, so a statement can wait that long for a lock")
        }
        _ => return None,
    };
    Some(Message::new(
        what,
        "while a statement waits for a strong lock, all later queries on that table queue behind it: \
         the service cannot use the table for as long as the wait lasts",
        "remove the setting: Onward sets the timeouts of each migration, and tries again if it cannot \
         get a lock",
    ))
}

/// A number of milliseconds, or a number with a unit in lower case. Every unit except `min` ends in `s`,
/// `h` or `d`.
fn milliseconds(value: &str) -> Option<u64> {
    let end = value
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(value.len());
    let (number, unit) = (value.get(..end)?, value.get(end..)?.trim());
    let number: u64 = number.parse().ok()?;
    let unit = match unit {
        "us" => return Some(number / 1000),
        "" | "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    Some(number.saturating_mul(unit))
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn times_are_read_as_the_server_reads_them() {
        for (value, read) in [
            ("0", Some(0)),
            ("5000", Some(5000)),
            ("2s", Some(2000)),
            ("2 min", Some(120_000)),
            ("500us", Some(0)),
            ("1h", Some(3_600_000)),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(milliseconds(value), read, "{value}");
        }
    }
}
