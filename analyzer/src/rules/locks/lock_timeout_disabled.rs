//! Waiting for a lock without an end.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, Rule, WARN};
use crate::finding::Message;
use crate::statement::{Call, Change};

pub(super) static RULE: Rule = Rule {
    id: "lock-timeout-disabled",
    summary: "lock_timeout or statement_timeout is switched off or set very high",
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
    check: Check::Clause(check),
};

/// A startup has to be over by then, so no lock is worth more.
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
    let is_first = context.statement.clauses.first() == Some(context.clause);
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
    // What the server's own default is, nobody knows here; it is 0 unless somebody sets it.
    let is_default = value.eq_ignore_ascii_case("default");
    let milliseconds = if is_default {
        Some(0)
    } else {
        milliseconds(value)
    };
    let what = match milliseconds? {
        0 => format!("this switches {setting} off"),
        long if longest.is_some_and(|longest| long > longest) => {
            format!("this lets a statement wait {value} for a lock")
        }
        _ => return None,
    };
    Some(Message::new(
        what,
        "a statement that waits for a strong lock holds back every query that comes after it on that \
         table, for as long as it waits",
        "leave it out: Onward sets the timeouts of each migration, and tries again when a lock is not \
         to be had",
    ))
}

/// A number of milliseconds, or one with a unit; units are written in lower case, but for `min` they
/// all end in `s`, `h` or `d`.
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
