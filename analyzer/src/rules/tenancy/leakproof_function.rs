//! Functions that see rows before the policies do.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::tenant::changed_routines;

pub(super) static RULE: Rule = Rule {
    id: "leakproof-function",
    summary: "a function is declared LEAKPROOF, so that it is called with rows that policies hide",
    page: include_str!("leakproof_function.md"),
    aliases: &[],
    group: Group::Tenancy,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    if around.module.settings.tenancy.is_none() {
        return Vec::new();
    }
    let routines = changed_routines(around).into_iter();
    let leakproof = routines.filter(|(_, known, _)| known.iter().any(|one| one.leakproof));
    leakproof
        .map(|(name, _, span)| {
            let message = Message::new(
                format!("{name} is declared LEAKPROOF"),
                "PostgreSQL then calls it before the policies, with the values of rows that they hide: an error or a \
                 notice of the function shows them. Only a superuser may declare it",
                "remove LEAKPROOF",
            );
            (span, message)
        })
        .collect()
}
