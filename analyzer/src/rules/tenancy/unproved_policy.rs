//! Policies about which the files do not decide whether they keep tenants apart.

use crate::check::context::FileContext;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::rules::facts::tenant::{JudgedPolicy, commands, isolation, of_judged_policies};
use crate::statement::PolicyCommand;
use crate::tenancy::Verdict;

pub(super) static RULE: Rule = Rule {
    id: "unproved-policy",
    summary: "it is not known from the files whether a policy keeps tenants apart",
    page: include_str!("unproved_policy.md"),
    aliases: &[],
    group: Group::Tenancy,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    of_judged_policies(around, message)
}

fn message(around: &FileContext<'_>, judged: &JudgedPolicy<'_>) -> Option<Message> {
    let open = judged
        .verdicts
        .iter()
        .filter_map(|(command, verdict)| match verdict {
            Verdict::Unverified { unknown, .. } => Some((*command, unknown.as_str())),
            Verdict::Proven { .. } | Verdict::Leak { .. } => None,
        });
    let (unproved, unknown): (Vec<PolicyCommand>, Vec<&str>) = open.unzip();
    let first = unknown.first()?;
    let (policy, table) = (&judged.policy.name, &judged.table.name);
    Some(Message::new(
        format!(
            "the policy `{policy}` of {table} is not proved to confine {} to the tenant of the session",
            commands(&unproved)
        ),
        format!("the files do not say {first}"),
        format!(
            "add the comparison with the setting: AND {}; or let a test with two tenants show it, and allow this with \
             the name of the test as the reason",
            isolation(around, judged.tenancy)
        ),
    ))
}
