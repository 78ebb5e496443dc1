//! Amounts of money in a type that is not exact.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::rules::facts::typed::{SUBJECTS, each, is, words};

pub(super) static RULE: Rule = Rule {
    id: "inexact-money",
    summary: "an amount of money in a type that rounds or depends on the locale",
    page: include_str!("inexact_money.md"),
    aliases: &["money-float"],
    group: Group::Design,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(SUBJECTS, &Check::Parts(check)),
};

/// Words of a column's name that suggest an amount of money.
const AMOUNTS: [&str; 22] = [
    "amount", "balance", "charge", "cost", "credit", "debit", "deposit", "discount", "fee", "fees",
    "invoice", "payment", "payout", "price", "refund", "revenue", "salary", "subtotal", "tax",
    "total", "vat", "wage",
];

/// Words of a column's name that suggest a measure, and not an amount of money.
const MEASURES: [&str; 14] = [
    "count",
    "factor",
    "hours",
    "minutes",
    "pct",
    "percent",
    "percentage",
    "probability",
    "ratio",
    "rate",
    "score",
    "seconds",
    "share",
    "weight",
];

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    each(context, &["money", "real", "double precision"], |typed| {
        if is(typed.data_type, "money") {
            return Some(Message::new(
                format!("{} has the type money", typed.shown()),
                "the currency and the number of decimals come from the server's lc_monetary: under another \
                 locale the same value is a different amount, and division drops the remainder",
                "use `numeric(19, 4)` and a second column for the currency, or a bigint of cents",
            ));
        }
        let names = |list: &[&str]| words(typed.column).any(|word| list.contains(&word));
        (names(&AMOUNTS) && !names(&MEASURES)).then(|| {
            Message::new(
                format!("{} is {} and has the name of an amount of money", typed.shown(), typed.data_type),
                "binary floating point cannot represent 0.10: sums are off by cents, and adding the same \
                 amounts in another order can give another result",
                "use `numeric(19, 4)` and a second column for the currency, or a bigint of cents",
            )
        })
    })
}
