//! Numbers of objects that no upgrade keeps.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::typed::{each, is};

pub(super) static RULE: Rule = Rule {
    id: "reg-type-column",
    summary: "a column of a type with which pg_upgrade refuses the database",
    page: include_str!("reg_type_column.md"),
    aliases: &["unsupported-reg-types", "unsupported_reg_types"],
    group: Group::Design,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Parts(check),
};

/// What pg_upgrade refuses (manual, pg_upgrade, Notes); regclass, regrole and regtype it takes along.
const REFUSED: [&str; 8] = [
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
];

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    each(context, |typed| {
        let name = REFUSED.iter().find(|name| is(typed.data_type, name))?;
        Some(Message::new(
            format!("{} is {name}", typed.shown),
            "the value is the number of an object in this cluster, which another one has another \
             number for: pg_upgrade refuses a database with such a column",
            format!(
                "take text and keep the name; cast it where it is used: `{}::{name}`",
                typed.column
            ),
        ))
    })
}
