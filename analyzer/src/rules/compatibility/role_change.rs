//! Who a session is, and who there is.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule};
use crate::finding::Message;
use crate::statement::{Change, Command, ObjectKind, Privileged};

pub(super) static RULE: Rule = Rule {
    id: "role-change",
    summary: "the session becomes another role, or a role is made, changed or dropped",
    page: include_str!("role_change.md"),
    aliases: &["ban-alter-role-options", "set-role", "ban-server-config"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (what, why, help) = match context.change() {
        Change::Set { setting, .. }
            if matches!(setting.as_str(), "role" | "session authorization") =>
        {
            (
                "the session becomes another role".to_owned(),
                "what the rest of the migration makes belongs to somebody else, whom the next \
                 migration is not; and unless it is LOCAL, the connection goes back to the pool as \
                 that role",
                "remove it: the runner connects as the role that owns the schema",
            )
        }
        Change::Create {
            kind: ObjectKind::Role,
            name,
            ..
        } => (
            format!("this makes the role `{}`", name.name),
            CLUSTER,
            BY_HAND,
        ),
        Change::Rename {
            kind: ObjectKind::Role,
            name,
            ..
        } => (
            format!("this renames the role `{}`", name.name),
            CLUSTER,
            BY_HAND,
        ),
        Change::Drop {
            kind: ObjectKind::Role,
            name,
            ..
        } => (
            format!("this drops the role `{}`", name.name),
            CLUSTER,
            BY_HAND,
        ),
        Change::Other {
            command, object, ..
        } => {
            let role = object.as_ref().map_or("", |role| role.name.as_str());
            let what = match command {
                Command::DropOwned => {
                    format!("this drops everything in the database that `{role}` owns")
                }
                Command::ReassignOwned => {
                    format!("this gives away everything in the database that `{role}` owns")
                }
                Command::Alter(ObjectKind::Role) => format!("this changes the role `{role}`"),
                _ => return None,
            };
            (what, CLUSTER, BY_HAND)
        }
        Change::Grant(grant) if grant.on == Privileged::Roles => {
            let verb = if grant.revoke {
                "leaves"
            } else {
                "becomes a member of"
            };
            let (who, role) = (grant.grantees.join(", "), grant.privileges.join(", "));
            (format!("`{who}` {verb} `{role}`"), CLUSTER, BY_HAND)
        }
        _ => return None,
    };
    Some(Message::new(what, why, help))
}

const CLUSTER: &str = "roles belong to the whole cluster and not to a module: the same file on the \
                       next database of the cluster fails or changes what another service relies \
                       on";
const BY_HAND: &str = "leave it to those who run the cluster, beside its passwords and its \
                       pg_hba.conf; a migration grants rights on its own schema to roles that are \
                       there";
