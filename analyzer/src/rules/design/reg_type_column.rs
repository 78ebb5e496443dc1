//! Columns that store the OID of an object, which `pg_upgrade` does not keep.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::typed::{SUBJECTS, each};

pub(super) static RULE: Rule = Rule {
    id: "reg-type-column",
    summary: "a column of a type that makes pg_upgrade refuse the database",
    page: include_str!("reg_type_column.md"),
    aliases: &["unsupported-reg-types", "unsupported_reg_types"],
    group: Group::Design,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(SUBJECTS, &Check::Parts(check)),
};

/// The types that pg_upgrade refuses; it accepts regclass, regrole and regtype (manual, pg_upgrade,
/// Notes).
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
    each(context, &REFUSED, |typed| {
        let name = &typed.data_type.name;
        Some(Message::new(
            format!("{} has the type {name}", typed.shown()),
            "the column stores the OID of an object, which is different in another cluster: pg_upgrade \
             refuses a database with such a column",
            format!(
                "use text and store the name; cast it where it is used: `{}::{name}`",
                typed.column
            ),
        ))
    })
}
