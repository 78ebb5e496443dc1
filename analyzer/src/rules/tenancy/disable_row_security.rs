//! Tables that show all of their rows again.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::schema::Answer;
use crate::statement::{Change, ObjectKind, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "disable-row-security",
    summary: "row-level security of a table in use is switched off",
    page: include_str!("disable_row_security.md"),
    aliases: &["ban-disable-rls", "policy_exists_rls_disabled"],
    group: Group::Tenancy,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AlterTable { table, action, .. } = context.change() else {
        return None;
    };
    let known = context.schema.relation(table);
    let (words, is_off, who) = match action {
        TableAction::DisableRowSecurity => (
            "DISABLE ROW LEVEL SECURITY",
            known.is_some_and(|table| !table.row_security),
            "everybody with a privilege on the table reads and writes the rows of all tenants: its policies \
             stay, and nothing asks them",
        ),
        TableAction::NoForceRowSecurity => (
            "NO FORCE ROW LEVEL SECURITY",
            known.is_some_and(|table| !table.forced_row_security),
            "the table's owner, as which services often connect, reads and writes the rows of all tenants",
        ),
        _ => return None,
    };
    let is_known = context.schema.exists(ObjectKind::Table, table, None) == Answer::Yes;
    if context.is_new_relation(table) || (is_off && is_known) {
        return None;
    }
    let message = Message::new(
        format!("this says {words} for {table}"),
        format!("it takes ACCESS EXCLUSIVE on {table} for a moment; from then on {who}"),
        format!(
            "keep it, and let what must see all rows of {table} connect as a role of its own with BYPASSRLS; \
             where tenants really end, an operator says so in a release migration: \
             `-- onward: allow disable-row-security because \"...\"`"
        ),
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
