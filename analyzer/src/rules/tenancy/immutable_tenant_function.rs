//! Functions over the tenant of the session that a plan evaluates once.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::tenant::changed_routines;
use crate::statement::Volatility;

pub(super) static RULE: Rule = Rule {
    id: "immutable-tenant-function",
    summary: "a function that reads the tenant of the session is declared IMMUTABLE",
    page: include_str!("immutable_tenant_function.md"),
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
    let Some(tenancy) = &around.module.settings.tenancy else {
        return Vec::new();
    };
    let setting = &tenancy.setting;
    let routines = changed_routines(around).into_iter();
    let constant = routines.filter(|(name, known, _)| {
        let mut known = known.iter();
        known.any(|routine| routine.volatility == Volatility::Immutable)
            && around.schema.reached(name).reads.contains(setting)
    });
    constant
        .map(|(name, _, span)| {
            let message = Message::new(
                format!("{name} reads {setting} and is declared IMMUTABLE"),
                "PostgreSQL evaluates it once for a plan: a prepared statement that ran for one tenant keeps that \
                 tenant, and the next session of the connection gets its rows",
                "declare it STABLE",
            );
            (span, message)
        })
        .collect()
}
