//! Rights that old code works with.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::{Change, Privileged};

pub(super) static RULE: Rule = Rule {
    id: "revoke",
    summary: "a role loses a right that old code may work with",
    page: include_str!("revoke.md"),
    aliases: &["ban-revoke"],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
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
        Privileged::Future { kind, .. } => format!("{kind}s that will be made"),
        // Who is a member of which role is `role-change`.
        Privileged::Roles => return None,
    };
    let what = match grant.privileges.as_slice() {
        [] => "all rights".to_owned(),
        some => some.join(", "),
    };
    let who = grant.grantees.join(", ");
    let message = Message::new(
        format!("{who} loses {what} on {on}"),
        "no table is locked; every statement of the serving release that needs the right fails \
         with 42501 from this moment on",
        "",
    );
    let sql = context.sql_from(context.statement.span.start);
    let breaks = format!("code that still uses what {who} loses");
    Some(context.by_an_operator(message, "revoke", &sql, &breaks))
}
