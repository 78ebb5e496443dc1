//! Policies that let one tenant reach the rows of another.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::rules::facts::tenant::{JudgedPolicy, commands, isolation, of_judged_policies};
use crate::statement::PolicyCommand;
use crate::tenancy::Verdict;

pub(super) static RULE: Rule = Rule {
    id: "policy-leaks-tenants",
    summary: "a policy lets a session read or write rows of another tenant",
    page: include_str!("policy_leaks_tenants.md"),
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
    of_judged_policies(around, message)
}

fn message(around: &FileContext<'_>, judged: &JudgedPolicy<'_>) -> Option<Message> {
    let leaks = judged
        .verdicts
        .iter()
        .filter_map(|(command, verdict)| match verdict {
            Verdict::Leak { shown_by, .. } => Some((*command, shown_by.as_str())),
            Verdict::Proven { .. } | Verdict::Unverified { .. } => None,
        });
    let (leaking, shown): (Vec<PolicyCommand>, Vec<&str>) = leaks.unzip();
    let first = shown.first()?;
    let more = shown.iter().skip(1).filter(|one| *one != first);
    let more: Vec<String> = more.map(|one| format!("; {one}")).collect();
    let (policy, table) = (&judged.policy.name, &judged.table.name);
    Some(Message::new(
        format!(
            "the policy `{policy}` of {table} does not confine {} to the tenant of the session",
            commands(&leaking)
        ),
        format!("{first}{}", more.concat()),
        format!(
            "compare the column with the setting, so that nothing is equal to it when it is unset or empty: USING ({}). \
             Join other conditions with AND, or write them into a policy AS RESTRICTIVE",
            isolation(around, judged.tenancy)
        ),
    ))
}
