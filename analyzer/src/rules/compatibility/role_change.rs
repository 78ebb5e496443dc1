//! The role of the session, and the roles of the cluster.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Command, ObjectKind, Privileged};

pub(super) static RULE: Rule = Rule {
    id: "role-change",
    summary: "switches the session to another role, or creates, changes or drops a role",
    page: include_str!("role_change.md"),
    aliases: &["ban-alter-role-options", "set-role", "ban-server-config"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(
        &[
            Subject::Create,
            Subject::Drop,
            Subject::Grant,
            Subject::Other,
            Subject::Rename,
            Subject::Set,
        ],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (what, why, help) = match context.change() {
        Change::Set { setting, .. }
            if matches!(setting.as_str(), "role" | "session authorization") =>
        {
            (
                "switches the session to another role".to_owned(),
                "objects that the rest of the migration creates belong to another owner, and the \
                 next migration does not run as that role; without LOCAL the connection returns to \
                 the pool as that role",
                "remove the statement: the runner connects as the role that owns the schema",
            )
        }
        Change::Create {
            kind: ObjectKind::Role,
            name,
            ..
        } => (
            format!("creates the role `{}`", name.name),
            CLUSTER,
            BY_HAND,
        ),
        Change::Rename {
            kind: ObjectKind::Role,
            name,
            ..
        } => (
            format!("renames the role `{}`", name.name),
            CLUSTER,
            BY_HAND,
        ),
        Change::Drop {
            kind: ObjectKind::Role,
            name,
            ..
        } => (format!("drops the role `{}`", name.name), CLUSTER, BY_HAND),
        Change::Other {
            command, object, ..
        } => {
            let role = object.as_ref().map_or("", |role| role.name.as_str());
            let what = match command {
                Command::DropOwned => {
                    format!("drops everything in the database that `{role}` owns")
                }
                Command::ReassignOwned => {
                    format!("gives everything in the database that `{role}` owns to another role")
                }
                Command::Alter(ObjectKind::Role) => format!("changes the role `{role}`"),
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

const CLUSTER: &str = "roles belong to the whole cluster and not to a module: the same file fails \
                       on the next database of the cluster, or changes what another service relies \
                       on";
const BY_HAND: &str = "let the administrators of the cluster change roles, together with passwords \
                       and pg_hba.conf; in a migration, only grant privileges on the module's own \
                       schema to existing roles";
