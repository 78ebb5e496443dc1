//! Privileges that old code uses.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Privileged};

pub(super) static RULE: Rule = Rule {
    id: "revoke",
    summary: "revokes a privilege that old code may use",
    page: include_str!("revoke.md"),
    aliases: &["ban-revoke"],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
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
    if !grant.revoke {
        return None;
    }
    let on = match &grant.on {
        Privileged::Objects { kind, names } => {
            if names.iter().all(|name| context.is_new_object(*kind, name)) {
                return None;
            }
            names
                .iter()
                .map(|name| kind.show(name))
                .collect::<Vec<_>>()
                .join(", ")
        }
        Privileged::AllIn { schemas, kind } => {
            format!("all {kind}s in {}", schemas.join(", "))
        }
        Privileged::Future { kind, .. } => format!("future {kind}s"),
        // Membership in roles is `role-change`.
        Privileged::Roles => return None,
    };
    let what = match grant.privileges.as_slice() {
        [] => "ALL privileges".to_owned(),
        some => some.join(", "),
    };
    let who = grant.grantees.join(", ");
    let message = Message::new(
        format!("revokes {what} on {on} from {who}"),
        "locks no table; from this moment on every statement of the running release that needs the \
         privilege fails: permission denied (42501)",
        "",
    );
    let sql = context.sql_from(context.statement.span.start);
    let breaks = format!("code that still needs what is revoked from {who}");
    Some(context.by_an_operator(message, "revoke", &sql, &breaks))
}
