//! Rights that nobody needs.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::{Change, Privileged};

pub(super) static RULE: Rule = Rule {
    id: "overbroad-grant",
    summary: "a grant gives all rights, gives them to everybody, or lets them be passed on",
    page: include_str!("overbroad_grant.md"),
    aliases: &[],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
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
            "this gives a right to PUBLIC, which is everybody".to_owned(),
            "every role of the cluster has it, now and in future, those of other services \
             included, and no REVOKE from one of them takes it away",
        )
    } else if grant.privileges.is_empty() {
        (
            format!("this gives {who} ALL rights"),
            "on a table ALL includes TRUNCATE, REFERENCES and TRIGGER, and on PostgreSQL 17 and \
             later MAINTAIN: row-level security does not stop TRUNCATE, and a trigger runs as \
             whoever writes",
        )
    } else if grant.option {
        (
            format!("this lets {who} pass the right on"),
            "whoever gets it that way is in no migration, and a REVOKE needs CASCADE to reach them",
        )
    } else {
        return None;
    };
    Some(Message::new(
        what,
        why,
        "name the rights that the service needs and the one role that it connects as: `GRANT \
         SELECT, INSERT, UPDATE, DELETE ON ... TO <role of the service>;`",
    ))
}
