//! Grants of more privileges than a service needs.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Privileged};

pub(super) static RULE: Rule = Rule {
    id: "overbroad-grant",
    summary: "grants ALL privileges, grants to PUBLIC, or grants WITH GRANT OPTION",
    page: include_str!("overbroad_grant.md"),
    aliases: &[],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Grant], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Grant(grant) = context.change() else {
        return None;
    };
    if grant.revoke || grant.on == Privileged::Roles {
        return None;
    }
    let who = grant.grantees.join(", ");
    let to_all = grant.grantees.iter().any(|role| role == "public");
    let (what, why) = if to_all {
        (
            "grants a privilege to PUBLIC, which is every role of the cluster".to_owned(),
            "every role of the cluster has the privilege, now and in future, including roles of \
             other services, and a REVOKE from a single role does not remove it",
        )
    } else if grant.privileges.is_empty() {
        (
            format!("grants ALL privileges to {who}"),
            "on a table ALL includes TRUNCATE, REFERENCES and TRIGGER, and on PostgreSQL 17 and \
             later MAINTAIN: row-level security does not stop TRUNCATE, and a trigger function \
             runs with the rights of the role that writes",
        )
    } else if grant.option {
        (
            format!("lets {who} grant the privilege to other roles"),
            "no migration names the roles that receive the privilege that way, and only a REVOKE \
             with CASCADE removes it from them",
        )
    } else {
        return None;
    };
    Some(Message::new(
        what,
        why,
        "grant only the privileges that the service needs, to the one role that it connects as: \
         `GRANT SELECT, INSERT, UPDATE, DELETE ON ... TO <role of the service>;`",
    ))
}
