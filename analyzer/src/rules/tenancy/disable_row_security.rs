//! Tables that become visible to all tenants again.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::schema::Answer;
use crate::statement::{Change, ObjectKind, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "disable-row-security",
    summary: "switches row-level security off for a table in use",
    page: include_str!("disable_row_security.md"),
    aliases: &["ban-disable-rls", "policy_exists_rls_disabled"],
    group: Group::Tenancy,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::AlterTable], &Check::Clause(check)),
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
            "every role with a privilege on the table reads and writes the rows of all tenants: \
             the policies still exist, but PostgreSQL does not check them",
        ),
        TableAction::NoForceRowSecurity => (
            "NO FORCE ROW LEVEL SECURITY",
            known.is_some_and(|table| !table.forced_row_security),
            "the owner of the table, as which services often connect, reads and writes the rows of \
             all tenants",
        ),
        _ => return None,
    };
    let is_known = context.schema.exists(ObjectKind::Table, table, None) == Answer::Yes;
    if context.is_new_relation(table) || (is_off && is_known) {
        return None;
    }
    let message = Message::new(
        format!("sets {words} on {table}"),
        format!("takes ACCESS EXCLUSIVE on {table} for a moment; afterwards {who}"),
        format!(
            "keep row-level security, and let code that must see all rows of {table} connect as a \
             separate role with BYPASSRLS; if the rows no longer belong to tenants, allow this in \
             a release migration: `-- onward: allow disable-row-security because \"...\"`"
        ),
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
