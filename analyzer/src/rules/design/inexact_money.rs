//! Amounts that are not exact.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::rules::facts::typed::{each, is, words};

pub(super) static RULE: Rule = Rule {
    id: "inexact-money",
    summary: "an amount of money in a type that rounds, or that depends on the locale",
    page: include_str!("inexact_money.md"),
    aliases: &["money-float"],
    group: Group::Design,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Parts(check),
};

/// What amounts of money are called.
const AMOUNTS: [&str; 22] = [
    "amount", "balance", "charge", "cost", "credit", "debit", "deposit", "discount", "fee", "fees",
    "invoice", "payment", "payout", "price", "refund", "revenue", "salary", "subtotal", "tax",
    "total", "vat", "wage",
];

/// What says that it is none.
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
    each(context, |typed| {
        if is(typed.data_type, "money") {
            return Some(Message::new(
                format!("{} is money", typed.shown),
                "what a number means, its currency and its decimals, is in lc_monetary of the server: \
                 under another locale the same value is another amount, and division loses the rest",
                "take `numeric(19, 4)` with the currency in a column beside it, or a bigint of cents",
            ));
        }
        let is_float = is(typed.data_type, "real") || is(typed.data_type, "double precision");
        let names = |list: &[&str]| words(typed.column).any(|word| list.contains(&word));
        (is_float && names(&AMOUNTS) && !names(&MEASURES)).then(|| {
            Message::new(
                format!("{} is {} and named like an amount of money", typed.shown, typed.data_type),
                "binary floating point has no 0.10: sums are off by cents, and two ways to add the same \
                 amounts give two results",
                "take `numeric(19, 4)` with the currency in a column beside it, or a bigint of cents",
            )
        })
    })
}
