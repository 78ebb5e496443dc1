//! Tables whose rows old sessions no longer see.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, ObjectKind, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "row-security-on-existing-table",
    summary: "switches row-level security on for a table in use",
    page: include_str!("row_security_on_existing_table.md"),
    aliases: &[
        "enabling-rls-on-existing-table",
        "ban-alter-row-level-security",
    ],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::AlterTable], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AlterTable { table, action, .. } = context.change() else {
        return None;
    };
    let known = context.schema.relation(table);
    let (word, is_on, who) = match action {
        TableAction::EnableRowSecurity => (
            "ENABLE",
            known.is_some_and(|table| table.row_security),
            "every role except the owner and superusers",
        ),
        TableAction::ForceRowSecurity => (
            "FORCE",
            known.is_some_and(|table| table.forced_row_security),
            "also the owner, as which services often connect,",
        ),
        _ => return None,
    };
    if is_on || context.is_new_table(table) {
        return None;
    }
    let message = Message::new(
        format!("sets {word} ROW LEVEL SECURITY on {table}, a table in use"),
        format!(
            "takes ACCESS EXCLUSIVE on {table} for a moment; afterwards {who} sees and writes only \
             rows that a policy allows: a session of the running release that sets no tenant finds \
             no rows, without an error, and its INSERTs fail: new row violates row-level security \
             policy (42501)"
        ),
        "",
    );
    let sql = format!(
        "ALTER TABLE {} {word} ROW LEVEL SECURITY",
        quote_name(table)
    );
    let title = format!("{}_row_security", table.name);
    let breaks = format!("sessions that set no tenant before they use {table}");
    let related = context.made(ObjectKind::Table, table, None);
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}
