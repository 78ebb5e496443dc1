//! Changes of the server, a database or a tablespace, which no module owns.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::statement::{Change, Command, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "server-config",
    summary: "a migration changes the server, a database or a tablespace",
    page: include_str!("server_config.md"),
    aliases: &[
        "ban-server-config",
        "ban-alter-system-options",
        "ban-alter-database-options",
    ],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let of_server = |kind| matches!(kind, ObjectKind::Database | ObjectKind::Tablespace);
    let what = match context.change() {
        Change::Other { command, .. } => match command {
            Command::AlterSystem => "ALTER SYSTEM",
            Command::Alter(ObjectKind::Database) => "ALTER DATABASE",
            Command::Create(ObjectKind::Database) => "CREATE DATABASE",
            Command::Create(ObjectKind::Tablespace) => "CREATE TABLESPACE",
            Command::Alter(ObjectKind::Tablespace) => "ALTER TABLESPACE",
            _ => return None,
        },
        Change::Rename { kind, .. } | Change::Owner { kind, .. } if of_server(*kind) => {
            "this statement"
        }
        Change::Drop {
            kind: ObjectKind::Tablespace,
            ..
        } => "DROP TABLESPACE",
        _ => return None,
    };
    Some(Message::new(
        format!("{what} changes settings or storage that all modules on the server share"),
        "a module owns only its schema. Several services, and their tests, run on the same server, and each of \
         them would set a different value",
        "remove the statement and let the server's administrator run it. For a setting that only this file needs, \
         write `SET LOCAL`, which ends with the transaction",
    ))
}
