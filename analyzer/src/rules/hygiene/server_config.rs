//! Changes of the server, a database or a tablespace, which no module owns.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::{Call, Change, Command, ObjectKind};

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
    check: Check::Of(
        &[
            Subject::Other,
            Subject::Rename,
            Subject::Owner,
            Subject::Drop,
            Subject::Call,
        ],
        &Check::Clause(check),
    ),
};

/// Functions that act on other sessions, on replication or on the whole server.
const OF_SERVER: [&str; 26] = [
    "pg_backup_start",
    "pg_backup_stop",
    "pg_cancel_backend",
    "pg_copy_logical_replication_slot",
    "pg_copy_physical_replication_slot",
    "pg_create_logical_replication_slot",
    "pg_create_physical_replication_slot",
    "pg_create_restore_point",
    "pg_drop_replication_slot",
    "pg_import_system_collations",
    "pg_log_backend_memory_contexts",
    "pg_promote",
    "pg_reload_conf",
    "pg_replication_origin_advance",
    "pg_replication_origin_create",
    "pg_replication_origin_drop",
    "pg_replication_slot_advance",
    "pg_rotate_logfile",
    "pg_stat_reset",
    "pg_stat_reset_shared",
    "pg_stat_reset_slru",
    "pg_switch_wal",
    "pg_sync_replication_slots",
    "pg_terminate_backend",
    "pg_wal_replay_pause",
    "pg_wal_replay_resume",
];

/// Functions that read or write files of the server.
const OF_FILES: [&str; 6] = [
    "lo_export",
    "pg_file_write",
    "pg_ls_dir",
    "pg_read_binary_file",
    "pg_read_file",
    "pg_stat_file",
];

fn check(context: &Context<'_>) -> Option<Message> {
    let called = context.is_first().then(|| called(context)).flatten();
    configured(context).or(called)
}

/// A call that acts on more than the module.
fn called(context: &Context<'_>) -> Option<Message> {
    let runs = { context.statement.clauses.iter() }.any(|clause| clause.change.runs_queries());
    let of_catalog = |call: &&Call| {
        runs && call
            .schema
            .as_deref()
            .is_none_or(|schema| schema == "pg_catalog")
    };
    let mut calls = context.statement.calls.iter().filter(of_catalog);
    let (what, why, help) = calls.find_map(|call| match call.name.as_str() {
        name if OF_SERVER.contains(&name) => Some((
            format!("{name}() acts on other sessions, on replication or on the whole server"),
            "a module owns only its schema. Several services, and their tests, run on the same server, and the role of \
             a module seldom has the privilege: permission denied (42501)",
            "remove the call and let the server's administrator do this",
        )),
        name if OF_FILES.contains(&name) => Some((
            format!("{name}() uses a file of the server"),
            "other servers do not have the file, and the role of a module seldom has the privilege: permission denied \
             (42501)",
            "write the data into the migration, or let the service load it",
        )),
        _ => None,
    })?;
    Some(Message::new(what, why, help).mild(true, Severity::Deny))
}

fn checkpoint() -> Message {
    Message::new(
        "CHECKPOINT writes every changed page of the whole server",
        "the sessions of all modules wait for the disk, and the role of a module seldom has the privilege: permission denied \
         (42501)",
        "remove the statement: the server makes its checkpoints itself",
    )
    .mild(true, Severity::Deny)
}

fn configured(context: &Context<'_>) -> Option<Message> {
    let of_server = |kind| matches!(kind, ObjectKind::Database | ObjectKind::Tablespace);
    let what = match context.change() {
        Change::Other { command, .. } => match command {
            Command::AlterSystem => "ALTER SYSTEM",
            Command::Checkpoint => return Some(checkpoint()),
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
